package httpapi

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/presence"
)

const keyHeader = "Idempotency-Key"

func TestIdempotencyKey_MakesARepetitionAnswerAsTheFirst(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		path := presencePath(north, agent)
		for i, c := range []struct {
			path, body, later string
			events            []presence.Kind
		}{
			{path + "/session", `{"metadata": {"a": 1}}`, `{"state": "ready"}`, []presence.Kind{presence.KindSessionStarted}},
			{path, `{"state": "notready"}`, `{"state": "ready"}`, []presence.Kind{presence.KindStateSet}},
			{path + "/direction", `{"direction": "outbound"}`, `{"state": "ready"}`, []presence.Kind{presence.KindDirectionSet}},
			{path, `{"state": "offline"}`, "", []presence.Kind{presence.KindSessionEnded}},
		} {
			var before, after map[string]any
			w.caused(north, func() { before = w.post(agent, c.path, c.body, keyHeader, fmt.Sprint(i)).ok() }, c.events...)
			if c.later != "" {
				w.post(agent, path, c.later).ok()
			}
			time.Sleep(9 * time.Second)
			w.caused(north, func() { after = w.post(agent, c.path, c.body, keyHeader, fmt.Sprint(i)).ok() })
			if before["timestamp"] == after["timestamp"] || after["timestamp"] != api.TimeOf(time.Now()).String() {
				t.Errorf("the timestamp was %v and is %v", before["timestamp"], after["timestamp"])
			}
			delete(before, "timestamp")
			delete(after, "timestamp")
			if diff := cmp.Diff(before, after); diff != "" {
				t.Errorf("%s: first (-) and repeated (+):\n%s", c.path, diff)
			}
		}
	})
}

func TestIdempotencyKey_WithAnotherBodyIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	path := presencePath(north, agent)
	w.post(agent, path+"/session", nil, keyHeader, "key").ok()
	w.caused(north, func() { // the same body in other words
		w.post(agent, path+"/session", "null", keyHeader, "key").ok()
		w.post(agent, path+"/session", " ", keyHeader, "key").ok()
	})
	w.setState(agent, to("ready"), keyHeader, "key").ok() // another path, another key
	w.unchanged(func() {
		w.post(agent, path+"/session", `{"metadata": {}}`, keyHeader, "key").refused(api.CodeIdempotencyKeyReused, keyHeader)
		w.setState(agent, to("notready"), keyHeader, "key").refused(api.CodeIdempotencyKeyReused, keyHeader)
		w.setState(agent, to("ready"), keyHeader, strings.Repeat("k", 256)).refused(api.CodeBadRequest, keyHeader)
	})
	w.setState(agent, to("ready"), keyHeader, strings.Repeat("k", 255)).wantStatus(200)
}

// The key is the caller's: another's same key is another request.
func TestIdempotencyKey_IsKnownByWhoSendsIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.session(agent)
	w.setState(agent, to("ready"), keyHeader, "key").ok()
	w.caused(north, func() {
		w.post(supervisor, presencePath(north, agent), to("notready"), keyHeader, "key").ok()
	}, presence.KindStateSet)
	audited := len(w.auditOf(north))
	w.unchanged(func() {
		got := w.post(supervisor, presencePath(north, agent), to("notready"), keyHeader, "key").ok()
		wantEqual(t, got["supervisorId"], any(supervisor.id))
	})
	wantEqual(t, len(w.auditOf(north)), audited)
}

// What was refused left nothing that a repetition could get again.
func TestIdempotencyKey_OfARefusedRequestIsFree(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.setState(agent, to("ready"), keyHeader, "key").refused(api.CodeNoSession, "")
	w.session(agent)
	w.caused(north, func() { w.setState(agent, to("ready"), keyHeader, "key").ok() }, presence.KindStateSet)
}

func TestIdempotencyKey_SentManyTimesAtOnceIsCarriedOutOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.session(agent)
	ids := make([]any, 8)
	w.caused(north, func() {
		var all sync.WaitGroup
		for i := range ids {
			all.Go(func() {
				ids[i] = decoded[map[string]map[string]any](w.post(agent, presencePath(north, agent)+"/session", "null", keyHeader, "key"))["result"]["sessionId"]
			})
		}
		all.Wait()
	}, presence.KindSessionEnded, presence.KindSessionStarted)
	for _, id := range ids {
		if id == nil || id != ids[0] {
			t.Errorf("sessions %v", ids)
		}
	}
}

// Old clients post not-ready with the reason Logged in, a heartbeat and a
// direction right after the start of a session, all at once.
func TestOldClientsHabit_IsTaken(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		path := presencePath(north, agent)
		for round := range 5 {
			id := w.session(agent)
			system := to("notready", "sessionId", id, "reason", "Logged in",
				"reasonId", presence.LoggedIn().ID.String(), "reasonListId", presence.SystemListID.String())
			before := w.head(north)
			var all sync.WaitGroup
			for sub, body := range map[string]any{
				"": system, "/heartbeat": map[string]any{"sessionId": id},
				"/direction": map[string]any{"sessionId": id, "direction": "outbound", "initiatorId": agent.id},
			} {
				all.Go(func() {
					if r := w.post(agent, path+sub, body); r.status != 200 {
						t.Errorf("round %d: %s answered %d: %s", round, r.request, r.status, r.body)
					}
				})
			}
			all.Wait()
			wantEqual(t, len(w.eventsAfter(north, before)), 2)
			time.Sleep(time.Second)
		}
		// Each session has one interval: it began and turned outbound in the same
		// millisecond, and nothing else changed.
		intervals := w.intervals(agent, agent)
		sessions := map[string]bool{}
		for _, i := range intervals {
			if sessions[i.SessionID] || *i.Reason != "Logged in" || i.Direction != "outbound" || i.DurationMS != 1000 {
				t.Errorf("doubled or wrong: %+v", i)
			}
			sessions[i.SessionID] = true
		}
		wantEqual(t, fmt.Sprint(len(intervals)), "5")
	})
}
