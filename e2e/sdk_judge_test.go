package e2e

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/sdk"
)

// snapshotGap is from how many messages on a client that was away may be shown a snapshot in their place: the server replays 256
// records of an agent, and some of those are no messages.
const snapshotGap = 200

// longLoss is from when on the answers to a client's own requests tell what a lost stream does not.
const longLoss = 30 * time.Second

// A trial holds the events that a client published of one session against what was committed. Each message is one event with the
// contract's fields, in order. Where the client began, where it missed more than the server replays, and where answers have told it
// something during a long loss, it may be shown a snapshot: then the events are exactly what differs between what it knew and what is.
type trial struct {
	truth  []message
	views  []view // what is known before each message, and after the last
	events []sdk.Event
	// hopeless are the places, a message and an event, from which there is no explanation: many jumps lead to the same.
	hopeless map[[2]int]bool
	// fails is what was found at the furthest event that could be explained, for the report.
	fails string
	at    int
}

// view is what a client knows.
type view struct {
	state     *sdk.StateChange
	direction api.Direction
	work      map[string]api.WorkChangeMessage
}

// telling keeps the events that tell of changes of a session, and losses that are long.
func telling(events []sdk.Event) (telling []sdk.Event) {
	for i, e := range events {
		switch e.Topic {
		case sdk.TopicState, sdk.TopicDirection, sdk.TopicWork, sdk.TopicEnded:
			telling = append(telling, e)
		case sdk.TopicConnection:
			if isLong(events, i) {
				telling = append(telling, e)
			}
		}
	}
	return telling
}

// isLong tells whether an event is the beginning or the end of a loss that was long, or has not ended.
func isLong(events []sdk.Event, i int) bool {
	change := events[i].Response.(sdk.Connection)
	step := -1
	if !change.Connected {
		step = 1
	}
	for other := i + step; other >= 0 && other < len(events); other += step {
		if to, is := events[other].Response.(sdk.Connection); is {
			return to.Since.Time().Sub(change.Since.Time()).Abs() >= longLoss
		}
	}
	return !change.Connected
}

// judge says what is wrong with the events; with whole, also where they do not yet tell all of the truth.
func judge(truth []message, events []sdk.Event, whole bool) error {
	t := &trial{
		truth: truth, events: telling(events), hopeless: make(map[[2]int]bool),
		views: []view{{direction: api.DirectionInbound, work: map[string]api.WorkChangeMessage{}}},
	}
	for i, m := range truth {
		t.views = append(t.views, t.views[i].after(m))
	}
	if t.follow(0, 0, whole) {
		return nil
	}
	return fmt.Errorf("event %d of %d: %s", t.at, len(t.events), t.fails)
}

// follow tells whether the events from i on are explained by the messages from m on, for a client that knows what was before.
func (t *trial) follow(m, i int, whole bool) bool {
	at := [2]int{m, i}
	if t.hopeless[at] {
		return false
	}
	explained := t.explain(m, i, whole)
	t.hopeless[at] = !explained
	return explained
}

func (t *trial) explain(m, i int, whole bool) bool {
	for m > 0 && m < len(t.truth) && i < len(t.events) && isMessage(t.truth[m], t.events[i]) {
		m, i = m+1, i+1
	}
	if i < len(t.events) && t.events[i].Topic == sdk.TopicConnection {
		return t.lost(m, i, whole)
	}
	if i == len(t.events) && (m == len(t.truth) || !whole) {
		return true
	}
	if t.at <= i {
		t.at, t.fails = i, t.describe(m, i)
	}
	least := m + snapshotGap
	if m == 0 {
		least = 1
	}
	for to := least; to <= len(t.truth); to++ {
		if n, ok := t.views[m].becomes(t.views[to], t.events[i:]); ok && t.follow(to, i+n, whole) {
			return true
		}
	}
	return false
}

// lost tells whether the events from i on are explained, where a long loss ends, or begins: then what waited for an answer comes first.
func (t *trial) lost(m, i int, whole bool) bool {
	if isBack(t.events[i]) {
		return t.follow(m, i+1, whole)
	}
	for i++; ; m, i = m+1, i+1 {
		if t.alone(t.views[m], m, i, whole) {
			return true
		}
		if m == 0 || m == len(t.truth) || i == len(t.events) || !isMessage(t.truth[m], t.events[i]) {
			return t.follow(m, i, whole)
		}
	}
}

// alone tells whether the events from i on are explained by what answers told of the messages from m on, and then by a snapshot, for a
// client that knows v and whose connection is lost for long.
func (t *trial) alone(v view, m, i int, whole bool) bool {
	from := i
	for ; i < len(t.events) && !isBack(t.events[i]); i++ {
		at := slices.IndexFunc(t.views[m:], func(then view) bool { return then.state != nil && then.is(t.events[i]) })
		if at < 0 {
			if t.at <= i {
				t.at, t.fails = i, t.describe(m, i)
			}
			return false
		}
		m += at
		v.state, v.direction = t.views[m].state, t.views[m].direction
	}
	if i == len(t.events) {
		return !whole
	}
	if i == from {
		return false // a client that told nothing has nothing to be shown instead
	}
	for to := m; to <= len(t.truth); to++ {
		if n, ok := v.becomes(t.views[to], t.events[i+1:]); ok && t.follow(to, i+1+n, whole) {
			return true
		}
	}
	return false
}

