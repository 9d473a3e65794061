package e2e

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/muster-presence/muster/api"
)

// impatient is a tenant's choice that ends sessions after three seconds.
const impatient = `
tenants:
  - key: demo
    settings: {heartbeatDelay: 1s, heartbeatGrace: 1.5, beatDelay: 1s, beatGrace: 1.5, notReadyAfter: 2s, endAfter: 3s}
`

// TestStall_IsNotHeldAgainstAgents stops the process for longer than sessions
// live without a heartbeat, as a paused machine does. Nobody could be heard
// meanwhile, so nobody is to blame; without the stall the same silence ends the
// session.
func TestStall_IsNotHeldAgainstAgents(t *testing.T) {
	t.Parallel()
	data := provisioned(t)
	file := filepath.Join(t.TempDir(), "impatient.yaml")
	must(t, os.WriteFile(file, []byte(impatient), 0o600))
	if _, err := muster(t, "", "apply", "--data", data, file); err != nil {
		t.Fatal("the settings could not be applied")
	}
	s := startServer(t, data)
	agent := workingAgent(t, s)

	must(t, s.command.Process.Signal(syscall.SIGSTOP))
	time.Sleep(5 * time.Second) // the length of the stall is what is tested
	must(t, s.command.Process.Signal(syscall.SIGCONT))
	if state := presenceOf(t, agent); state.State == api.StateOffline {
		t.Fatalf("the session ended (%s) while the server could not hear anybody", state.EndCode)
	}

	patience := time.Now().Add(15 * time.Second)
	for presenceOf(t, agent).State != api.StateOffline {
		if time.Now().After(patience) {
			t.Fatal("real silence does not end the session")
		}
		time.Sleep(100 * time.Millisecond) // real silence of a real client
	}
	if state := presenceOf(t, agent); state.EndCode != api.EndCodeLeaseExpired {
		t.Errorf("the session ended with %s", state.EndCode)
	}
}

func presenceOf(t *testing.T, p *person) api.PresenceState {
	t.Helper()
	state, err := ask[api.PresenceState](p, "GET", p.presence(), nil)
	must(t, err)
	return state
}
