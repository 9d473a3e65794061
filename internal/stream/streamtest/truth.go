package streamtest

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
	"github.com/muster-presence/muster/internal/wire"
)

// Truth is what a tenant's streams are to show.
type Truth struct {
	Tenant presence.TenantID
	// Changes is the tenant's whole log from number 1, rising, each change as it
	// was committed; only their records are looked at. Where it is not known which
	// records were one change, each may stand alone: [Atomic] then sees less.
	Changes []store.Change
	// Epoch is the text of the epoch of cursors in the view self.
	Epoch string
	// Floors are, by the text of each epoch of cursors in the view floor, the
	// names and groups of everybody on the floor in that epoch; their agents are
	// not looked at.
	Floors map[string][]store.FloorRow
}

// record is an entry of the log with the last number of its change.
type record struct {
	store.Record
	first, last store.Seq
}

// shown is what a view shows in one epoch.
type shown struct {
	truth Truth
	view  View
	head  store.Seq
	// events are those records that the view shows, rising.
	events []record
	// profiles are, in the view floor, whose rows there are.
	profiles map[presence.AgentID]store.FloorRow
}

// show works out what a view shows in an epoch; false if there is no such epoch.
func (t Truth) show(view View, epoch string) (*shown, bool) {
	s := &shown{truth: t, view: view}
	if view.Floor {
		floor, ok := t.Floors[epoch]
		if !ok {
			return nil, false
		}
		s.profiles = make(map[presence.AgentID]store.FloorRow)
		for _, row := range floor {
			if view.Group == "" || slices.Contains(row.Groups, view.Group) {
				s.profiles[row.AgentID] = row
			}
		}
	} else if epoch != t.Epoch {
		return nil, false
	}
	for _, change := range t.Changes {
		first, last := change.Records[0].Seq, change.Records[len(change.Records)-1].Seq
		for _, r := range change.Records {
			if s.shows(r) {
				s.events = append(s.events, record{Record: r, first: first, last: last})
			}
		}
		s.head = last
	}
	return s, true
}

// shows is the rule of presence: others see what moves the row's version, an agent
// what happens to its sessions.
func (s *shown) shows(r store.Record) bool {
	if !s.view.Floor {
		return r.Key.Agent == s.view.Agent && r.Event.ShownToAgent()
	}
	_, there := s.profiles[r.Key.Agent]
	return there && r.After.RowVersion == r.Event.Version
}

// after is the place in events of the first one beyond a number.
func (s *shown) after(seq store.Seq) int {
	i, _ := slices.BinarySearchFunc(s.events, seq+1, func(r record, seq store.Seq) int { return int(r.Seq) - int(seq) })
	return i
}

// event is the view's event of that number.
func (s *shown) event(seq store.Seq) (record, bool) {
	if i := s.after(seq) - 1; i >= 0 && s.events[i].Seq == seq {
		return s.events[i], true
	}
	return record{}, false
}

// between is the first event of the view after one number and before another.
func (s *shown) between(after, before store.Seq) (store.Seq, bool) {
	if i := s.after(after); i < len(s.events) && s.events[i].Seq < before {
		return s.events[i].Seq, true
	}
	return 0, false
}

// message is what a frame says of an event.
func (s *shown) message(r record) (string, error) {
	if !s.view.Floor {
		message, _ := wire.Message(r.Record)
		return canonical(message)
	}
	return canonical(wire.FloorRowChange(s.truth.Tenant, s.row(r.Key.Agent, r.After)))
}

func (s *shown) row(id presence.AgentID, agent presence.Agent) store.FloorRow {
	row := s.profiles[id]
	row.Agent = agent.SeenByOthers()
	return row
}

// floor is the rows of the view floor at a number.
func (s *shown) floor(seq store.Seq) floorRows {
	agents := make(map[presence.AgentID]presence.Agent)
	for r := range s.records(seq) {
		agents[r.Key.Agent] = r.After
	}
	rows := make(floorRows)
	for id := range s.profiles {
		row := wire.FloorRow(s.row(id, agents[id]))
		rows[row.ResourceID] = row
	}
	return rows
}

// self is the row of the view self at a number.
func (s *shown) self(seq store.Seq) api.SelfRow {
	var agent presence.Agent
	var ended presence.Event
	for r := range s.records(seq) {
		if r.Key.Agent != s.view.Agent {
			continue
		}
		agent, ended = r.After, presence.Event{}
		if agent.Session == nil {
			ended = r.Event
		}
	}
	return wire.SelfRow(presence.Key{Tenant: s.truth.Tenant, Agent: s.view.Agent}, agent, ended, 0)
}

// records yields the log up to a number.
func (s *shown) records(upTo store.Seq) func(yield func(store.Record) bool) {
	return func(yield func(store.Record) bool) {
		for _, change := range s.truth.Changes {
			for _, r := range change.Records {
				if r.Seq > upTo || !yield(r) {
					return
				}
			}
		}
	}
}

// canonical is a value as JSON with its keys in order.
func canonical(value any) (string, error) {
	text, err := json.Marshal(value)
	if err != nil {
		return "", fmt.Errorf("encode: %w", err)
	}
	var plain any
	if err := json.Unmarshal(text, &plain); err != nil {
		return "", fmt.Errorf("decode %.200s: %w", text, err)
	}
	text, err = json.Marshal(plain)
	return string(text), err
}
