package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	osexec "os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// benchRole is the variable that makes another program of this test binary: the
// server, a bare one, or a client. They are processes of their own, so that each
// can be measured, stopped and killed.
const benchRole = "STREAM_BENCH_ROLE"

func TestMain(m *testing.M) {
	switch role := os.Getenv(benchRole); role {
	case "":
		os.Exit(m.Run())
	case "serve":
		os.Exit(benchServe(os.Args[1:]))
	case "bare":
		bareServer(os.Args[1])
	case "client":
		benchClient(os.Args[1:])
	case "sdk", "sockets":
		crowdOfClients(role, os.Args[1])
	default:
		fmt.Fprintln(os.Stderr, "no such role:", role)
		os.Exit(2)
	}
}

// benchServe is the program itself.
func benchServe(arguments []string) int {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	p := &program{ctx: ctx, stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr}
	return p.run(arguments, nil)
}

// benchProcess is a process in a role.
type benchProcess struct {
	b       testing.TB
	command *osexec.Cmd
	address string
	metrics string        // where the server's metrics are
	lines   *bufio.Reader // what it prints beside
}

// startRole starts a process, which ends with the benchmark, and waits for the
// address that it prints.
func startRole(b testing.TB, role string, arguments ...string) *benchProcess {
	b.Helper()
	p := &benchProcess{b: b, command: osexec.Command(os.Args[0], arguments...)}
	p.command.Env = append(os.Environ(), benchRole+"="+role)
	p.command.Stderr = os.Stderr
	out, err := p.command.StdoutPipe()
	must(b, err)
	must(b, p.command.Start())
	b.Cleanup(p.end)
	lines := bufio.NewReader(out)
	p.lines = lines
	p.address = readAddress(b, lines)
	if role == "serve" {
		p.metrics = readAddress(b, lines)
	}
	return p
}

func readAddress(b testing.TB, lines *bufio.Reader) string {
	b.Helper()
	line, err := lines.ReadString('\n')
	must(b, err)
	_, address, _ := strings.Cut(line, "http://")
	address, _, _ = strings.Cut(address, "/")
	return address
}

// startServer starts the server on a folder.
func startServer(b testing.TB, folder string) *benchProcess {
	return startServerAt(b, folder, "127.0.0.1:0")
}

func startServerAt(b testing.TB, folder, address string) *benchProcess {
	return startRole(b, "serve", "serve", "--data", folder, "--listen", address, "--metrics-listen", "127.0.0.1:0", "--log-level", "error")
}

// end ends the process, whatever it is doing.
func (p *benchProcess) end() {
	if p.command.ProcessState == nil {
		_ = p.command.Process.Kill()
		_ = p.command.Wait()
	}
}

func (p *benchProcess) signal(s os.Signal) { must(p.b, p.command.Process.Signal(s)) }

// memory is the process's resident memory in bytes.
func (p *benchProcess) memory() float64 {
	return float64(p.field("statm", 1)) * float64(os.Getpagesize())
}

// settledMemory is the least memory of a while: what was needed once and is given
// back does not count.
func (p *benchProcess) settledMemory(while time.Duration) float64 {
	least := p.memory()
	for end := time.Now().Add(while); time.Now().Before(end); {
		time.Sleep(500 * time.Millisecond)
		least = min(least, p.memory())
	}
	return least
}

// cpu is the processor time that the process has used, by the scheduler's own
// count: clock ticks would miss what is shorter than they are.
func (p *benchProcess) cpu() time.Duration {
	p.b.Helper()
	threads, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", p.command.Process.Pid))
	must(p.b, err)
	var used time.Duration
	for _, thread := range threads {
		text, err := os.ReadFile(thread)
		must(p.b, err)
		nanoseconds, _, _ := strings.Cut(string(text), " ")
		n, err := strconv.ParseInt(nanoseconds, 10, 64)
		must(p.b, err)
		used += time.Duration(n)
	}
	return used
}

func (p *benchProcess) field(file string, n int) int64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/%s", p.command.Process.Pid, file))
	must(p.b, err)
	if i := bytes.LastIndexByte(text, ')'); i >= 0 { // the name may have spaces
		text = append([]byte("0 x"), text[i+1:]...)
	}
	value, err := strconv.ParseInt(strings.Fields(string(text))[n], 10, 64)
	must(p.b, err)
	return value
}

// benchClient is clients of their own: agents with a socket each, who answer
// beats until they are stopped.
func benchClient(arguments []string) {
	var hello benchHello
	if err := json.Unmarshal([]byte(arguments[1]), &hello); err != nil {
		panic(err)
	}
	var serving sync.WaitGroup
	for _, text := range hello.Texts {
		s, err := dialBench(arguments[0], hello.Path, "127.0.0.1")
		if err != nil {
			panic(err)
		}
		if err := s.greet(text); err != nil {
			panic(err)
		}
		serving.Go(func() { _ = s.serve(nil) })
	}
	fmt.Println("http://client/")
	serving.Wait()
}
