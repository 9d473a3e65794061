package sdk

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/muster-presence/muster/api"
)

const (
	me    = "0197a3c2-7e10-7c3a-9d51-3b8f5e2a4c11"
	older = "b1d5a2bf-1577-11f1-8a5c-7d9e3f60a2b4"
	mine  = "b1d5a2c0-1577-11f1-8a5c-7d9e3f60a2b4"
	newer = "b1d5a2c1-1577-11f1-8a5c-7d9e3f60a2b4"
)

// begun is a judge of a session that has just begun.
func begun() *judge {
	j := newJudge(me, api.PresenceState{SessionID: new(mine), Direction: api.DirectionInbound})
	return &j
}

// shownState is a judge that has been shown a first state.
func shownState() *judge {
	j := begun()
	j.snapshot(selfRow(""))
	return j
}

func text(kind, session, fields string) json.RawMessage {
	return fmt.Appendf(nil, `{"type":%q,"resourceId":%q,"sessionId":%q%s}`, kind, me, session, fields)
}

// selfRow is a row of the own session, ready and inbound but for the fields.
func selfRow(fields string) (row api.SelfRow) {
	whole := fmt.Sprintf(`{"tenantId":"t","resourceId":%q,"sessionId":%q,"state":"ready","direction":"inbound","availableStates":["offline"],
		"stateSince":"2026-03-01T08:00:00.000Z","work":[],"timestamp":"2026-03-01T09:00:00.000Z"`, me, mine) + fields + "}"
	if err := json.Unmarshal([]byte(whole), &row); err != nil {
		panic(err)
	}
	return row
}

// said is what findings come to, in short.
func said(findings []finding) (all []string) {
	for _, f := range findings {
		switch {
		case f.gone != 0:
			all = append(all, fmt.Sprint("gone ", f.gone))
		case f.end != nil:
			all = append(all, fmt.Sprintf("ended %s%s", f.end.EndCode, f.end.SupervisorName))
		case f.doubt:
			all = append(all, "doubt")
		case f.err != nil:
			all = append(all, fmt.Sprint("error ", int(f.err.Code)))
		default:
			line := string(f.topic[len("cxengage/"):])
			switch r := f.response.(type) {
			case StateChange:
				line += fmt.Sprintf(" %s %s", r.State, r.Direction)
			case DirectionChange:
				line += fmt.Sprintf(" %s", r.Direction)
			case api.WorkChangeMessage:
				line += fmt.Sprintf(" %s %s", r.InteractionID, r.State)
			case api.AgentNotificationMessage:
				line += " " + r.InteractionID
			}
			all = append(all, line)
		}
	}
	return all
}

