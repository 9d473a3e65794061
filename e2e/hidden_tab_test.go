package e2e

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/muster-presence/muster/api"
)

// often lets the server ask every second, as a plain timer in the page does.
const often = `
tenants:
  - key: demo
    settings: {beatDelay: 1s}
`

// deskSeen is what the page counts.
type deskSeen struct {
	Welcomed bool
	Beats    int // that it answered
	Ticks    int // of a timer of one second
	Closed   int
	Error    string
}

// A browser lets the timers of a hidden page fire once a minute. A client that is
// asked by the server does not need them.
func TestHiddenTab_StaysLiveThoughItsTimersAreHeldBack(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes more than a minute")
	}
	// The browser holds timers back once a page has been hidden for 5 minutes; here
	// for 5 s.
	b := startBrowser(t, "--enable-features=IntensiveWakeUpThrottling:grace_period_seconds/5")
	pages := httptest.NewServer(http.FileServer(http.Dir("testdata")))
	t.Cleanup(pages.Close)
	data := provisioned(t)
	file := filepath.Join(t.TempDir(), "often.yaml")
	must(t, os.WriteFile(file, []byte(often), 0o600))
	if _, err := muster(t, "", "apply", "--data", data, file); err != nil {
		t.Fatal("the settings could not be applied")
	}
	s := startServer(t, data, "--allow-origin", pages.URL)
	supervisor := logIn(t, s, "supervisor@demo.example", "Demo")
	agent := logIn(t, s, "agent@demo.example", "Demo")

	fragment, err := json.Marshal(map[string]string{"base": s.base, "username": "agent@demo.example", "password": password})
	must(t, err)
	desk := b.open(pages.URL + "/hidden_tab.html#" + url.PathEscape(string(fragment)))
	expectDesk(t, desk, "is live", func(seen deskSeen) bool { return seen.Welcomed && seen.Beats > 2 })

	b.open("about:blank") // in front of the desk
	expectHidden(t, desk)
	watch(t, supervisor, agent, 15*time.Second) // the grace period
	before := desk.seen()
	const window = 65 * time.Second
	watch(t, supervisor, agent, window)
	after := desk.seen()
	expectHidden(t, desk)
	asked := int(window / time.Second)
	ticks, beats := after.Ticks-before.Ticks, after.Beats-before.Beats
	t.Logf("in %s a timer of one second fired %d times, and %d beats were answered", window, ticks, beats)
	if ticks > asked/4 {
		t.Fatalf("the browser does not hold timers back: %d of %d fired; the test shows nothing", ticks, asked)
	}
	if beats < asked*9/10 || after.Closed != 0 {
		t.Errorf("%d of about %d beats were answered, the socket was closed with %d", beats, asked, after.Closed)
	}

	desk.close()
	closed := time.Now()
	for state := stateOf(t, supervisor, agent); state.Offerable || state.Connection != api.ConnectionLost; state = stateOf(t, supervisor, agent) {
		if time.Since(closed) > 2*time.Second { // one, and some for the browser to close the tab
			t.Fatalf("after closing the tab the agent is %+v", state)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// expectDesk waits for what the page counts.
func expectDesk(t *testing.T, desk *page, what string, is func(deskSeen) bool) {
	t.Helper()
	for patience := time.Now().Add(time.Minute); ; time.Sleep(100 * time.Millisecond) {
		seen := desk.seen()
		if is(seen) {
			return
		}
		if seen.Error != "" || time.Now().After(patience) {
			t.Fatalf("the desk never %s: %+v", what, seen)
		}
	}
}

func expectHidden(t *testing.T, desk *page) {
	t.Helper()
	var visibility string
	desk.evaluate("document.visibilityState", &visibility)
	if visibility != "hidden" {
		t.Fatalf("the page behind another is %s", visibility)
	}
}

func (p *page) seen() (seen deskSeen) {
	p.browser.t.Helper()
	p.evaluate("typeof seen === 'undefined' ? {} : seen", &seen)
	return seen
}

// watch looks for a while whether the agent stays live and offerable.
func watch(t *testing.T, supervisor, agent *person, d time.Duration) {
	t.Helper()
	for end := time.Now().Add(d); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		if state := stateOf(t, supervisor, agent); !state.Offerable || state.Connection != api.ConnectionLive {
			t.Fatalf("the hidden page's agent is %s, offerable %v", state.Connection, state.Offerable)
		}
	}
}

func stateOf(t *testing.T, supervisor, agent *person) api.PresenceState {
	t.Helper()
	state, err := ask[api.PresenceState](supervisor, "GET", agent.presence(), nil)
	must(t, err)
	return state
}
