package e2e

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/sdk"
)

// stormTime is how long clients of the SDK live with a bad network; make soak gives them more.
func stormTime(t *testing.T) time.Duration {
	t.Helper()
	text := os.Getenv("MUSTER_SOAK")
	if text == "" {
		return time.Minute
	}
	long, err := time.ParseDuration(text)
	must(t, err)
	return long
}

// sdkAgent is an agent of the SDK behind a proxy, with who changes it and who sees that.
type sdkAgent struct {
	*sdkClient
	witness *witness
	changer *changer
	session string
	asked   askings
}

// sdkFloor is the server that they all talk to.
type sdkFloor struct {
	t      *testing.T
	server *server
	direct *proxy // without weather
	boss   *person
	router *person
	over   chan struct{} // closed when nobody changes anything any more
	busy   sync.WaitGroup
}

func newSDKFloor(t *testing.T, agents int) *sdkFloor {
	t.Helper()
	f := &sdkFloor{t: t, server: startServer(t, provisionedForSDK(t, agents)), over: make(chan struct{})}
	f.direct = newProxy(t, f.server)
	f.boss, f.router = f.person("supervisor@demo.example", "Demo"), f.person("router@demo.example", "Demo")
	return f
}

// person is somebody who talks to the server without weather.
func (f *sdkFloor) person(username, tenant string) *person {
	f.t.Helper()
	p := logIn(f.t, f.server, username, tenant)
	p.base = f.direct.base
	return p
}

// agent is one in a session of its own, whom nobody changes yet.
func (f *sdkFloor) agent(i int, random *rand.Rand, change ...func(*sdk.Options)) *sdkAgent {
	f.t.Helper()
	direct := f.person(sdkUsername(i), "Demo")
	a := &sdkAgent{sdkClient: newSDKClient(f.t, newProxy(f.t, f.server), direct, change...), witness: newWitness(f.t, f.direct.base, direct)}
	a.session = a.enter()
	config, err := ask[api.Config](direct, "GET", "tenants/"+direct.tenant+"/users/"+direct.id+"/config", nil)
	must(f.t, err)
	a.changer = &changer{boss: f.boss, router: f.router, agent: direct.id, random: random, reasons: reasonsOf(config), bursts: make(chan int), burnt: make(chan int)}
	return a
}

// settle waits until the client has told all that the witness saw, which is all that was acknowledged.
func (a *sdkAgent) settle(patience time.Duration) {
	a.t.Helper()
	a.witness.await(a.t, "the witness has seen all that was acknowledged", func(seen []message) bool { return a.changer.check(seen) == nil })
	var truth []message
	for end := time.Now().Add(patience); ; time.Sleep(200 * time.Millisecond) {
		var err error
		truth, err = a.witness.seen(a.session) // which the agent's own last request may have changed after that
		must(a.t, err)
		wrong := judge(truth, a.published(), true)
		if wrong == nil {
			break
		}
		if time.Now().After(end) {
			a.t.Errorf("%s: %v", a.direct.id, wrong)
			return
		}
	}
	if n := ownDirections(truth); n < a.asked.answered || n > a.asked.answered+a.asked.failed {
		a.t.Errorf("%s set its direction %d times, %d were answered and %d failed", a.direct.id, n, a.asked.answered, a.asked.failed)
	}
	sessions := a.sessions()
	if last := sessions[len(sessions)-1]; len(sessions) != 1 || len(last.gone())+len(last.ended()) > 0 {
		a.t.Errorf("%s had %d sessions, and of the last %v and %v", a.direct.id, len(sessions), last.gone(), last.ended())
	}
	a.t.Logf("%s: %d messages, %d connections lost, %d directions answered, %d failed", a.direct.id, len(truth),
		len(a.published(sdk.TopicConnection))/2, a.asked.answered, a.asked.failed)
}

// TestSDK_KeepsItsPromisesInBadWeather has agents of the SDK live a minute with connections that are cut, stall, are slow or refused,
// while a supervisor, a router and they themselves change their state, direction and work. What each was told is held against what was
// committed. A supervisor watches the floor in the same weather, and sees it as it is in the end.
func TestSDK_KeepsItsPromisesInBadWeather(t *testing.T) {
	t.Parallel()
	seed := rand.Uint64()
	t.Logf("the weather is drawn with the seed %d", seed)
	random := func(i uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, i)) }
	f := newSDKFloor(t, 4)
	storms := []*sdkAgent{
		f.agent(0, random(0)), f.agent(1, random(1)),
		f.agent(2, random(2), func(o *sdk.Options) { o.Transport = sdk.TransportEvents }),
	}
	away := f.agent(3, random(3))
	for i, a := range append(storms, away) {
		f.busy.Go(func() { a.changer.run(150*time.Millisecond, f.over) })
		f.busy.Go(func() { a.asked = a.work(random(uint64(20+i)), f.over) })
	}
	for i, a := range storms {
		f.busy.Go(func() {
			t.Logf("agent %d: %s", i, a.proxy.storm(random(uint64(10+i)), 6*time.Second, 3*time.Second, f.over))
		})
	}
	f.busy.Go(func() { f.missMuch(away) })
	watchers := f.watchers(random(30))
	lapsed := f.lapsing(random(40))

	time.Sleep(stormTime(t))
	close(f.over)
	f.busy.Wait()
	for _, a := range append(storms, away) {
		a.proxy.calm()
		a.settle(time.Minute)
	}
	for _, w := range watchers {
		w.settle(time.Minute)
	}
	lapsed.check()
	f.endings(append(storms, away), watchers)
}

