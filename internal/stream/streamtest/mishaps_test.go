package streamtest_test

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/muster-presence/muster/internal/stream/streamtest"
)

// mishap is a way for a shift to go wrong.
type mishap struct {
	name string
	// spoil counts connections and frames from 0.
	spoil  func(truth *streamtest.Truth, c []streamtest.Connection)
	broken string // the names of all guarantees that are broken then
	says   string // how one of them tells it
}

// view is whose history is spoilt.
func (m mishap) view() streamtest.View {
	if strings.HasPrefix(m.name, "in a group") {
		return salesFloor
	}
	return annsOwn
}

var mishaps = []mishap{
	{"an event is dropped", func(_ *streamtest.Truth, c []streamtest.Connection) {
		f := &c[0].Frames[3]
		f.Events = f.Events[1:]
	}, "gap-free", "connection 1, frame 4: event 5 comes after 3, and event 4 is missing"},
	{"a frame is dropped", func(_ *streamtest.Truth, c []streamtest.Connection) {
		c[1].Frames = slices.Delete(c[1].Frames, 2, 3)
	}, "bookmarkable", "connection 2, frame 3: the mark at 12 comes to a client at 10, which has not got event 11"},
	{"an event comes twice in a frame", func(_ *streamtest.Truth, c []streamtest.Connection) {
		f := &c[0].Frames[3]
		f.Events = append(f.Events, f.Events[1])
	}, "unique", "connection 1, frame 4: event 5 has come already: connection 1, frame 4"},
	{"a frame comes twice", func(_ *streamtest.Truth, c []streamtest.Connection) {
		c[1].Frames = slices.Insert(c[1].Frames, 3, c[1].Frames[2])
	}, "unique", "connection 2, frame 4: event 11 has come already: connection 2, frame 3"},
	{"an event comes again after the mark", func(_ *streamtest.Truth, c []streamtest.Connection) {
		c[0].Frames = slices.Insert(c[0].Frames, 5, c[0].Frames[3])
	}, "ordered, unique, bookmarkable", "connection 1, frame 6: event 4 comes after 6"},
	{"two events are swapped", func(_ *streamtest.Truth, c []streamtest.Connection) {
		e := c[0].Frames[3].Events
		e[0], e[1] = e[1], e[0]
	}, "ordered, gap-free", "connection 1, frame 4: event 4 comes after 5"},
	{"a change is split over two frames", func(_ *streamtest.Truth, c []streamtest.Connection) {
		f := c[0].Frames[5]
		first, second := f, f
		first.Events, second.Events = f.Events[:1], f.Events[1:]
		c[0].Frames = slices.Replace(c[0].Frames, 5, 6, first, second)
	}, "atomic", "connection 1, frame 6: the client is left at 7, inside of the change from 7 to 8"},
	{"a change has only come in part when the connection breaks", func(_ *streamtest.Truth, c []streamtest.Connection) {
		f := &c[0].Frames[5]
		f.Events = f.Events[:1]
	}, "atomic, resumable", "connection 1, frame 6: the client is left at 7, inside of the change from 7 to 8"},
	{"an event says that it follows on one too new", func(_ *streamtest.Truth, c []streamtest.Connection) {
		c[0].Frames[3].Events[0].Prev = 3 + 1
	}, "gap-free", "connection 1, frame 4: event 4 says that it follows on 4, the client has all up to 3"},
	{"an event says that it follows on one too old", func(_ *streamtest.Truth, c []streamtest.Connection) {
		c[0].Frames[3].Events[1].Prev = 3
	}, "gap-free", "connection 1, frame 4: event 5 says that it follows on 3, and event 4 lies between"},
	{"an event of somebody else comes", func(_ *streamtest.Truth, c []streamtest.Connection) {
		c[1].Frames[3].Type, c[1].Frames[3].Cursor = "events", streamtest.Cursor{}
		c[1].Frames[3].Events = []streamtest.Event{{Seq: 12, Prev: 11, Message: json.RawMessage(`{}`)}}
	}, "gap-free", "connection 2, frame 4: event 12 is none of the view's"},
	{"an event says something else", func(_ *streamtest.Truth, c []streamtest.Connection) {
		e := c[0].Frames[3].Events
		e[0].Message, e[1].Message = e[1].Message, e[0].Message
	}, "gap-free", "connection 1, frame 4: the message of event 4 is "},
	{"an empty frame of events", func(_ *streamtest.Truth, c []streamtest.Connection) {
		c[0].Frames = slices.Insert(c[0].Frames, 4, streamtest.Frame{Type: "events"})
	}, "gap-free", "connection 1, frame 5: a frame of events has none"},
	{"a mark goes back", func(_ *streamtest.Truth, c []streamtest.Connection) {
		c[1].Frames[3].Cursor.Seq = 10
	}, "ordered", "connection 2, frame 4: a mark goes back from 11 to 10"},
	{"a mark leads too far", func(_ *streamtest.Truth, c []streamtest.Connection) {
		c[0].Frames[4].Cursor.Seq = 8
	}, "ordered, bookmarkable", "connection 1, frame 5: the mark at 8 comes to a client at 5, which has not got event 7"},
	{"a mark leads beyond the log", func(_ *streamtest.Truth, c []streamtest.Connection) {
		c[1].Frames[3].Cursor.Seq = 99
	}, "bookmarkable", "connection 2, frame 4: cursor log:99 lies beyond the log, which ends at 13"},
	{"a mark is of an epoch that never was", func(_ *streamtest.Truth, c []streamtest.Connection) {
		c[1].Frames[3].Cursor.Epoch = "lag"
	}, "bookmarkable", "connection 2, frame 4: cursor lag:12 is of an epoch that never was"},
	{"a mark comes before anything else", func(_ *streamtest.Truth, c []streamtest.Connection) {
		c[0].Frames = slices.Insert(c[0].Frames, 1, c[0].Frames[4])
	}, "ordered, resumable, bookmarkable", "connection 1, frame 2: the mark at log:6 comes to a client that has nothing"},
	{"a part of a snapshot is missing", func(_ *streamtest.Truth, c []streamtest.Connection) {
		c[0].Frames = slices.Delete(c[0].Frames, 1, 2)
	}, "atomic", "connection 1, frame 2: part 2 of a snapshot follows on part 0"},
	{"the last part of a snapshot is missing", func(_ *streamtest.Truth, c []streamtest.Connection) {
		c[0].Frames = slices.Delete(c[0].Frames, 2, 3)
	}, "gap-free, atomic, bookmarkable", "connection 1, frame 3: a frame of type events comes inside of a snapshot, after part 1"},
	{"the parts of a snapshot are of two moments", func(_ *streamtest.Truth, c []streamtest.Connection) {
		c[0].Frames[1].Cursor.Seq = 2
	}, "atomic", "connection 1, frame 3: part 2 of a snapshot is of log:3, the one before of log:2"},
	{"a mark comes inside of a snapshot", func(_ *streamtest.Truth, c []streamtest.Connection) {
		c[0].Frames = slices.Insert(c[0].Frames, 2, c[0].Frames[4])
	}, "ordered, atomic, bookmarkable", "connection 1, frame 3: a frame of type mark comes inside of a snapshot, after part 1"},
	{"a snapshot shows another moment", func(_ *streamtest.Truth, c []streamtest.Connection) {
		c[2].Frames[1].Rows = slices.Concat(c[0].Frames[1].Rows, c[0].Frames[2].Rows)
	}, "resumable", "connection 3, frame 2: the snapshot at log:12: the row is "},
	{"a row of a snapshot is missing", func(_ *streamtest.Truth, c []streamtest.Connection) {
		c[2].Frames[1].Rows = c[2].Frames[1].Rows[1:]
	}, "resumable", "connection 3, frame 2: the snapshot at log:12: an agent's own view has one row, not 0"},
	{"a row of a snapshot comes twice", func(_ *streamtest.Truth, c []streamtest.Connection) {
		c[2].Frames[1].Rows = append(c[2].Frames[1].Rows, c[2].Frames[1].Rows[0])
	}, "resumable", "connection 3, frame 2: the snapshot at log:12: an agent's own view has one row, not 2"},
	{"a snapshot is older than what the client had", func(_ *streamtest.Truth, c []streamtest.Connection) {
		c[2].From = at("log", 13)
		c[1].Frames = append(c[1].Frames, c[2].Frames[2])
	}, "resumable", "connection 3, frame 2: who was at 13 gets a snapshot at 12"},
	{"a snapshot goes back", func(_ *streamtest.Truth, c []streamtest.Connection) {
		c[0].Frames = slices.Insert(c[0].Frames, 5, c[0].Frames[1:3]...)
	}, "ordered, gap-free", "connection 1, frame 6: a snapshot goes back from 6 to 3"},
	{"an event comes that the snapshot showed", func(_ *streamtest.Truth, c []streamtest.Connection) {
		c[2].Frames[2].Events = slices.Concat(c[1].Frames[2].Events, c[2].Frames[2].Events)
	}, "ordered, unique", "connection 3, frame 3: event 11 comes, and the client began at 12"},
	{"the first event after a resumption is missing", func(_ *streamtest.Truth, c []streamtest.Connection) {
		c[1].Frames = slices.Delete(c[1].Frames, 1, 2)
	}, "gap-free, resumable", "connection 2, frame 2: who was at 8 resumes with event 11, and missed event 10"},
	{"the client had the first event after a resumption", func(_ *streamtest.Truth, c []streamtest.Connection) {
		c[1].Frames[1].Events = slices.Concat(c[0].Frames[5].Events, c[1].Frames[1].Events)
	}, "ordered, unique, resumable, bookmarkable", "connection 2, frame 2: who was at 8 resumes with event 7"},
	{"events come though the server did not take up the cursor", func(_ *streamtest.Truth, c []streamtest.Connection) {
		c[2].Frames = slices.Delete(c[2].Frames, 1, 2)
	}, "gap-free, resumable", "connection 3, frame 2: a frame of type events comes where a snapshot must"},
	{"the view goes on from an unfinished snapshot", func(_ *streamtest.Truth, c []streamtest.Connection) {
		c[0].Frames = c[0].Frames[:2]
		c[1].From, c[1].Frames[0].Cursor = at("log", 3), at("log", 3)
		c[1].Frames = c[1].Frames[:1]
		c[2].From = at("log", 3)
	}, "resumable", "connection 2, frame 1: the view goes on from log:3, where the client has never been"},
	{"the view goes on from a cursor of another epoch", func(_ *streamtest.Truth, c []streamtest.Connection) {
		c[1].From.Epoch, c[1].Frames[0].Cursor.Epoch = "lag", "lag"
	}, "gap-free, resumable, bookmarkable", "connection 2, frame 1: the view goes on from lag:8, where the client has never been"},
	{"the welcome is missing", func(_ *streamtest.Truth, c []streamtest.Connection) {
		c[2].Frames = c[2].Frames[1:]
	}, "resumable", "connection 3, frame 1: a frame of type snapshot comes before the welcome"},
	{"the log is another one", func(truth *streamtest.Truth, _ []streamtest.Connection) {
		truth.Epoch = "lag"
	}, "gap-free, resumable, bookmarkable", "connection 1, frame 4: cursor log:3 is of an epoch that never was"},
	{"events come before a snapshot", func(_ *streamtest.Truth, c []streamtest.Connection) {
		c[0].Frames = slices.Delete(c[0].Frames, 1, 3)
	}, "gap-free, resumable, bookmarkable", "connection 1, frame 2: event 4 comes while the client has nothing that it could follow on"},
	{"a snapshot lies beyond the log", func(_ *streamtest.Truth, c []streamtest.Connection) {
		c[2].Frames[1].Cursor.Seq = 99
	}, "ordered, unique, gap-free, resumable", "connection 3, frame 2: cursor log:99 lies beyond the log, which ends at 13"},
	{"in a group, a row of a snapshot is missing", func(_ *streamtest.Truth, c []streamtest.Connection) {
		c[2].Frames[1].Rows = c[2].Frames[1].Rows[1:]
	}, "resumable", "connection 3, frame 2: the snapshot at log.2:12: 1 rows are wrong, the first: the row of a9000000-0000-4000-8000-000000000001 is missing"},
	{"in a group, a row of a snapshot comes twice", func(_ *streamtest.Truth, c []streamtest.Connection) {
		c[2].Frames[1].Rows = append(c[2].Frames[1].Rows, c[2].Frames[1].Rows[0])
	}, "resumable", "connection 3, frame 2: the snapshot at log.2:12: there are two rows of a9000000-0000-4000-8000-000000000001"},
	{"in a group, somebody of another group is seen", func(truth *streamtest.Truth, c []streamtest.Connection) {
		all := server{*truth, wholeFloor}
		c[2].Frames[1].Rows = all.rows("log.2", 12)
		c[0].Frames[4] = streamtest.Frame{Type: "events", Events: all.events("log.1", 5, 6)}
	}, "gap-free, resumable", "connection 1, frame 5: event 6 is none of the view's"},
	{"in a group, a mark leads to other names", func(truth *streamtest.Truth, c []streamtest.Connection) {
		c[2].Frames = slices.Insert(c[2].Frames, 2, streamtest.Frame{Type: "mark", Cursor: at("log.1", 12)})
		c[2].Frames[3].Events = server{*truth, salesFloor}.events("log.1", 12, 13)
	}, "bookmarkable", "connection 3, frame 3: the mark at log.1:12 leads out of epoch log.2, where other names and groups are shown"},
	{"in a group, an event names somebody as in another epoch", func(truth *streamtest.Truth, c []streamtest.Connection) {
		c[1].Frames[1].Events = server{*truth, salesFloor}.events("log.2", 8, 10)
	}, "gap-free", "connection 2, frame 2: the message of event 9 is "},
}
