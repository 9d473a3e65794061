package e2e

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// browsersRequired is the variable by which a run says that there is a browser;
// see .ci/run. Elsewhere tests that need one are skipped where there is none.
const browsersRequired = "BROWSER_TESTS"

// browser is a Chromium without a window, asked over its own DevTools protocol:
// what drives browsers for tests usually keeps pages visible, and hidden pages are
// what is tested.
type browser struct {
	t       *testing.T
	command *exec.Cmd
	log     *lockedBuffer
	ended   chan struct{} // closed when the process has ended
	conn    *websocket.Conn
	ctx     context.Context
	gone    chan struct{} // closed when the connection has ended
	mu      sync.Mutex    // guards the fields below
	last    int
	waiting map[int]chan answerFromBrowser
}

type answerFromBrowser struct {
	ID     int             `json:"id"`
	Result json.RawMessage `json:"result"`
	Error  *struct {
		Message string `json:"message"`
	} `json:"error"`
}

// startBrowser starts a browser that ends with the test.
func startBrowser(t *testing.T, flags ...string) *browser {
	t.Helper()
	program := chromium(t)
	profile, err := os.MkdirTemp("", "muster-browser-") // not the test's own folder: Chromium may write while it is removed
	must(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(profile) }) // what is left is in the system's temporary folder
	b := &browser{
		t: t, log: new(lockedBuffer), ended: make(chan struct{}), gone: make(chan struct{}), waiting: make(map[int]chan answerFromBrowser),
	}
	b.command = exec.Command(program, append([]string{
		"--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
		"--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--remote-debugging-port=0", "--user-data-dir=" + profile,
	}, append(flags, "about:blank")...)...)
	b.command.Env = append(os.Environ(), "TMPDIR="+profile) // a browser that is killed leaves folders of its own there
	b.command.Stderr = b.log
	b.command.WaitDelay = time.Second // what it started may hold stderr open for longer than it lives
	must(t, b.command.Start())
	go func() { // ends with the process
		defer close(b.ended)
		_ = b.command.Wait() // the browser's end is seen, not how
	}()
	t.Cleanup(b.stop)
	ctx, cancel := context.WithTimeout(t.Context(), 4*time.Minute)
	t.Cleanup(cancel)
	b.ctx = ctx
	b.conn, _, err = websocket.Dial(ctx, b.debuggingAddress(profile), nil)
	must(t, err)
	b.conn.SetReadLimit(16 << 20)
	t.Cleanup(func() { _ = b.conn.CloseNow() })
	go b.listen() // ends with the connection
	return b
}

// chromium finds the browser, or ends the test.
func chromium(t *testing.T) string {
	t.Helper()
	program, err := exec.LookPath("chromium")
	if err != nil {
		if os.Getenv(browsersRequired) != "" {
			t.Fatalf("there is no chromium, and %s says that there is: install it (Debian: apt-get install chromium)", browsersRequired)
		}
		t.Skip("there is no chromium: install it to run this test (Debian: apt-get install chromium)")
	}
	return program
}

// stop asks the browser to end, so that it ends what it started, and kills one
// that does not.
func (b *browser) stop() {
	select {
	case <-b.ended:
		b.t.Log("the browser had ended before the test did")
	default:
	}
	if b.t.Failed() {
		b.t.Logf("the browser's log:\n%s", b.log.tail(2<<10))
	}
	_ = b.command.Process.Signal(syscall.SIGTERM) // it may have ended already
	select {
	case <-b.ended:
	case <-time.After(10 * time.Second):
		_ = b.command.Process.Kill()
		<-b.ended
	}
}

// debuggingAddress waits until the browser has written where it listens.
func (b *browser) debuggingAddress(profile string) string {
	b.t.Helper()
	patience := time.After(time.Minute)
	for {
		text, err := os.ReadFile(filepath.Join(profile, "DevToolsActivePort"))
		if port, path, ok := strings.Cut(string(text), "\n"); err == nil && ok && path != "" {
			return "ws://127.0.0.1:" + port + path
		}
		select {
		case <-time.After(50 * time.Millisecond):
		case <-b.ended:
			b.t.Fatal("the browser ended at once")
		case <-patience:
			b.t.Fatal("the browser did not say where it listens")
		}
	}
}

func (b *browser) listen() {
	defer close(b.gone)
	for {
		_, text, err := b.conn.Read(b.ctx)
		if err != nil {
			return
		}
		var answer answerFromBrowser
		if json.Unmarshal(text, &answer) != nil || answer.ID == 0 {
			continue // an event
		}
		b.mu.Lock()
		waiting := b.waiting[answer.ID]
		delete(b.waiting, answer.ID)
		b.mu.Unlock()
		if waiting != nil {
			waiting <- answer
		}
	}
}

// call sends a command, to a page if a session is given, and reads its result.
func (b *browser) call(session, method string, parameters, result any) error {
	answered := make(chan answerFromBrowser, 1)
	b.mu.Lock()
	b.last++
	id := b.last
	b.waiting[id] = answered
	b.mu.Unlock()
	text, err := json.Marshal(map[string]any{"id": id, "method": method, "params": parameters, "sessionId": session})
	if session == "" {
		text, err = json.Marshal(map[string]any{"id": id, "method": method, "params": parameters})
	}
	if err == nil {
		err = b.conn.Write(b.ctx, websocket.MessageText, text)
	}
	if err != nil {
		return err
	}
	select {
	case answer := <-answered:
		if answer.Error != nil {
			return errors.New(method + ": " + answer.Error.Message)
		}
		return json.Unmarshal(answer.Result, result)
	case <-b.gone:
		return errors.New(method + ": the browser is gone")
	case <-b.ctx.Done():
		return b.ctx.Err()
	}
}

// page is a tab.
type page struct {
	browser         *browser
	target, session string
}

// open opens a tab in front of the others.
func (b *browser) open(address string) *page {
	b.t.Helper()
	p := &page{browser: b}
	var created struct{ TargetID string }
	must(b.t, b.call("", "Target.createTarget", map[string]any{"url": address}, &created))
	p.target = created.TargetID
	var attached struct{ SessionID string }
	must(b.t, b.call("", "Target.attachToTarget", map[string]any{"targetId": p.target, "flatten": true}, &attached))
	p.session = attached.SessionID
	return p
}

// evaluate reads the value of an expression in the page.
func (p *page) evaluate(expression string, value any) {
	p.browser.t.Helper()
	var result struct {
		Result struct {
			Value json.RawMessage `json:"value"`
		} `json:"result"`
		ExceptionDetails json.RawMessage `json:"exceptionDetails"`
	}
	err := p.browser.call(p.session, "Runtime.evaluate", map[string]any{"expression": expression, "returnByValue": true}, &result)
	if err == nil && result.ExceptionDetails != nil {
		err = fmt.Errorf("%s", result.ExceptionDetails)
	}
	if err == nil {
		err = json.Unmarshal(result.Result.Value, value)
	}
	if err != nil {
		p.browser.t.Fatalf("%s: %v", expression, err)
	}
}

func (p *page) close() {
	p.browser.t.Helper()
	var closed struct{ Success bool }
	must(p.browser.t, p.browser.call("", "Target.closeTarget", map[string]any{"targetId": p.target}, &closed))
}
