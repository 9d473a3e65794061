package e2e

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/muster-presence/muster/api"
)

// crashes is how often the server is killed; at least 20.
const crashes = 20

// TestKill_NothingAcknowledgedIsLost kills the server again and again at random
// moments while agents change their states, and after each restart holds what
// they were told against what the server still knows.
func TestKill_NothingAcknowledgedIsLost(t *testing.T) {
	t.Parallel()
	data := provisioned(t)
	seed := rand.Uint64()
	t.Logf("how long the server lives is drawn with the seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	s := startServer(t, data)
	agents := crashAgents(t, s)
	for round := range crashes {
		life := time.Duration(20+random.IntN(250)) * time.Millisecond
		var working sync.WaitGroup
		for _, a := range agents {
			working.Go(a.work)
		}
		time.Sleep(life) // how long the server lives is what this test varies
		s.kill()
		working.Wait()

		s = startServer(t, data)
		for _, a := range agents {
			a.base = s.base
			if err := a.check(); err != nil {
				t.Fatalf("after crash %d: %s: %v", round+1, a.name, err)
			}
		}
	}
	var acknowledged int
	for _, a := range agents {
		acknowledged += a.acknowledged
	}
	t.Logf("%d crashes, %d acknowledged changes, none lost", crashes, acknowledged)
	if acknowledged < crashes {
		t.Errorf("only %d changes were acknowledged: the agents hardly worked", acknowledged)
	}
}

// patient is a tenant's choice that ends sessions after six seconds, and holds
// agents not ready shortly before.
const patient = `
tenants:
  - key: demo
    settings: {heartbeatDelay: 1s, heartbeatGrace: 1.5, beatDelay: 1s, notReadyAfter: 5s, endAfter: 6s}
`

// TestKill_LeavesSessionsTheirFullLease keeps the server down until the last sign
// of life is older than sessions get without one. Nobody could be heard
// meanwhile: counted from the restart, sessions have all of their time again.
func TestKill_LeavesSessionsTheirFullLease(t *testing.T) {
	t.Parallel()
	const endAfter = 6 * time.Second
	data := provisioned(t)
	file := filepath.Join(t.TempDir(), "patient.yaml")
	must(t, os.WriteFile(file, []byte(patient), 0o600))
	if _, err := muster(t, "", "apply", "--data", data, file); err != nil {
		t.Fatal("the settings could not be applied")
	}
	s := startServer(t, data)
	agent := readyAgent(t, s)
	before := presenceOf(t, agent)
	beat(t, agent, *before.SessionID)
	s.kill()
	time.Sleep(endAfter + 500*time.Millisecond) // the length of the downtime is what is tested

	s = startServer(t, data)
	agent.base = s.base
	time.Sleep(endAfter * 6 / 10) // silence of a real client, longer than it is offerable
	if silent := presenceOf(t, agent); silent.SessionID == nil || *silent.SessionID != *before.SessionID || silent.State != api.StateReady || silent.Offerable {
		t.Fatalf("after the restart and silence the agent is %+v, was %+v", silent, before)
	}
	beat(t, agent, *before.SessionID)
	after := presenceOf(t, agent)
	after.Timestamp = before.Timestamp
	if difference := cmp.Diff(before, after); difference != "" {
		t.Errorf("being heard does not give back (-) what was before, but (+)\n%s", difference)
	}
}

// readyAgent is an agent who is ready and offerable.
func readyAgent(t *testing.T, s *server) *person {
	t.Helper()
	agent := workingAgent(t, s)
	config, err := ask[api.Config](agent, "GET", "tenants/"+agent.tenant+"/users/"+agent.id+"/config", nil)
	must(t, err)
	_, err = ask[api.Member](agent, "PUT", "tenants/"+agent.tenant+"/users/"+agent.id,
		map[string]any{"activeExtension": map[string]any{"id": config.Extensions[0].ID}})
	must(t, err)
	state, err := ask[api.PresenceState](agent, "POST", agent.presence(), api.SetStateRequest{State: api.StateReady})
	must(t, err)
	if !state.Offerable {
		t.Fatalf("the agent is %+v", state)
	}
	return agent
}

func beat(t *testing.T, agent *person, session string) {
	t.Helper()
	_, err := ask[api.HeartbeatResponse](agent, "POST", agent.presence()+"/heartbeat", api.HeartbeatRequest{SessionID: &session})
	must(t, err)
}

// crashAgents are the example's users in both of their tenants, with sessions.
func crashAgents(t *testing.T, s *server) []*crashAgent {
	t.Helper()
	var agents []*crashAgent
	for _, username := range []string{"agent@demo.example", "supervisor@demo.example", "admin@demo.example"} {
		for _, tenant := range []string{"Demo", "Acme"} {
			a := &crashAgent{person: logIn(t, s, username, tenant), name: username + " in " + tenant}
			session, err := ask[api.Session](a.person, "POST", a.presence()+"/session", nil)
			must(t, err)
			a.session = *session.SessionID
			a.started = session.StartedAt
			a.note(session.State, session.Reason, *session.StateSince)
			config, err := ask[api.Config](a.person, "GET", "tenants/"+a.tenant+"/users/"+a.id+"/config", nil)
			must(t, err)
			a.reasons = reasonsOf(config)
			_, err = ask[api.Member](a.person, "PUT", "tenants/"+a.tenant+"/users/"+a.id,
				map[string]any{"activeExtension": map[string]any{"id": config.Extensions[0].ID}})
			must(t, err)
			agents = append(agents, a)
		}
	}
	return agents
}

func reasonsOf(config api.Config) []api.SetStateRequest {
	var requests []api.SetStateRequest
	for _, list := range config.ReasonLists[1:] { // the first is the system's
		for _, reason := range list.Reasons {
			requests = append(requests, api.SetStateRequest{
				State: api.StateNotReady, Reason: &reason.Name, ReasonID: &reason.ReasonID, ReasonListID: &list.ID,
			})
		}
	}
	return requests
}

// crashAgent changes its state and remembers what it was told.
type crashAgent struct {
	*person
	name    string
	session string
	started api.Time
	reasons []api.SetStateRequest

	told         []told // what was acknowledged, or found after a crash
	asked        *told  // a request without an answer: it may have happened or not
	acknowledged int
	turn         int
}

// told is a state with its begin.
type told struct {
	state  api.State
	reason string
	since  api.Time
}

func (a *crashAgent) note(state api.State, reason *string, since api.Time) {
	name := ""
	if reason != nil {
		name = *reason
	}
	a.told = append(a.told, told{state, name, since})
}

// work changes states until the server is gone.
func (a *crashAgent) work() {
	for {
		a.turn++
		request := api.SetStateRequest{State: api.StateReady}
		if a.turn%2 == 0 {
			request = a.reasons[a.turn/2%len(a.reasons)]
		}
		request.SessionID = &a.session
		a.asked = &told{state: request.State}
		if request.Reason != nil {
			a.asked.reason = *request.Reason
		}
		state, err := ask[api.PresenceState](a.person, "POST", a.presence(), request)
		if err != nil {
			return
		}
		a.asked = nil
		a.acknowledged++
		a.note(state.State, state.Reason, *state.StateSince)
	}
}

// check holds what the agent was told against the server after its restart.
func (a *crashAgent) check() error {
	state, err := ask[api.PresenceState](a.person, "GET", a.presence(), nil)
	if err != nil {
		return err
	}
	if err := a.checkState(state); err != nil {
		return err
	}
	// Until the agent is heard nobody can vouch for it; then it was there all
	// along, and its history is as if the server had never stopped.
	if err := a.checkLease(state); err != nil {
		return err
	}
	return a.checkHistory()
}

func (a *crashAgent) checkState(state api.PresenceState) error {
	if state.SessionID == nil || *state.SessionID != a.session {
		return fmt.Errorf("the session is gone: %+v", state)
	}
	if state.Offerable {
		return errors.New("offerable before being heard")
	}
	reason := ""
	if state.Reason != nil {
		reason = *state.Reason
	}
	last := a.told[len(a.told)-1]
	if state.State == last.state && reason == last.reason && *state.StateSince == last.since {
		return nil // the unanswered request, if any, did not happen
	}
	if a.asked == nil || state.State != a.asked.state || reason != a.asked.reason {
		return fmt.Errorf("is %s (%s) since %s, was told %+v, had asked for %+v", state.State, reason, state.StateSince, last, a.asked)
	}
	a.note(state.State, state.Reason, *state.StateSince) // it happened: from now on it must stay
	return nil
}

// checkHistory looks for every state that was told, and for gaps and overlaps.
func (a *crashAgent) checkHistory() error {
	history, err := ask[api.Intervals](a.person, "GET", fmt.Sprintf("tenants/%s/users/%s/intervals?from=%s", a.tenant, a.id, a.started), nil)
	if err != nil {
		return err
	}
	intervals := slices.DeleteFunc(history.Intervals, func(i api.Interval) bool { return i.SessionID != a.session })
	begins := make(map[told]bool)
	for i, interval := range intervals {
		reason := ""
		if interval.Reason != nil {
			reason = *interval.Reason
		}
		begins[told{api.State(interval.State), reason, interval.From}] = true
		if i > 0 && (intervals[i-1].To == nil || *intervals[i-1].To != interval.From) {
			return fmt.Errorf("interval %d begins at %s, the one before ends at %v", i, interval.From, intervals[i-1].To)
		}
	}
	for i, told := range a.told {
		// What lasted less than a millisecond has no interval.
		if i+1 < len(a.told) && a.told[i+1].since == told.since {
			continue
		}
		if !begins[told] {
			return fmt.Errorf("no interval begins with %+v, the %d. of %d; there are %s", told, i+1, len(a.told), summary(intervals))
		}
	}
	if first := intervals[0]; first.From != a.started {
		return fmt.Errorf("the first interval begins at %s, the session at %s", first.From, a.started)
	}
	return nil
}

func summary(intervals []api.Interval) string {
	var text strings.Builder
	for _, i := range intervals {
		fmt.Fprintf(&text, "%s from %d, ", i.State, i.From)
	}
	return text.String()
}

// checkLease lets the agent be heard: the session must still be its own, and
// being ready must make it offerable again.
func (a *crashAgent) checkLease(before api.PresenceState) error {
	if _, err := ask[api.HeartbeatResponse](a.person, "POST", a.presence()+"/heartbeat", api.HeartbeatRequest{SessionID: &a.session}); err != nil {
		return fmt.Errorf("heartbeat: %w", err)
	}
	after, err := ask[api.PresenceState](a.person, "GET", a.presence(), nil)
	if err != nil {
		return err
	}
	if after.Offerable != (before.State == api.StateReady) {
		return fmt.Errorf("%s and heard, but offerable is %t", before.State, after.Offerable)
	}
	if *after.StateSince != *before.StateSince {
		return errors.New("being heard again moved stateSince")
	}
	return nil
}

// TestStop_AnswersWhatItTookAndLosesNothing stops the server as a service
// manager does: what was asked before is answered or refused, never cut off
// halfway through.
func TestStop_AnswersWhatItTookAndLosesNothing(t *testing.T) {
	t.Parallel()
	data := provisioned(t)
	s := startServer(t, data)
	agents := crashAgents(t, s)
	var working sync.WaitGroup
	for _, a := range agents {
		working.Go(a.work)
	}
	time.Sleep(100 * time.Millisecond) // let them work
	s.stop()
	working.Wait()
	if state := s.command.ProcessState; !state.Success() {
		t.Errorf("the server ended with %s", state)
	}
	s = startServer(t, data)
	for _, a := range agents {
		a.base = s.base
		must(t, a.check())
	}
}

// TestData_IsLockedAgainstASecondServer starts a second server on the same data.
func TestData_IsLockedAgainstASecondServer(t *testing.T) {
	t.Parallel()
	data := provisioned(t)
	startServer(t, data)
	if _, err := muster(t, "", "serve", "--listen", "127.0.0.1:0", "--metrics-listen", "none", "--data", data); err == nil {
		t.Error("a second server started")
	}
	if _, err := muster(t, "", "apply", "--data", data, "../examples/demo.yaml"); err == nil {
		t.Error("files were applied behind the server's back")
	}
}