func isBack(e sdk.Event) bool {
	change, is := e.Response.(sdk.Connection)
	return is && change.Connected
}

// is tells whether an event tells the state or the direction of the view.
func (v view) is(e sdk.Event) bool {
	switch told := e.Response.(type) {
	case sdk.StateChange:
		return sameState(told, *v.state) && told.Direction == v.direction
	case sdk.DirectionChange:
		return told.Direction == v.direction && told.State == v.state.State
	}
	return false
}

func (t *trial) describe(m, i int) string {
	expected, got := "nothing more", "nothing more"
	if m < len(t.truth) {
		expected = string(t.truth[m].text)
	}
	if i < len(t.events) {
		text, _ := json.Marshal(t.events[i].Response)
		got = fmt.Sprintf("%s %s", t.events[i].Topic, text)
	}
	return fmt.Sprintf("message %d of %d is\n%s\nand the client says\n%s", m, len(t.truth), expected, got)
}

// isMessage tells whether an event says what a message says.
func isMessage(m message, e sdk.Event) bool {
	switch {
	case e.Err != nil:
		return false
	case m.Type == api.MessageTypeStateChange && m.State == string(api.StateOffline):
		return e.Topic == sdk.TopicEnded && e.Response == read[sdk.Ended](m)
	case m.Type == api.MessageTypeStateChange:
		return e.Topic == sdk.TopicState && reflect.DeepEqual(e.Response, read[sdk.StateChange](m))
	case m.Type == api.MessageTypeDirectionChange:
		return e.Topic == sdk.TopicDirection && reflect.DeepEqual(e.Response, read[sdk.DirectionChange](m))
	case m.Type == api.MessageTypeWorkChange:
		return e.Topic == sdk.TopicWork && e.Response == read[api.WorkChangeMessage](m)
	}
	return false
}

// read takes from a message the fields that T has: the contract's table.
func read[T any](m message) (fields T) {
	if err := json.Unmarshal(m.text, &fields); err != nil {
		panic(err) // the witness read it already
	}
	return fields
}

// after is what is known after a message.
func (v view) after(m message) view {
	switch m.Type {
	case api.MessageTypeStateChange:
		state := read[sdk.StateChange](m)
		v.state, v.direction = &state, state.Direction
	case api.MessageTypeDirectionChange:
		v.direction = m.Direction
	case api.MessageTypeWorkChange:
		work := read[api.WorkChangeMessage](m)
		v.work = maps.Clone(v.work)
		if v.work[work.InteractionID] = work; work.State == api.WorkChangeStateEnded {
			delete(v.work, work.InteractionID)
		}
	}
	return v
}

// becomes tells whether the first events are what differs between v and then, and how many those are.
func (v view) becomes(then view, events []sdk.Event) (n int, ok bool) {
	expect := func(is func(sdk.Event) bool) {
		ok = ok && n < len(events) && is(events[n])
		n++
	}
	ok = true
	if v.state == nil || !sameState(*v.state, *then.state) {
		expect(func(e sdk.Event) bool {
			state, is := e.Response.(sdk.StateChange)
			return is && e.Topic == sdk.TopicState && sameState(state, *then.state) && state.Direction == then.direction
		})
	}
	if v.direction != then.direction {
		expect(func(e sdk.Event) bool {
			turn, is := e.Response.(sdk.DirectionChange)
			return is && e.Topic == sdk.TopicDirection && turn.Direction == then.direction && turn.State == then.state.State
		})
	}
	differing := 0
	for id, work := range then.work {
		if before, had := v.work[id]; !had || !sameWork(before, work) {
			differing++
		}
	}
	for id := range v.work {
		if _, still := then.work[id]; !still {
			differing++
		}
	}
	seen := make(map[string]bool)
	for range differing {
		expect(func(e sdk.Event) bool {
			work, is := e.Response.(api.WorkChangeMessage)
			if !is || e.Topic != sdk.TopicWork || seen[work.InteractionID] {
				return false
			}
			seen[work.InteractionID] = true
			now, has := then.work[work.InteractionID]
			before, had := v.work[work.InteractionID]
			if work.State == api.WorkChangeStateEnded {
				return had && !has
			}
			return has && sameWork(work, now) && (!had || !sameWork(before, now))
		})
	}
	return n, ok
}

// sameState compares what a snapshot shows of a state: not its direction, which has a topic, and not who acted last.
func sameState(a, b sdk.StateChange) bool {
	b.Direction, b.AvailableStates, b.Cause, b.SupervisorID, b.SupervisorName = a.Direction, a.AvailableStates, a.Cause, a.SupervisorID, a.SupervisorName
	return reflect.DeepEqual(a, b)
}

func sameWork(a, b api.WorkChangeMessage) bool {
	return a.Channel == b.Channel && a.Direction == b.Direction && a.State == b.State && a.Since == b.Since
}

