package e2e

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/muster-presence/muster/api"
)

// TestCommandLine runs the scripts under testdata/scripts: what a person types,
// and what comes of it. Beside testscript's own words they know those below.
func TestCommandLine(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:                "testdata/scripts",
		Setup:              setUpScript,
		RequireUniqueNames: true,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits,
			"start": startInScript,
			"said":  said,
			"stop":  stopInScript,
			"login": loginInScript,
			"http":  httpInScript,
			"mode":  mode,
		},
	})
}

// setUpScript puts the binary, the example and the README where scripts find
// them.
func setUpScript(env *testscript.Env) error {
	env.Setenv("PATH", filepath.Dir(binary)+string(os.PathListSeparator)+env.Getenv("PATH"))
	env.Values[serversKey{}] = make(map[string]*scriptServer)
	env.Defer(func() { endDesks(filepath.Join(env.WorkDir, "run")) })
	for _, path := range []string{"../examples/demo.yaml", "../README.md"} {
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(env.WorkDir, filepath.Base(path)), content, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// endDesks ends the holders that a script has left behind, as one that failed does.
func endDesks(runtime string) {
	sockets, _ := filepath.Glob(filepath.Join(runtime, "muster", "*.sock")) // the pattern is good
	for _, socket := range sockets {
		ask := exec.Command(binary, "agent", "status", "--json", "--name", strings.TrimSuffix(filepath.Base(socket), ".sock"))
		ask.Env = append(cleanEnvironment(), "XDG_RUNTIME_DIR="+runtime)
		answer, _ := ask.Output() // empty where there is no holder
		var status struct{ Process int }
		if json.Unmarshal(answer, &status) == nil && status.Process > 0 {
			_ = syscall.Kill(status.Process, syscall.SIGKILL) // it may be ending already
		}
	}
}

// exits CODE PROGRAM ARGUMENTS… runs a program that ends with that exit code.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE PROGRAM ARGUMENTS…")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	var exit *exec.ExitError
	switch err := ts.Exec(args[1], args[2:]...); {
	case errors.As(err, &exit):
		got = exit.ExitCode()
	case err != nil:
		ts.Fatalf("%v", err)
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

type serversKey struct{}

// scriptServer is a muster in the background of a script.
type scriptServer struct {
	command        *exec.Cmd
	stdout, stderr *lockedBuffer
	address        chan string   // gives the base address once it was printed
	ended          chan struct{} // closed when the process has ended
}

// Write takes what the server prints and looks for its address.
func (s *scriptServer) Write(p []byte) (int, error) {
	n, err := s.stdout.Write(p)
	if base := servesAt.FindString(s.stdout.tail(8 << 10)); base != "" {
		select {
		case s.address <- strings.TrimSuffix(base, "/v1/"):
		default: // it is known
		}
	}
	return n, err
}

var metricsAt = regexp.MustCompile(`http://[0-9.]+:[0-9]+/metrics`)

// startInScript is start NAME COMMAND ARGUMENTS…: it starts a muster that serves
// at any free port, and puts its address into the variable NAME. If it serves
// metrics too, NAME_METRICS is their address.
func startInScript(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: start NAME COMMAND ARGUMENTS…")
	}
	s := &scriptServer{stdout: new(lockedBuffer), stderr: new(lockedBuffer), address: make(chan string, 1), ended: make(chan struct{})}
	s.command = exec.Command(binary, append([]string{args[1], "--listen", "127.0.0.1:0", "--metrics-listen", "none"}, args[2:]...)...)
	s.command.Dir = ts.MkAbs(".")
	s.command.Env = append(cleanEnvironment(), "TMPDIR="+ts.Getenv("TMPDIR"))
	s.command.Stdout, s.command.Stderr = s, s.stderr
	ts.Check(s.command.Start())
	go func() { // ends with the process
		_ = s.command.Wait() // how it ended is asked of ProcessState
		close(s.ended)
	}()
	ts.Defer(func() {
		_ = s.command.Process.Kill() // it may have ended already
		<-s.ended
	})
	ts.Value(serversKey{}).(map[string]*scriptServer)[args[0]] = s
	select {
	case address := <-s.address:
		ts.Setenv(args[0], address)
		ts.Setenv(args[0]+"_METRICS", metricsAt.FindString(s.stdout.tail(8<<10)))
	case <-s.ended:
		ts.Fatalf("it ended at once: %s\n%s", s.command.ProcessState, s.stderr.tail(4<<10))
	case <-time.After(time.Minute):
		ts.Fatalf("it does not say where it serves")
	}
}

func serverIn(ts *testscript.TestScript, neg bool, args []string) *scriptServer {
	if neg || len(args) != 1 {
		ts.Fatalf("give the name of a server that was started, and nothing else")
	}
	s := ts.Value(serversKey{}).(map[string]*scriptServer)[args[0]]
	if s == nil {
		ts.Fatalf("no server %s was started", args[0])
	}
	return s
}

// said NAME makes what a server has printed so far the script's stdout and
// stderr.
func said(ts *testscript.TestScript, neg bool, args []string) {
	s := serverIn(ts, neg, args)
	fmt.Fprint(ts.Stdout(), s.stdout.tail(1<<20))
	fmt.Fprint(ts.Stderr(), s.stderr.tail(1<<20))
}

// stopInScript is stop NAME: it tells a server to end, as a service manager
// does, waits for its end with exit code 0, and makes what it has printed the
// script's stdout and stderr.
func stopInScript(ts *testscript.TestScript, neg bool, args []string) {
	s := serverIn(ts, neg, args)
	_ = s.command.Process.Signal(syscall.SIGTERM) // how it ended is looked at below
	select {
	case <-s.ended:
	case <-time.After(20 * time.Second):
		ts.Fatalf("it does not end")
	}
	said(ts, neg, args)
	if state := s.command.ProcessState; !state.Success() {
		ts.Fatalf("it ended with %s", state)
	}
}

// loginInScript is login BASE USER: it gets a token and puts it into the variable
// TOKEN, which http sends, and into the file "token".
func loginInScript(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: login BASE USER")
	}
	ts.Setenv("TOKEN", "")
	body, err := json.Marshal(api.TokenRequest{Username: args[1], Password: password})
	ts.Check(err)
	status, answer := send(ts, http.MethodPost, args[0]+"/v1/tokens", string(body))
	var token api.TokenResponse
	if err := json.Unmarshal(answer, &token); err != nil || token.Token == "" {
		ts.Fatalf("%s: %s", status, answer)
	}
	ts.Setenv("TOKEN", token.Token)
	ts.Check(os.WriteFile(ts.MkAbs("token"), []byte(token.Token+"\n"), 0o600))
}

// httpInScript is http METHOD URL [JSON]: it sends a request, with the token in
// the variable TOKEN if there is one, and prints status and body.
func httpInScript(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 || len(args) > 3 {
		ts.Fatalf("usage: http METHOD URL [JSON]")
	}
	status, body := send(ts, args[0], args[1], strings.Join(args[2:], ""))
	fmt.Fprintf(ts.Stdout(), "%s\n%s\n", status, bytes.TrimSpace(body))
}

func send(ts *testscript.TestScript, method, url, body string) (status string, answer []byte) {
	request, err := http.NewRequest(method, url, strings.NewReader(body))
	ts.Check(err)
	request.Header.Set("Content-Type", "application/json")
	if token := ts.Getenv("TOKEN"); token != "" {
		request.Header.Set("Authorization", "Token "+token)
	}
	response, err := http.DefaultClient.Do(request)
	ts.Check(err)
	defer response.Body.Close()
	answer, err = io.ReadAll(response.Body)
	ts.Check(err)
	return response.Status, answer
}

// mode PERMISSIONS FILE expects a file to have these permissions.
func mode(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: mode PERMISSIONS FILE")
	}
	info, err := os.Stat(ts.MkAbs(args[1]))
	ts.Check(err)
	if got := fmt.Sprintf("%04o", info.Mode().Perm()); got != args[0] {
		ts.Fatalf("%s has the permissions %s, want %s", args[1], got, args[0])
	}
}
