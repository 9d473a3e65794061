package simtest

import (
	"reflect"
	"testing"
	"time"

	"github.com/muster-presence/muster/internal/history"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

// checkOrder holds that the log's numbers and each agent's versions have no gap,
// and that each record holds what its agent's events lead to. It returns the
// agents at the end.
func checkOrder(t *testing.T, log []store.Record) map[presence.Key]presence.Agent {
	t.Helper()
	agents := make(map[presence.Key]presence.Agent)
	for i, record := range log {
		if record.Seq != store.Seq(i+1) {
			t.Fatalf("record %d has number %d", i+1, record.Seq)
		}
		after, err := presence.Evolve(agents[record.Key], record.Event)
		if err != nil {
			t.Fatalf("record %d does not follow: %v", record.Seq, err)
		}
		if !reflect.DeepEqual(after, record.After) {
			t.Fatalf("record %d holds %+v, its events lead to %+v", record.Seq, record.After, after)
		}
		agents[record.Key] = after
	}
	return agents
}

// checkIntervals holds that the intervals of each session tile it.
func checkIntervals(t *testing.T, log []store.Record) {
	t.Helper()
	tilings := make(map[presence.Key]*tiling)
	for _, record := range log {
		own := tilings[record.Key]
		if own == nil {
			own = &tiling{t: t}
			tilings[record.Key] = own
		}
		own.take(record)
	}
}

// tiling follows the intervals of one agent.
type tiling struct {
	t       *testing.T
	open    *store.Interval
	session presence.SessionID
	since   presence.Instant // when the session began
	reached presence.Instant // up to where it is tiled
	sum     time.Duration
}

func (own *tiling) take(r store.Record) {
	own.t.Helper()
	var closed []store.Interval
	if _, starts := r.Event.Change.(presence.SessionStarted); starts {
		own.session, own.since, own.reached, own.sum = r.Event.Session, r.Event.At, r.Event.At, 0
	}
	closed, own.open = history.Fold(own.open, r)
	for _, interval := range closed {
		if interval.Session != own.session || interval.From != own.reached || interval.To <= interval.From {
			own.t.Fatalf("record %d: interval %+v does not continue at %s", r.Seq, interval, own.reached)
		}
		own.reached = interval.To
		own.sum += interval.Duration()
	}
	if _, ends := r.Event.Change.(presence.SessionEnded); ends {
		if length := r.Event.At.Sub(own.since); own.sum != length || own.open != nil {
			own.t.Fatalf("record %d: the session lasted %s, its intervals %s", r.Seq, length, own.sum)
		}
	}
}

// checkLiveness holds that nobody was offerable beyond the limit of silence, and
// nobody was called silent before it. Heard is when each agent was heard,
// rising; end is the end of the log.
func checkLiveness(t *testing.T, log []store.Record, heard map[presence.Key][]presence.Instant, limit time.Duration, end presence.Instant) {
	t.Helper()
	records := make(map[presence.Key][]store.Record)
	for _, record := range log {
		records[record.Key] = append(records[record.Key], record)
	}
	for key, own := range records {
		signs := heard[key]
		past := 0 // how many signs lie before the record
		for i, record := range own {
			from, to := record.Event.At, end
			if i+1 < len(own) {
				to = own[i+1].Event.At
				if _, restarted := own[i+1].Event.Change.(presence.LeaseTaken); restarted {
					to = to.Add(-downtime) // from then on nobody could be asked
				}
			}
			for past < len(signs) && signs[past] < from {
				past++
			}
			if change, ok := record.Event.Change.(presence.ConnectionChanged); ok && change.Connection == presence.Silent {
				if silence := from.Sub(signs[past-1]); silence != limit {
					t.Fatalf("record %d calls %s silent after %s", record.Seq, key.Agent, silence)
				}
			}
			if record.After.Offerable() {
				checkHeard(t, record, signs[past-1:], to, limit)
			}
		}
	}
}

// checkHeard holds that an agent who was offerable from a record on was heard
// often enough until a time. Signs begin with the last one before the record.
func checkHeard(t *testing.T, record store.Record, signs []presence.Instant, to presence.Instant, limit time.Duration) {
	t.Helper()
	last := signs[0]
	for _, sign := range append(signs[1:len(signs):len(signs)], to) {
		sign = min(sign, to)
		if max(sign, record.Event.At).Sub(last) > limit && sign > record.Event.At {
			t.Fatalf("after record %d %s was offerable until %s, but heard at %s and only then at %s", record.Seq, record.Key.Agent, to, last, sign)
		}
		if last = sign; sign == to {
			return
		}
	}
}

// heard is when each agent was heard.
func (d *day) heard() map[presence.Key][]presence.Instant {
	heard := make(map[presence.Key][]presence.Instant)
	for _, p := range d.people {
		heard[p.key] = p.heard
	}
	return heard
}

// checkView holds that the engine shows, and the store holds, what the log says.
func (d *day) checkView(t *testing.T, last map[presence.Key]presence.Agent) {
	t.Helper()
	live := 0
	for _, p := range d.people {
		stored, err := d.node.store.Agent(t.Context(), p.key)
		if err != nil {
			t.Fatal(err)
		}
		shown, err := d.node.engine.Agent(t.Context(), p.key)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(stored.Agent, last[p.key]) || !reflect.DeepEqual(shown, last[p.key]) {
			t.Errorf("agent %s is shown as %+v, stored as %+v, by the log %+v", p.key.Agent, shown, stored.Agent, last[p.key])
		}
		if shown.Session != nil {
			live++
		}
	}
	if d.node.engine.Live() != live {
		t.Errorf("%d live sessions are counted, %d shown", d.node.engine.Live(), live)
	}
}
