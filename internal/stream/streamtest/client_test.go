package streamtest_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/stream/streamtest"
)

// attending is a client of the group's floor that has a snapshot at 3, and the
// server that gave it.
func attending(t testing.TB) (*streamtest.Client, server) {
	t.Helper()
	s, client := server{morning(t), salesFloor}, streamtest.NewClient(salesFloor)
	if cursor := client.Connect(); !cursor.IsZero() {
		t.Fatalf("a new client is at %s", cursor)
	}
	receive(t, client, welcome(at("log.1", 3)), part(at("log.1", 3), 1, true, s.rows("log.1", 3)...))
	return client, s
}

// expect gives a client a frame and looks at what it does, and where it is then.
func expect(t testing.TB, client *streamtest.Client, frame string, verdict streamtest.Verdict, says string, cursor streamtest.Cursor) {
	t.Helper()
	got, err := client.Receive([]byte(frame))
	said := ""
	if err != nil {
		said = err.Error()
	}
	if got != verdict || said != says {
		t.Errorf("%.100s\n%s, %q, want %s, %q", frame, got, said, verdict, says)
	}
	if client.Cursor() != cursor {
		t.Errorf("%.100s\nthe client is at %s, want %s", frame, client.Cursor(), cursor)
	}
}

func TestClient_WelcomeDoesNotMoveIt(t *testing.T) {
	t.Parallel()
	client, _ := attending(t)
	client.Connect()
	expect(t, client, welcome(at("log.2", 7)), streamtest.GoOn, "", at("log.1", 3))
}

func TestClient_ConnectsWithItsCursor(t *testing.T) {
	t.Parallel()
	client, _ := attending(t)
	if cursor := client.Connect(); cursor != at("log.1", 3) {
		t.Errorf("connects with %s", cursor)
	}
	client.ConnectFrom(at("log.1", 1))
	if c := client.Seen().Connections; c[1].From != at("log.1", 3) || c[2].From != at("log.1", 1) || client.Cursor() != at("log.1", 3) {
		t.Errorf("wrote down %+v and is at %s", c, client.Cursor())
	}
}

func TestClient_WantsTheWelcomeFirst(t *testing.T) {
	t.Parallel()
	client, _ := attending(t)
	client.Connect()
	expect(t, client, mark(at("log.1", 4)), streamtest.Resume,
		`connection 2, frame 1: a frame of type "mark" comes before the welcome`, at("log.1", 3))
}

func TestClient_TakesWhatIsNextAndLeavesWhatItHas(t *testing.T) {
	t.Parallel()
	client, s := attending(t)
	to5 := s.events("log.1", 3, 5)
	expect(t, client, events(to5...), streamtest.GoOn, "", at("log.1", 5))
	expect(t, client, events(to5...), streamtest.GoOn, "", at("log.1", 5))
	later := s.events("log.1", 5, 9)
	expect(t, client, events(later[1:]...), streamtest.Resume,
		"connection 1, frame 5: event 8 follows on 7, the client is at 5", at("log.1", 5))
	expect(t, client, events(append(to5, later...)...), streamtest.GoOn, "", at("log.1", 9))
	if err := streamtest.Converged(s.truth, client); err != nil {
		t.Error(err)
	}
}

func TestClient_TakesNoEventBeforeASnapshot(t *testing.T) {
	t.Parallel()
	s, client := server{morning(t), salesFloor}, streamtest.NewClient(salesFloor)
	client.Connect()
	receive(t, client, welcome(at("log.1", 3)))
	expect(t, client, events(s.events("log.1", 3, 5)...), streamtest.Resume,
		"connection 1, frame 2: event 4 comes before a snapshot", streamtest.Cursor{})
	if err := streamtest.Converged(s.truth, client); err == nil {
		t.Error("who has nothing has converged")
	}
}

func TestClient_TakesASnapshotWithItsLastPart(t *testing.T) {
	t.Parallel()
	client, s := attending(t)
	rows, there := s.rows("log.1", 9), at("log.1", 9)
	expect(t, client, part(there, 1, false, rows[0]), streamtest.GoOn, "", at("log.1", 3))
	if err := streamtest.Converged(s.truth, client); err != nil {
		t.Errorf("within the snapshot: %v", err)
	}
	expect(t, client, part(there, 3, true, rows[1]), streamtest.Resume,
		"connection 1, frame 4: part 3 of the snapshot at log.1:9 does not follow on part 1 at \"log.1:9\"", at("log.1", 3))
	expect(t, client, part(at("log.1", 8), 2, true, rows[1]), streamtest.Resume,
		"connection 1, frame 5: part 2 of the snapshot at log.1:8 does not follow on part 1 at \"log.1:9\"", at("log.1", 3))
	expect(t, client, part(there, 1, false, rows[0]), streamtest.GoOn, "", at("log.1", 3))
	expect(t, client, part(there, 2, true, rows[1]), streamtest.GoOn, "", there)
	if err := streamtest.Converged(s.truth, client); err != nil {
		t.Error(err)
	}
}

