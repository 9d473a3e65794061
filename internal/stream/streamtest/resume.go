package streamtest

import (
	"encoding/json"
	"slices"

	"github.com/muster-presence/muster/api"
)

// Resumable promises that whoever comes with a cursor goes on from there with
// the event that comes next, if it has been there, or else begins with a snapshot
// that is no older; and that every snapshot is the view at its cursor.
func Resumable(truth Truth, seen Seen) error {
	judge := newJudge(truth, seen.View)
	been := make(map[Cursor]bool)
	for i, c := range seen.Connections {
		known := been[c.From]
		if err := judge.begins(c, i+1, known); err != nil {
			return err
		}
		var parts []json.RawMessage
		err := c.frames(i+1, func(at place, _, after Cursor, f Frame) error {
			been[after] = true
			if f.Type != api.FrameTypeSnapshot {
				return nil
			}
			if f.Part == 1 {
				parts = nil
			}
			if parts = append(parts, f.Rows...); !f.Last {
				return nil
			}
			if known && !c.resumed() && f.Cursor.Epoch == c.From.Epoch && f.Cursor.Seq < c.From.Seq {
				return at.complain("who was at %d gets a snapshot at %d", c.From.Seq, f.Cursor.Seq)
			}
			return judge.shows(at, f.Cursor, parts)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// begins checks what a connection begins with. Known: the client has been at its
// cursor.
func (j *judge) begins(c Connection, number int, known bool) error {
	begin := slices.IndexFunc(c.Frames, func(f Frame) bool {
		return f.Type == api.FrameTypeEvents || f.Type == api.FrameTypeMark || f.Type == api.FrameTypeSnapshot
	})
	at := place{number, 1}
	if len(c.Frames) > 0 && c.Frames[0].Type != api.FrameTypeWelcome && c.Frames[0].Type != api.FrameTypeClose {
		return at.complain("a frame of type %s comes before the welcome", c.Frames[0].Type)
	}
	if !c.resumed() {
		if begin >= 0 && c.Frames[begin].Type != api.FrameTypeSnapshot {
			return place{number, begin + 1}.complain("a frame of type %s comes where a snapshot must", c.Frames[begin].Type)
		}
		return nil
	}
	if !known {
		return at.complain("the view goes on from %s, where the client has never been", c.From)
	}
	view, err := j.at(c.From)
	if err != nil {
		return at.complain("%v", err)
	}
	if begin < 0 || len(c.Frames[begin].Events) == 0 {
		return nil
	}
	first := c.Frames[begin].Events[0].Seq
	if next, ok := view.between(c.From.Seq, first); ok {
		return place{number, begin + 1}.complain("who was at %d resumes with event %d, and missed event %d", c.From.Seq, first, next)
	}
	if first <= c.From.Seq {
		return place{number, begin + 1}.complain("who was at %d resumes with event %d", c.From.Seq, first)
	}
	return nil
}

// shows checks that a snapshot's rows are those of the view.
func (j *judge) shows(at place, cursor Cursor, parts []json.RawMessage) error {
	view, err := j.at(cursor)
	if err != nil {
		return at.complain("%v", err)
	}
	rows := newRows(j.view)
	if err := rows.replace(parts); err != nil {
		return at.complain("the snapshot at %s: %v", cursor, err)
	}
	if err := view.equal(cursor.Seq, rows); err != nil {
		return at.complain("the snapshot at %s: %v", cursor, err)
	}
	return nil
}