func TestJudge_OfMessages(t *testing.T) {
	t.Parallel()
	const state, direction, work, note = "resource-state-change", "resource-direction-change", "resource-work-change", "agent-notification"
	const offline = `,"state":"offline"`
	for name, c := range map[string]struct {
		message json.RawMessage
		want    []string
	}{
		"a state":                        {text(state, mine, `,"state":"notready","direction":"outbound"`), []string{"session/state-change-response notready outbound"}},
		"a state that is the same again": {text(state, mine, `,"state":"ready","direction":"inbound","stateSince":"2026-03-01T08:00:00.000Z"`), []string{"session/state-change-response ready inbound"}},
		"a direction":                    {text(direction, mine, `,"state":"ready","direction":"outbound"`), []string{"session/direction-change-response outbound"}},
		"work":                           {text(work, mine, `,"interactionId":"i","state":"offered"`), []string{"session/work-change i offered"}},
		"monitoring begins":              {text(note, mine, `,"notificationType":"silent-monitor-start","interactionId":"i"`), []string{"interactions/voice/silent-monitor-start i"}},
		"monitoring ends":                {text(note, mine, `,"notificationType":"silent-monitor-end","interactionId":"i"`), []string{"interactions/voice/silent-monitor-end i"}},
		"a log-out":                      {text(state, mine, offline+`,"endCode":"logged_out"`), []string{"ended logged_out"}},
		"a supervisor's end":             {text(state, mine, offline+`,"endCode":"supervisor","supervisorName":"Sam"`), []string{"ended supervisorSam"}},
		"a revoked session":              {text(state, mine, offline+`,"endCode":"revoked"`), []string{"ended revoked"}},
		"an end without a code":          {text(state, mine, offline), []string{"ended "}},
		"the lease ran out":              {text(state, mine, offline+`,"endCode":"lease_expired"`), []string{"gone 404"}},
		"another session took its place": {text(state, mine, offline+`,"endCode":"superseded"`), []string{"gone 409"}},
		"a newer session's state":        {text(state, newer, `,"state":"notready"`), []string{"gone 409"}},
		"a newer session's direction":    {text(direction, newer, `,"direction":"inbound"`), []string{"gone 409"}},
		"an older session's state":       {text(state, older, `,"state":"ready"`), nil},
		"an older session's end":         {text(state, older, offline+`,"endCode":"superseded"`), nil},
		"a session that is none":         {text(state, "nonsense", `,"state":"ready"`), []string{"gone 409"}},
		"somebody else's":                {json.RawMessage(`{"type":"resource-state-change","resourceId":"x","sessionId":"` + newer + `","state":"ready"}`), nil},
		"a row of the floor":             {json.RawMessage(`{"type":"floor-row-change","row":{}}`), nil},
		"an unknown type":                {text("new-thing", mine, ""), []string{"error 1005"}},
		"an unknown notification":        {text(note, mine, `,"notificationType":"new-thing"`), []string{"error 1005"}},
		"no JSON":                        {json.RawMessage(`{"type":`), []string{"error 1005"}},
		"no object":                      {json.RawMessage(`[]`), []string{"error 1005"}},
		"fields of other types":          {text(state, mine, `,"state":["ready"]`), []string{"error 1005"}},
	} {
		if difference := cmp.Diff(c.want, said(shownState().message(c.message))); difference != "" {
			t.Errorf("%s: (-) wanted, (+) got\n%s", name, difference)
		}
	}
}