func TestClient_ForgetsAnUnfinishedSnapshotWithItsConnection(t *testing.T) {
	t.Parallel()
	client, s := attending(t)
	rows, there := s.rows("log.1", 9), at("log.1", 9)
	receive(t, client, part(there, 1, false, rows[0]))
	receive(t, client, welcome(client.Connect()))
	expect(t, client, part(there, 2, true, rows[1]), streamtest.Resume,
		"connection 2, frame 2: part 2 of the snapshot at log.1:9 does not follow on part 0 at \"\"", at("log.1", 3))
}

func TestClient_BeginsAnewWhenItsRowsDoNotAddUp(t *testing.T) {
	t.Parallel()
	client, s := attending(t)
	receive(t, client, events(s.events("log.1", 3, 5)...))
	beat := func(n, seq int, sum uint32) string {
		return fmt.Sprintf(`{"type":"beat","n":%d,"seq":%d,"sum":%d}`, n, seq, sum)
	}
	// Of "a9000000-0000-4000-8000-000000000001:3", Ann's row, and "…02:1", Ben's.
	const sum = 4021624709
	expect(t, client, `{"type":"beat","n":1}`, streamtest.Answer, "", at("log.1", 5))
	if diff := cmp.Diff(`{"type":"beat","n":1}`, string(client.Answer())); diff != "" {
		t.Error(diff)
	}
	expect(t, client, beat(2, 5, sum), streamtest.Answer, "", at("log.1", 5))
	expect(t, client, beat(3, 4, sum+1), streamtest.Answer, "", at("log.1", 5))
	expect(t, client, beat(4, 5, sum+1), streamtest.Begin,
		fmt.Sprintf("connection 1, frame 7: beat 4 says that the rows add up to %d at 5, they add up to %d", uint32(sum+1), uint32(sum)), streamtest.Cursor{})
}

func TestClient_BeginsAnewAfterRowsThatItCannotRead(t *testing.T) {
	t.Parallel()
	client, _ := attending(t)
	expect(t, client, part(at("log.1", 9), 1, true, encode(7)), streamtest.Begin,
		"connection 1, frame 3: read the snapshot at log.1:9: row 7: json: cannot unmarshal number into Go value of type api.FloorRow", streamtest.Cursor{})
}

func TestClient_CountsAMessageThatItCannotReadAsSeen(t *testing.T) {
	t.Parallel()
	client, _ := attending(t)
	expect(t, client, events(streamtest.Event{Seq: 4, Prev: 3, Message: encode(7)}), streamtest.GoOn,
		"connection 1, frame 3: read the message of event 4: json: cannot unmarshal number into Go value of type api.FloorRowChangeMessage", at("log.1", 4))
}

func TestClient_PassesOverWhatItDoesNotKnow(t *testing.T) {
	t.Parallel()
	client, s := attending(t)
	expect(t, client, `{"type":"weather","cursor":"log.1:9"}`, streamtest.GoOn, "", at("log.1", 3))
	expect(t, client, events(streamtest.Event{Seq: 4, Prev: 3, Message: encode(map[string]string{"type": "rain"})}), streamtest.GoOn, "", at("log.1", 4))
	own := streamtest.NewClient(annsOwn)
	own.Connect()
	receive(t, own, welcome(at("log", 3)), part(at("log", 3), 1, true, server{s.truth, annsOwn}.rows("log", 3)...))
	expect(t, own, events(streamtest.Event{Seq: 4, Prev: 3, Message: encode(map[string]string{"type": "rain"})}), streamtest.GoOn, "", at("log", 4))
}

func TestClient_ResumesAfterWhatIsNoFrame(t *testing.T) {
	t.Parallel()
	client, _ := attending(t)
	for _, text := range []string{``, `[]`, `{"type":"mark","cursor":"9"}`, `{"type":"mark","cursor":":9"}`, `{"type":"mark","cursor":"log:x"}`} {
		if verdict, err := client.Receive([]byte(text)); verdict != streamtest.Resume || err == nil || client.Cursor() != at("log.1", 3) {
			t.Errorf("%s: %s, %v, at %s", text, verdict, err, client.Cursor())
		}
	}
	if verdict, err := streamtest.NewClient(annsOwn).Receive([]byte(mark(at("log", 3)))); verdict != streamtest.Resume || err == nil {
		t.Errorf("before any connection: %s, %v", verdict, err)
	}
}

func TestClient_DoesWhatACloseCodeSays(t *testing.T) {
	t.Parallel()
	client, _ := attending(t)
	for _, code := range api.CloseCodes() {
		want := streamtest.Stop
		switch {
		case code.NeedsToken():
			want = streamtest.ResumeWithToken
		case code.Resumes():
			want = streamtest.Resume
		}
		if got := client.Closed(code); got != want {
			t.Errorf("%d: %s, want %s", code, got, want)
		}
		expect(t, client, fmt.Sprintf(`{"type":"close","code":%d,"reason":"x"}`, code), want, "", at("log.1", 3))
	}
	for _, code := range []api.CloseCode{0, 1000, 1006, 1011, 4300} {
		if got := client.Closed(code); got != streamtest.Resume {
			t.Errorf("%d: %s", code, got)
		}
	}
}
