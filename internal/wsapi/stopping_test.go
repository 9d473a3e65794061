package wsapi

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/presence"
)

// A client that does not take its close frame holds the end up; meanwhile the
// engine works on, and nobody can come back.
func TestRun_HoldsItsOwnStopAgainstNobody(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		versions := make(map[string]uint64)
		var quick, stuck, left *client
		for person, c := range map[string]**client{agent: &quick, colleague: &stuck, supervisor: &left} {
			*c = w.settled(person, "self", `"sessionId":"`+w.login(person)+`"`)
			versions[person] = w.agent(person).Version
		}
		left.leave() // a page that is reloaded
		go w.stop()
		quick.wantClose(api.CloseGoingAway)
		if got := stuck.next(); got.close != api.CloseGoingAway {
			t.Errorf("got %+v", got)
		}
		time.Sleep(10 * time.Minute)
		synctest.Wait()
		for person, before := range versions {
			if after := w.agent(person); after.Version != before || after.Session.Connection != presence.Live {
				t.Errorf("%s went from version %d to %+v", person, before, after)
			}
		}
	})
}