func TestJudge_OfSnapshots(t *testing.T) {
	t.Parallel()
	const (
		callA   = `{"interactionId":"a","channel":"voice","direction":"inbound","state":"active","since":"2026-03-01T08:00:00.000Z"}`
		callA2  = `{"interactionId":"a","channel":"voice","direction":"inbound","state":"wrapup","since":"2026-03-01T08:30:00.000Z"}`
		callB   = `{"interactionId":"b","channel":"chat","direction":"inbound","state":"offered","since":"2026-03-01T08:00:00.000Z"}`
		working = `,"work":[` + callA + `,` + callB + `],"monitoredInteractionId":"m"`
	)
	for name, c := range map[string]struct {
		before *judge
		row    api.SelfRow
		want   []string
	}{
		"the first is published":                {begun(), selfRow(""), []string{"session/state-change-response ready inbound"}},
		"the first with all there is":           {begun(), selfRow(working + `,"direction":"outbound"`), []string{"session/state-change-response ready outbound", "session/direction-change-response outbound", "session/work-change a active", "session/work-change b offered", "interactions/voice/silent-monitor-start m"}},
		"nothing is new":                        {shownState(), selfRow(""), nil},
		"who acted last is nothing new":         {shownState(), selfRow(`,"supervisorId":"s","supervisorName":"Sam","cause":"supervisor"`), nil},
		"another state":                         {shownState(), selfRow(`,"state":"notready"`), []string{"session/state-change-response notready inbound"}},
		"the same state, but begun anew":        {shownState(), selfRow(`,"stateSince":"2026-03-01T08:30:00.000Z"`), []string{"session/state-change-response ready inbound"}},
		"another reason":                        {shownState(), selfRow(`,"reason":"Lunch","reasonId":"r","reasonListId":"l"`), []string{"session/state-change-response ready inbound"}},
		"a log-out waits":                       {shownState(), selfRow(`,"pending":{"state":"offline"}`), []string{"session/state-change-response ready inbound"}},
		"another direction only":                {shownState(), selfRow(`,"direction":"outbound"`), []string{"session/direction-change-response outbound"}},
		"both":                                  {shownState(), selfRow(`,"state":"notready","direction":"outbound"`), []string{"session/state-change-response notready outbound", "session/direction-change-response outbound"}},
		"the same work":                         {after(shownState(), selfRow(working)), selfRow(working), nil},
		"work in another state":                 {after(shownState(), selfRow(working)), selfRow(`,"work":[` + callA2 + `,` + callB + `],"monitoredInteractionId":"m"`), []string{"session/work-change a wrapup"}},
		"work that is over, and the monitoring": {after(shownState(), selfRow(working)), selfRow(`,"work":[` + callB + `]`), []string{"session/work-change a ended", "interactions/voice/silent-monitor-end m"}},
		"other monitoring":                      {after(shownState(), selfRow(working)), selfRow(`,"work":[` + callA + `,` + callB + `],"monitoredInteractionId":"n"`), []string{"interactions/voice/silent-monitor-start n"}},
		"no session at all":                     {shownState(), api.SelfRow{ResourceID: me, State: api.StateOffline}, []string{"doubt"}},
		"an older session":                      {shownState(), selfRow(`,"sessionId":"` + older + `"`), []string{"doubt"}},
		"an older session's end":                {shownState(), selfRow(`,"state":"offline","sessionId":"` + older + `"`), []string{"doubt"}},
		"a newer session":                       {shownState(), selfRow(`,"sessionId":"` + newer + `"`), []string{"gone 409"}},
		"a newer session that is over":          {shownState(), selfRow(`,"state":"offline","sessionId":"` + newer + `"`), []string{"gone 409"}},
		"the own end":                           {shownState(), selfRow(`,"state":"offline","endCode":"logged_out"`), []string{"ended logged_out"}},
		"the own lease ran out":                 {shownState(), selfRow(`,"state":"offline","endCode":"lease_expired"`), []string{"gone 404"}},
	} {
		if difference := cmp.Diff(c.want, said(c.before.snapshot(c.row))); difference != "" {
			t.Errorf("%s: (-) wanted, (+) got\n%s", name, difference)
		}
	}
}

func after(j *judge, row api.SelfRow) *judge {
	j.snapshot(row)
	return j
}

// Messages change what snapshots are compared with.
func TestJudge_KnowsWhatMessagesTold(t *testing.T) {
	t.Parallel()
	j := shownState()
	j.message(text("resource-state-change", mine, `,"state":"notready","direction":"inbound","availableStates":["offline"],"stateSince":"2026-03-01T08:30:00.000Z"`))
	j.message(text("resource-direction-change", mine, `,"state":"notready","direction":"outbound","availableStates":["offline"]`))
	j.message(text("resource-work-change", mine, `,"interactionId":"a","channel":"voice","direction":"inbound","state":"active","since":"2026-03-01T08:00:00.000Z"`))
	j.message(text("resource-work-change", mine, `,"interactionId":"b","channel":"voice","direction":"inbound","state":"active","since":"2026-03-01T07:00:00.000Z"`))
	j.message(text("resource-work-change", mine, `,"interactionId":"c","channel":"voice","direction":"inbound","state":"ended","since":"2026-03-01T07:00:00.000Z"`))
	if open := j.open(); len(open) != 2 || open[0].InteractionID != "b" {
		t.Errorf("open, oldest first, is %+v", open)
	}
	same := selfRow(`,"state":"notready","direction":"outbound","stateSince":"2026-03-01T08:30:00.000Z","work":[
		{"interactionId":"a","channel":"voice","direction":"inbound","state":"active","since":"2026-03-01T08:00:00.000Z"},
		{"interactionId":"b","channel":"voice","direction":"inbound","state":"active","since":"2026-03-01T07:00:00.000Z"}]`)
	if findings := said(j.snapshot(same)); findings != nil {
		t.Errorf("a snapshot of what is known says %v", findings)
	}
}

