package follow

import (
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"testing"
	"time"
)

// sumOf is what rows, written id:version, add up to.
func sumOf(rows ...string) (sum uint32) {
	for _, row := range rows {
		sum += crc32.ChecksumIEEE([]byte(row))
	}
	return sum
}

func rowOf(id string, version int) string {
	return fmt.Sprintf(`{"resourceId":%q,"version":%d}`, id, version)
}

func change(prev, seq int, row string) string {
	return fmt.Sprintf(`{"type":"events","events":[{"seq":%d,"prev":%d,"message":{"type":"floor-row-change","row":%s}}]}`, seq, prev, row)
}

func beat(n, seq int, sum uint32) string {
	return fmt.Sprintf(`{"type":"beat","n":%d,"seq":%d,"sum":%d}`, n, seq, sum)
}

func TestBeats_AreAnsweredAtOnce(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		p := w.welcomed()
		for n := 1; n <= 20; n++ {
			time.Sleep(4 * time.Second)
			asked := time.Now()
			p.say(fmt.Sprintf(`{"type":"beat","n":%d}`, n))
			if got, want := p.hear(), fmt.Sprintf(`{"n":%d,"type":"beat"}`, n); got != want || time.Since(asked) > 0 {
				t.Fatalf("got %s after %s", got, time.Since(asked))
			}
		}
		w.expect()
	})
}

func TestConnection_IsDeadAfterTwoAndAHalfBeats(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		p := w.welcomed()
		time.Sleep(9 * time.Second)
		p.say(`{"type":"later"}`) // whatever it says
		time.Sleep(10*time.Second - time.Millisecond)
		w.expect()
		time.Sleep(time.Millisecond)
		w.expect("disconnected")
		if !errors.Is(w.why(), errSilent) {
			t.Errorf("got %v", w.why())
		}
		if p = w.socket(); p.cursor() != "e:10" {
			t.Errorf("resumes from %q", p.cursor())
		}
	})
}

func TestConnection_HasItsTimeToOpen(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		w.next()
		time.Sleep(10*time.Second - time.Millisecond)
		w.expect()
		time.Sleep(time.Millisecond)
		w.expect("disconnected")
		if !errors.Is(w.why(), errDial) {
			t.Errorf("got %v", w.why())
		}
		w.socket()
		time.Sleep(30*time.Second - time.Millisecond)
		w.expect()
		time.Sleep(time.Millisecond)
		w.expect("disconnected")
		if !errors.Is(w.why(), errSilent) {
			t.Errorf("got %v", w.why())
		}
	})
}

func TestFloor_ChecksItsSum(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		p := w.socket()
		p.say(welcome("e:10"), snapshotAt("e:10", rowOf("a", 1), rowOf("b", 2)),
			beat(1, 10, sumOf("a:1", "b:2")),
			change(10, 11, rowOf("a", 7)), change(11, 12, rowOf("c", 1)),
			beat(2, 12, sumOf("a:7", "b:2", "c:1")),
			beat(3, 13, 5), // of a place where the client is not
			snapshotAt("f:20", rowOf("c", 1)),
			beat(4, 20, sumOf("c:1")))
		for range 4 {
			p.hear()
		}
		if got := w.seen.take(); len(got) != 5 {
			t.Errorf("got %q", got)
		}
		p.cut()
		p = w.socket()
		p.say(welcome("f:20"), change(20, 21, rowOf("c", 2)), beat(1, 21, sumOf("c:2"))) // the sum outlives a connection
		p.hear()
		w.expect("disconnected", "welcome", `event {"type":"floor-row-change","row":{"resourceId":"c","version":2}}`)
	}, floor)
}

func TestFloor_BeginsAnewWhenItsSumIsAnother(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		p := w.socket()
		p.say(welcome("e:10"), snapshotAt("e:10", rowOf("a", 1)), beat(1, 10, sumOf("a:2")))
		if got := p.hear(); got != `{"n":1,"type":"beat"}` { // the client is there, all the same
			t.Errorf("got %s", got)
		}
		p.left()
		if p = w.socket(); p.cursor() != "" || !errors.Is(w.why(), errSum) {
			t.Errorf("resumes from %q because of %v", p.cursor(), w.why())
		}
		p.say(welcome("e:11"), snapshotAt("e:11", rowOf("a", 2)), beat(1, 11, sumOf("a:2")), beat(2, 11, sumOf("a:2")))
		p.hear()
		p.hear()
	}, floor)
}

func TestFloor_DoesNotTrustASumOverRowsItCannotRead(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		p := w.socket()
		p.say(welcome("e:10"), snapshotAt("e:10", rowOf("a", 1), `{"resourceId":"b"}`), beat(1, 10, 1), beat(2, 10, 1))
		p.hear()
		p.hear()
		w.expect("welcome", `unreadable {"resourceId":"b"}`, `snapshot [{"resourceId":"a","version":1}]`)
	}, floor)
}

func TestFloor_CountsAMessageItCannotReadAsSeen(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		p := w.socket()
		p.say(welcome("e:10"), snapshotAt("e:10"), change(10, 11, `{"version":"x"}`), event(11, 12),
			`{"type":"events","events":[{"seq":13,"prev":12,"message":{"type":"later","row":7}}]}`)
		w.expect("welcome", "snapshot []", `unreadable {"type":"floor-row-change","row":{"version":"x"}}`, "unreadable 12", `event {"type":"later","row":7}`)
	}, floor)
}

func TestDigest_IsTheOneOfTheProtocol(t *testing.T) {
	t.Parallel()
	d := new(digest)
	d.replace([]json.RawMessage{json.RawMessage(rowOf("0197a3c2-7e10-7c3a-9d51-3b8f5e2a4c11", 7))}, nil)
	if d.total != 758783033 {
		t.Errorf("got %d", d.total)
	}
}

func TestCursor_IsReadAtItsLastColon(t *testing.T) {
	t.Parallel()
	var c cursor
	if err := c.UnmarshalText([]byte("a:b.42:4711")); err != nil || c != (cursor{"a:b.42", 4711}) || c.String() != "a:b.42:4711" {
		t.Errorf("got %v, %v", c, err)
	}
	for _, text := range []string{"", "7", ":7", "e:", "e:-1", "e:x", "e:9223372036854775808"} {
		if err := c.UnmarshalText([]byte(text)); !errors.Is(err, errCursor) {
			t.Errorf("%q: got %v", text, err)
		}
	}
}
