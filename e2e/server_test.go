package e2e

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// server is a running binary.
type server struct {
	t       *testing.T
	command *exec.Cmd
	base    string        // ends with /v1/
	metrics string        // ends with /metrics; of a server that has them
	lines   <-chan string // what else it prints
	log     *lockedBuffer
	ended   chan struct{} // closed when the process has ended
}

var servesAt = regexp.MustCompile(`http://[0-9.]+:[0-9]+/v1/`)

// startServer starts muster serve on a data folder and waits until it serves.
func startServer(t *testing.T, data string, flags ...string) *server {
	t.Helper()
	return start(t, append([]string{"serve", "--listen", "127.0.0.1:0", "--metrics-listen", "none", "--data", data}, flags...)...)
}

func start(t *testing.T, arguments ...string) *server {
	t.Helper()
	s := &server{t: t, log: new(lockedBuffer), ended: make(chan struct{})}
	s.command = exec.Command(binary, arguments...)
	s.command.Env = cleanEnvironment()
	s.command.Stderr = s.log
	stdout, err := s.command.StdoutPipe()
	must(t, err)
	must(t, s.command.Start())
	t.Cleanup(func() {
		s.kill()
		if t.Failed() {
			t.Logf("the server's log:\n%s", s.log.tail(8<<10))
		}
	})
	lines := make(chan string, 64)
	go func() { // ends with the process, whose output it reads
		defer close(s.ended)
		scanner := bufio.NewScanner(stdout)
		for scanner.Scan() {
			select {
			case lines <- scanner.Text():
			default:
			}
		}
		_ = s.command.Wait() // how it ended is asked of ProcessState
	}()
	s.waitForAddress(lines)
	return s
}

// startServerWithMetrics is startServer, with metrics.
func startServerWithMetrics(t *testing.T, data string) *server {
	t.Helper()
	s := start(t, "serve", "--listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0", "--data", data)
	select {
	case line := <-s.lines:
		s.metrics = metricsAt.FindString(line)
	case <-time.After(30 * time.Second):
	}
	if s.metrics == "" {
		t.Fatal("the server did not say where its metrics are")
	}
	return s
}

func (s *server) waitForAddress(lines <-chan string) {
	s.t.Helper()
	s.lines = lines
	patience := time.After(30 * time.Second)
	for {
		select {
		case line := <-lines:
			if base := servesAt.FindString(line); base != "" {
				s.base = base
				return
			}
		case <-s.ended:
			s.t.Fatalf("the server ended at once:\n%s", s.log.tail(4<<10))
		case <-patience:
			s.t.Fatal("the server did not say where it serves")
		}
	}
}

// kill ends the process as a power cut would, and waits for its end.
func (s *server) kill() { s.signal(syscall.SIGKILL) }

// stop asks the process to end, and waits.
func (s *server) stop() { s.signal(syscall.SIGTERM) }

func (s *server) signal(signal syscall.Signal) {
	_ = s.command.Process.Signal(signal) // it may have ended already
	select {
	case <-s.ended:
	case <-time.After(30 * time.Second):
		s.t.Errorf("the server did not end after %s", signal)
	}
}

// muster runs a command to its end and returns what it printed.
func muster(t *testing.T, stdin string, arguments ...string) (stdout string, err error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	command := exec.CommandContext(ctx, binary, arguments...)
	command.Env = cleanEnvironment()
	command.Stdin = strings.NewReader(stdin)
	var out, errors bytes.Buffer
	command.Stdout, command.Stderr = &out, &errors
	if err = command.Run(); err != nil {
		t.Logf("muster %s: %v\n%s", strings.Join(arguments, " "), err, errors.String())
	}
	return out.String(), err
}

// cleanEnvironment keeps the settings of whoever runs the tests out of them.
func cleanEnvironment() []string {
	var kept []string
	for _, variable := range os.Environ() {
		if !strings.HasPrefix(variable, "MUSTER_") {
			kept = append(kept, variable)
		}
	}
	return kept
}

// provisioned returns a data folder with the example's tenants and users.
func provisioned(t *testing.T, more ...string) string {
	t.Helper()
	data := filepath.Join(t.TempDir(), "data")
	arguments := append([]string{"apply", "--data", data, "../examples/demo.yaml"}, more...)
	if _, err := muster(t, "", arguments...); err != nil {
		t.Fatal("the example could not be applied")
	}
	return data
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// lockedBuffer is a buffer that a process writes to while a test reads it.
type lockedBuffer struct {
	mu     sync.Mutex
	buffer bytes.Buffer
}

var _ io.Writer = (*lockedBuffer)(nil)

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buffer.Write(p)
}

func (b *lockedBuffer) tail(n int) string {
	b.mu.Lock()
	defer b.mu.Unlock()
	text := b.buffer.String()
	return text[max(0, len(text)-n):]
}