// missMuch cuts an agent off for a while in which more happens than the server tells afterwards, again and again.
func (f *sdkFloor) missMuch(a *sdkAgent) {
	for {
		select {
		case <-f.over:
			return
		case <-time.After(5 * time.Second):
		}
		a.proxy.change(func() { a.proxy.refuses = true })
		a.proxy.cut(true)
		a.changer.burst(snapshotGap+100, f.over)
		a.proxy.calm()
	}
}

// sdkWatcher is a supervisor who watches a floor, and what it has been shown.
type sdkWatcher struct {
	t     *testing.T
	f     *sdkFloor
	group string

	mu    sync.Mutex // guards the fields below
	rows  map[string]*api.FloorRow
	wrong error
}

// watchers watch the whole floor and a group of it from one client, behind a proxy with weather.
func (f *sdkFloor) watchers(random *rand.Rand) []*sdkWatcher {
	f.t.Helper()
	c := newSDKClient(f.t, newProxy(f.t, f.server), f.boss)
	f.busy.Go(func() { f.t.Logf("watchers: %s", c.proxy.storm(random, 6*time.Second, 3*time.Second, f.over)) })
	var all []*sdkWatcher
	for _, group := range []string{"", "Sales"} {
		w := &sdkWatcher{t: f.t, f: f, group: group}
		all = append(all, w)
		ctx, cancel := context.WithCancel(context.Background())
		var watching sync.WaitGroup
		watching.Go(func() {
			for update, err := range c.Floor.Watch(ctx, sdk.WatchParams{TenantID: f.boss.tenant, Group: group}) {
				w.take(update, err)
			}
		})
		f.t.Cleanup(func() { cancel(); watching.Wait() })
	}
	return all
}

func (w *sdkWatcher) take(update sdk.FloorUpdate, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case err != nil:
		w.wrong = err
	case w.rows == nil && !update.Reset:
		w.wrong = fmt.Errorf("the first update is no whole floor but %+v", update)
	}
	before := w.rows
	if update.Reset || w.rows == nil {
		w.rows = make(map[string]*api.FloorRow)
	}
	for _, row := range update.Rows {
		if old := before[row.ResourceID]; old != nil && old.Version > row.Version {
			w.wrong = fmt.Errorf("row %s went back from version %d to %d", row.ResourceID, old.Version, row.Version)
		}
		w.rows[row.ResourceID] = row
	}
}

// settle waits until the watcher sees the floor that REST answers.
func (w *sdkWatcher) settle(patience time.Duration) {
	w.t.Helper()
	for end := time.Now().Add(patience); ; time.Sleep(200 * time.Millisecond) {
		page, err := ask[api.FloorPage](w.f.boss, "GET", "tenants/"+w.f.boss.tenant+"/presence?limit=1000&group="+w.group, nil)
		must(w.t, err)
		floor := make(map[string]*api.FloorRow)
		for _, row := range page.Rows {
			floor[row.ResourceID] = &row
		}
		w.mu.Lock()
		difference, wrong := cmp.Diff(floor, w.rows), w.wrong
		w.mu.Unlock()
		switch {
		case wrong != nil:
			w.t.Errorf("watching the group %q: %v", w.group, wrong)
			return
		case difference == "":
			return
		case time.Now().After(end):
			w.t.Errorf("the floor of the group %q is (-), the watcher sees (+)\n%s", w.group, difference)
			return
		}
	}
}

// lapsing is an agent of Acme who is away for longer than its lease, again and again.
type lapsing struct {
	*sdkClient
	witness *witness
	boss    *person
}

func (f *sdkFloor) lapsing(random *rand.Rand) *lapsing {
	f.t.Helper()
	direct := f.person("agent@demo.example", "Acme")
	l := &lapsing{
		sdkClient: newSDKClient(f.t, newProxy(f.t, f.server), direct),
		witness:   newWitness(f.t, f.direct.base, direct), boss: f.person("supervisor@demo.example", "Acme"),
	}
	f.busy.Go(func() {
		for l.lapse(random) {
			select {
			case <-f.over:
				return
			default:
			}
		}
	})
	return l
}