// What was published is not touched by what comes later.
func TestJudge_GivesAwayNothingThatItChangesLater(t *testing.T) {
	t.Parallel()
	j := begun()
	first := j.snapshot(selfRow(""))[0].response.(StateChange)
	j.message(text("resource-direction-change", mine, `,"state":"ready","direction":"outbound","availableStates":["notready"]`))
	if first.Direction != api.DirectionInbound || first.AvailableStates[0] != api.StateOffline {
		t.Errorf("it became %+v", first)
	}
	if j.shown.Direction != api.DirectionOutbound || j.direction != api.DirectionOutbound {
		t.Errorf("the judge knows %+v", j.shown)
	}
}

// What an answer told is published without the stream where it differs from what was published last, and once.
func TestJudge_OfWhatIsKept(t *testing.T) {
	t.Parallel()
	answer := func(state api.State, direction api.Direction) api.PresenceState {
		since := selfRow("").StateSince
		return api.PresenceState{SessionID: new(mine), State: state, Direction: direction, AvailableStates: []api.State{api.StateOffline}, StateSince: since}
	}
	for name, c := range map[string]struct {
		before *judge
		answer api.PresenceState
		then   func(*judge) []finding
		want   []string
	}{
		"the first":              {begun(), answer("ready", "inbound"), nil, []string{"session/state-change-response ready inbound"}},
		"nothing new":            {shownState(), answer("ready", "inbound"), nil, nil},
		"another state":          {shownState(), answer("notready", "inbound"), nil, []string{"session/state-change-response notready inbound"}},
		"another direction":      {shownState(), answer("ready", "outbound"), nil, []string{"session/direction-change-response outbound"}},
		"both":                   {shownState(), answer("notready", "outbound"), nil, []string{"session/state-change-response notready outbound", "session/direction-change-response outbound"}},
		"the stream told it":     {shownState(), answer("notready", "inbound"), by(text("resource-state-change", mine, `,"state":"notready"`)), nil},
		"it told another":        {shownState(), answer("notready", "inbound"), by(text("resource-state-change", mine, `,"state":"ready"`)), nil},
		"it told the direction":  {shownState(), answer("ready", "outbound"), by(text("resource-direction-change", mine, `,"direction":"agent-initiated"`)), nil},
		"a snapshot told it":     {shownState(), answer("notready", "inbound"), func(j *judge) []finding { return j.snapshot(selfRow("")) }, nil},
		"it told of work":        {shownState(), answer("notready", "inbound"), by(text("resource-work-change", mine, `,"interactionId":"i","state":"offered"`)), []string{"session/state-change-response notready inbound"}},
		"it told of somebody":    {shownState(), answer("notready", "inbound"), by(json.RawMessage(`{"type":"resource-state-change","resourceId":"x","state":"ready"}`)), []string{"session/state-change-response notready inbound"}},
		"a snapshot of before":   {shownState(), answer("notready", "inbound"), func(j *judge) []finding { return j.snapshot(selfRow(`,"sessionId":"` + older + `"`)) }, []string{"session/state-change-response notready inbound"}},
		"it was published so":    {shownState(), answer("notready", "inbound"), (*judge).unheard, nil},
		"the answer came itself": {shownState(), answer("notready", "inbound"), func(j *judge) []finding { return j.compare(changeOf(answer("ready", "inbound")), TopicState) }, nil},
	} {
		c.before.keep(c.answer)
		if c.then != nil {
			c.then(c.before)
		}
		if difference := cmp.Diff(c.want, said(c.before.unheard())); difference != "" {
			t.Errorf("%s: (-) wanted, (+) got\n%s", name, difference)
		}
	}
}

// by is a message of the stream's.
func by(message json.RawMessage) func(*judge) []finding {
	return func(j *judge) []finding { return j.message(message) }
}
