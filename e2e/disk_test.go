package e2e

import (
	"errors"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/muster-presence/muster/api"
)

// TestDisk_FullIsSaidAndHealed lets the server run out of room and gives it room
// again: changes are refused with 503 while it is full, reads go on, the process
// lives, and changes work again by themselves. It uses a small file system of
// its own, or where mounting is refused a limit of the database's pages.
func TestDisk_FullIsSaidAndHealed(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "disk")
	must(t, os.Mkdir(folder, 0o700))
	if err := exec.Command("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", folder).Run(); err != nil {
		t.Logf("mounting is refused here (%v): the database's size is limited instead", err)
		fillPages(t)
		return
	}
	t.Cleanup(func() { must(t, exec.Command("umount", folder).Run()) })
	data := filepath.Join(folder, "data")
	_, err := muster(t, "", "apply", "--data", data, "../examples/demo.yaml")
	must(t, err)
	s := startServer(t, data)
	t.Cleanup(s.kill)
	agent := workingAgent(t, s)
	ballast := filepath.Join(folder, "ballast")
	fill(t, ballast)
	expectFull(t, agent)
	must(t, os.Remove(ballast))
	expectWorking(t, agent)
}

// fillPages is the same with a limit of the database: room comes back with a
// restart under a higher limit.
func fillPages(t *testing.T) {
	data := provisioned(t)
	s := startServer(t, data, "--max-pages", "120")
	agent := workingAgent(t, s)
	expectFull(t, agent)
	s.stop()
	s = startServer(t, data)
	agent.base = s.base
	expectWorking(t, agent)
}

// TestDisk_ReadOnlyIsSaidAndHealed takes the right to write away from the files
// that the server has open, and gives it back.
func TestDisk_ReadOnlyIsSaidAndHealed(t *testing.T) {
	t.Parallel()
	data := provisioned(t)
	s := startServer(t, data)
	agent := workingAgent(t, s)
	files, err := filepath.Glob(filepath.Join(data, "muster.db*"))
	must(t, err)
	if err := exec.Command("chattr", append([]string{"+i"}, files...)...).Run(); err != nil {
		t.Skipf("this file system cannot make open files read-only (needs root and chattr +i): %v", err)
	}
	writable := func() error { return exec.Command("chattr", append([]string{"-i"}, files...)...).Run() }
	t.Cleanup(func() { _ = writable() }) // else the files could not be removed
	expectFull(t, agent)
	must(t, writable())
	expectWorking(t, agent)
}

// workingAgent has a session.
func workingAgent(t *testing.T, s *server) *person {
	t.Helper()
	agent := logIn(t, s, "agent@demo.example", "Demo")
	_, err := ask[api.Session](agent, "POST", agent.presence()+"/session", nil)
	must(t, err)
	return agent
}

// fill writes a file until there is no room.
func fill(t *testing.T, path string) {
	t.Helper()
	file, err := os.Create(path)
	must(t, err)
	defer file.Close()
	for block := make([]byte, 4096); err == nil; {
		_, err = file.Write(block)
	}
}

// expectFull changes the direction until a change is refused, and then looks
// whether the server says so well and still reads.
func expectFull(t *testing.T, agent *person) {
	t.Helper()
	var refused *refusedError
	for i := 0; ; i++ {
		err := turn(agent, i)
		if errors.As(err, &refused) {
			break
		}
		must(t, err)
		if i == 20_000 {
			t.Fatal("the disk never got full")
		}
	}
	if refused.status != http.StatusServiceUnavailable || refused.body.Code != api.CodeUnavailable {
		t.Fatalf("refused with %v", refused)
	}
	if refused.header.Get("Retry-After") == "" || refused.body.Message == "" {
		t.Errorf("the refusal has no Retry-After or no message: %v", refused)
	}
	before, err := ask[api.PresenceState](agent, "GET", agent.presence(), nil)
	must(t, err)
	if err := turn(agent, 0); err == nil {
		if err = turn(agent, 1); err == nil {
			t.Error("changes work though one was just refused")
		}
	}
	after, err := ask[api.PresenceState](agent, "GET", agent.presence(), nil)
	must(t, err)
	if before.Direction != after.Direction {
		t.Errorf("a refused change has changed the direction from %s to %s", before.Direction, after.Direction)
	}
}

// expectWorking waits until changes are stored again.
func expectWorking(t *testing.T, agent *person) {
	t.Helper()
	var err error
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); {
		if err = turn(agent, 0); err == nil {
			must(t, turn(agent, 1))
			return
		}
		time.Sleep(50 * time.Millisecond) // the real server's real disk: nothing to wait on but time
	}
	t.Fatalf("changes do not work again: %v", err)
}

// turn sets one direction or the other.
func turn(agent *person, i int) error {
	direction := []api.Direction{api.DirectionInbound, api.DirectionOutbound}[i%2]
	_, err := ask[api.PresenceState](agent, "POST", agent.presence()+"/direction", map[string]any{"direction": direction})
	return err
}