// The judge is judged: whoever drops, doubles or swaps an event is found, and so is one that says something else.
func TestSDKJudge_FindsWhatIsLostDoubledChangedOrOutOfOrder(t *testing.T) {
	t.Parallel()
	truth, events := aShift(60)
	if err := judge(truth, events, true); err != nil {
		t.Fatalf("every message is one event: %v", err)
	}
	begun := append([]sdk.Event{stateEvent(truth[12]), directionEvent(truth[12])}, events[13:]...)
	if err := judge(truth, begun, true); err != nil {
		t.Fatalf("it begins with a snapshot: %v", err)
	}
	for i := range events {
		if i > 0 && i < len(events)-1 && judge(truth, slices.Delete(slices.Clone(events), i, i+1), true) == nil {
			t.Errorf("event %d is missing", i)
		}
		if i > 1 && judge(truth, slices.Insert(slices.Clone(events), i, events[i]), true) == nil { // the first two may be a snapshot's
			t.Errorf("event %d comes twice", i)
		}
		if i > 1 {
			swapped := slices.Clone(events)
			swapped[i], swapped[i-1] = swapped[i-1], swapped[i]
			if judge(truth, swapped, true) == nil {
				t.Errorf("events %d and %d are swapped", i-1, i)
			}
		}
	}
	if judge(truth, events[:40], true) == nil || judge(truth, events[:40], false) != nil {
		t.Error("what has not come yet is missing in the end, and only there")
	}
	long, all := aShift(snapshotGap + 60)
	if judge(long, append(slices.Clone(all[:10]), all[snapshotGap-10:]...), true) == nil {
		t.Error("no snapshot stands for so few messages")
	}
	to := snapshotGap + 32
	jumped := append(slices.Clone(all[:10]), stateEvent(long[to]), directionEvent(long[to]))
	if err := judge(long, append(jumped, all[to+1:]...), true); err != nil {
		t.Errorf("a snapshot may stand for so many: %v", err)
	}
}

// During a long loss answers tell what is asked for; then a snapshot tells what differs, and the stream goes on from there.
func TestSDKJudge_LetsAnswersTellDuringALongLossOnly(t *testing.T) {
	t.Parallel()
	truth, all := aShift(60)
	const asked, back = 20, 34
	lost := func(lasts time.Duration, told ...sdk.Event) []sdk.Event {
		began := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
		events := append(slices.Clone(all[:10]), sdk.Event{Topic: sdk.TopicConnection, Response: sdk.Connection{Since: api.TimeOf(began)}})
		events = append(events, told...)
		return append(events, sdk.Event{Topic: sdk.TopicConnection, Response: sdk.Connection{Connected: true, Since: api.TimeOf(began.Add(lasts))}})
	}
	answer, snapshot := stateEvent(truth[asked]), []sdk.Event{stateEvent(truth[back]), directionEvent(truth[back])}
	rest := append(snapshot, all[back+1:]...)
	for name, c := range map[string]struct {
		events []sdk.Event
		holds  bool
	}{
		"after a long loss":                  {append(lost(longLoss, answer), rest...), true},
		"after a short one":                  {append(lost(longLoss-time.Second, answer), rest...), false},
		"without a snapshot":                 {append(lost(longLoss, answer), all[back+1:]...), false},
		"with both changes of an answer":     {append(lost(longLoss, answer, directionEvent(truth[asked])), rest...), true},
		"with what was before":               {append(lost(longLoss, stateEvent(truth[2])), rest...), false},
		"with one that is missing later":     {slices.Delete(append(lost(longLoss, answer), rest...), 16, 17), false},
		"where nothing was told and no part": {append(lost(longLoss), all[10:]...), true},
		"where nothing was told and a jump":  {append(lost(longLoss), rest...), false},
	} {
		if err := judge(truth, c.events, true); (err == nil) != c.holds {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// aShift is messages of a session, and what a client says that saw all of them.
func aShift(n int) (truth []message, events []sdk.Event) {
	for i := range n {
		state, direction := []string{"ready", "notready"}[i/3%2], []string{"outbound", "inbound", "agent-initiated"}[i/2%3]
		kind := []api.MessageType{api.MessageTypeStateChange, api.MessageTypeDirectionChange}[i%2]
		text := fmt.Sprintf(`{"type":%q,"state":%q,"direction":%q,"availableStates":["offline"],"stateSince":"2026-03-01T08:00:00.%03dZ"}`, kind, state, direction, i)
		m := message{text: json.RawMessage(text)}
		if err := json.Unmarshal(m.text, &m); err != nil {
			panic(err)
		}
		truth = append(truth, m)
		if i%2 == 0 {
			events = append(events, stateEvent(m))
		} else {
			events = append(events, directionEvent(m))
		}
	}
	return truth, events
}

func stateEvent(m message) sdk.Event {
	return sdk.Event{Topic: sdk.TopicState, Response: read[sdk.StateChange](m)}
}

func directionEvent(m message) sdk.Event {
	return sdk.Event{Topic: sdk.TopicDirection, Response: read[sdk.DirectionChange](m)}
}