// lapse is one session, from its beginning to where it is found to be gone.
func (l *lapsing) lapse(random *rand.Rand) bool {
	if _, err := l.Session.SetActiveTenant(context.Background(), sdk.SetActiveTenantParams{TenantID: l.direct.tenant}); err != nil {
		l.t.Errorf("no session after one that lapsed: %v", err)
		return false
	}
	turn := func() {
		_, err := ask[api.PresenceState](l.boss, "POST", l.direct.presence()+"/direction", api.SetDirectionRequest{Direction: anyDirection(random)})
		if err != nil {
			l.t.Errorf("the agent has no session in time: %v", err)
		}
	}
	for range random.IntN(20) {
		turn()
		time.Sleep(time.Duration(random.IntN(100)) * time.Millisecond)
	}
	lasts := acmeLease + 2*time.Second + time.Duration(random.Int64N(int64(3*time.Second)))
	switch random.IntN(3) {
	case 0:
		l.proxy.change(func() { l.proxy.stalled = [2]bool{true, true} })
	case 1:
		l.proxy.change(func() { l.proxy.stalled[up] = true })
	default:
		l.proxy.change(func() { l.proxy.refuses = true })
		l.proxy.cut(true)
	}
	turn() // which happens all the same
	time.Sleep(lasts)
	if random.IntN(2) == 0 {
		l.proxy.cut(true)
	}
	l.proxy.calm()
	for end := time.Now().Add(40 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		sessions := l.sessions()
		switch {
		case len(sessions[len(sessions)-1].gone()) > 0:
			return true
		case time.Now().After(end):
			l.t.Errorf("after an outage of %s nobody tells that the session is gone", lasts)
			return false
		}
	}
}

// check: each session ended with one 2003 and nothing after it, and what was told before is what happened.
func (l *lapsing) check() {
	l.t.Helper()
	sessions := l.sessions()
	for _, s := range sessions {
		truth, err := l.witness.seen(s.id)
		must(l.t, err)
		if err := judge(truth, s.events, false); err != nil {
			l.t.Errorf("session %s: %v", s.id, err)
		}
		gone, ended := s.gone(), s.ended()
		if len(gone) != 1 || len(ended) > 0 {
			l.t.Errorf("session %s ended with %d errors 2003 and %d times", s.id, len(gone), len(ended))
			continue
		}
		if answer := gone[0].Err.Data.APIResponse; gone[0].Topic != sdk.TopicHeartbeat || answer == nil || answer.Status != 404 {
			l.t.Errorf("session %s ended with %+v", s.id, gone[0])
		}
		if last := truth[len(truth)-1]; last.EndCode != api.EndCodeLeaseExpired {
			l.t.Errorf("session %s ended on the server with %s", s.id, last.text)
		}
	}
	l.t.Logf("%d sessions lapsed", len(sessions))
}

// endings end the agents' sessions in every way, and what each is told is its end, once.
func (f *sdkFloor) endings(agents []*sdkAgent, watchers []*sdkWatcher) {
	t := f.t
	t.Helper()
	loggedOut, thrownOut, superseded, closed := agents[0], agents[1], agents[2], agents[3]
	_, err := loggedOut.Authentication.Logout(t.Context())
	must(t, err)
	_, err = ask[api.PresenceState](f.boss, "POST", thrownOut.changer.path(), api.SetStateRequest{State: api.StateOffline})
	must(t, err)
	_, err = ask[api.Session](superseded.direct, "POST", superseded.direct.presence()+"/session", nil)
	must(t, err)
	closed.Close()
	over := func(a *sdkAgent) (s publishedSession) {
		eventually(t, 20*time.Second, "the session is over", func() bool {
			s = a.sessions()[0]
			return len(s.gone())+len(s.ended()) > 0
		})
		return s
	}
	for _, a := range []*sdkAgent{loggedOut, thrownOut} {
		s := over(a)
		how := s.ended()
		truth, err := a.witness.seen(a.session)
		must(t, err)
		if len(how) != 1 || len(s.gone()) > 0 || a == thrownOut && !isMessage(truth[len(truth)-1], how[0]) {
			t.Errorf("%s was told %+v and %+v of its end", a.direct.id, how, s.gone())
		}
	}
	if s := over(superseded); len(s.ended()) > 0 || len(s.gone()) != 1 || s.gone()[0].Err.Data.APIResponse.Status != 409 {
		t.Errorf("the superseded session was told %+v and %+v of its end", s.ended(), s.gone())
	}
	before := len(closed.published())
	for _, w := range watchers {
		w.settle(time.Minute)
	}
	for _, a := range []*sdkAgent{loggedOut, thrownOut, superseded} {
		if s := a.sessions()[0]; len(s.gone())+len(s.ended()) != 1 {
			t.Errorf("%s was told of its end again: %+v and %+v", a.direct.id, s.gone(), s.ended())
		}
	}
	if after := closed.published(); len(after) != before {
		t.Errorf("a closed client publishes %+v", after[before:])
	}
}
