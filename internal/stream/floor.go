package stream

import (
	"encoding/json"
	"hash/crc32"
	"slices"
	"strconv"

	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
	"github.com/muster-presence/muster/internal/wire"
)

// floor is every agent's row, as of the feed's position. The feed's lock guards
// it.
type floor struct {
	feed *feed
	// epoch names the log and the directory's revision. Rows show names and
	// groups too, which the log says nothing about.
	epoch string
	rows  map[presence.AgentID]*row
	order []*row // as the store orders them, for snapshots
	// sets are the parts of the floor that somebody watches, by group; "" is all
	// of it.
	sets map[string]*visibleSet
	// changed notes agents that change while the floor is being loaded anew; nil
	// otherwise.
	changed map[presence.AgentID]presence.Agent
}

// row is an agent on the floor.
type row struct {
	store.FloorRow
	encoded []byte // as JSON; nil when it must be made anew
	digest  uint32
}

// visibleSet is a part of the floor and those who watch it. Each change is
// encoded once for all of them.
type visibleSet struct {
	group string
	epoch string    // of the view's cursors
	last  store.Seq // number of the view's last event, or a later one
	sum   uint32    // of the rows' digests
	subs  []*Subscription
}

// snapshot is the rows of a moment, encoded; they are shared.
type snapshot struct {
	rows  [][]byte
	bytes int // in all rows
}

func newSnapshot(rows [][]byte) *snapshot {
	s := &snapshot{rows: rows}
	for _, row := range rows {
		s.bytes += len(row)
	}
	return s
}

func newFloor(f *feed, epoch string, rows []store.FloorRow) *floor {
	l := &floor{feed: f, epoch: epoch, rows: make(map[presence.AgentID]*row, len(rows)), sets: make(map[string]*visibleSet)}
	for _, r := range rows {
		made := &row{FloorRow: r, digest: digestOf(r)}
		l.rows[r.AgentID] = made
		l.order = append(l.order, made)
	}
	return l
}

// follow takes over what records say and shows it to those who watch.
func (l *floor) follow(f *feed, records []store.Record) {
	events := make(map[*visibleSet][]item, len(l.sets))
	for i, r := range records {
		if r.After.RowVersion == r.Event.Version {
			l.take(r, events)
		}
		if endsChange(records, i) {
			for _, made := range events {
				if len(made) > 0 {
					made[len(made)-1].whole = true
				}
			}
		}
	}
	for set, made := range events {
		for _, s := range set.subs {
			s.push(made)
		}
	}
}

// take changes a row and makes the events of those who see it.
func (l *floor) take(r store.Record, events map[*visibleSet][]item) {
	agent := r.After.SeenByOthers()
	if l.changed != nil {
		l.changed[r.Key.Agent] = agent
	}
	changed := l.rows[r.Key.Agent]
	if changed == nil || agent.RowVersion <= changed.Agent.RowVersion {
		return // none of the floor's, or known from when the floor was loaded
	}
	before := changed.digest
	changed.Agent, changed.encoded = agent, nil
	changed.digest = digestOf(changed.FloorRow)
	var message []byte
	for _, set := range l.sets {
		if !set.sees(changed) {
			continue
		}
		set.sum += changed.digest - before
		if len(set.subs) > 0 {
			if message == nil {
				message = l.message(changed)
			}
			events[set] = append(events[set], item{kind: anEvent, seq: r.Seq, encoded: encodeEvent(r.Seq, set.last, message)})
		}
		set.last = r.Seq
	}
}

// message is a changed row as it is pushed: what [wire.FloorRowChange] says, with
// the row encoded only once.
func (l *floor) message(r *row) []byte {
	encoded := l.encode(r)
	b := make([]byte, 0, len(encoded)+96)
	b = append(b, `{"type":"floor-row-change","tenantId":"`...)
	b = append(b, l.feed.tenant.String()...)
	b = append(b, `","row":`...)
	b = append(b, encoded...)
	return append(b, '}')
}

func (l *floor) encode(r *row) []byte {
	if r.encoded == nil {
		encoded, err := json.Marshal(wire.FloorRow(r.FloorRow))
		if err != nil { // of strings, numbers and known enums: cannot fail
			l.feed.streams.log.Error("a row could not be encoded", "agent", r.AgentID, "error", err)
		}
		r.encoded = encoded
	}
	return r.encoded
}

// snapshot is what a set sees now.
func (l *floor) snapshot(set *visibleSet) *snapshot {
	rows := make([][]byte, 0, len(l.order))
	for _, r := range l.order {
		if set.sees(r) {
			rows = append(rows, l.encode(r))
		}
	}
	return newSnapshot(rows)
}

// set returns the part of the floor that a group's watchers see.
func (l *floor) set(group string) *visibleSet {
	set := l.sets[group]
	if set == nil {
		set = &visibleSet{group: group, epoch: of(l.epoch, group), last: l.feed.at}
		set.sum = l.sumOf(set)
		l.sets[group] = set
	}
	return set
}

func (l *floor) sumOf(set *visibleSet) uint32 {
	var sum uint32
	for _, r := range l.order {
		if set.sees(r) {
			sum += r.digest
		}
	}
	return sum
}

// remove reports whether the subscription was there. A set that nobody watches
// goes with the last of them.
func (l *floor) remove(s *Subscription) bool {
	i := slices.Index(s.set.subs, s)
	if i < 0 {
		return false
	}
	s.set.subs = slices.Delete(s.set.subs, i, i+1)
	if len(s.set.subs) == 0 {
		delete(l.sets, s.set.group)
	}
	return true
}

func (v *visibleSet) sees(r *row) bool {
	return v.group == "" || slices.Contains(r.Groups, v.group)
}

// digestOf is a row's part of the sum that beats tell.
func digestOf(r store.FloorRow) uint32 {
	text := make([]byte, 0, 57) // a UUID, a colon, a number
	text, _ = r.AgentID.AppendText(text)
	text = append(text, ':')
	text = strconv.AppendUint(text, r.Agent.RowVersion, 10)
	return crc32.ChecksumIEEE(text)
}
