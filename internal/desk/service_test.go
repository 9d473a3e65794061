package desk

import (
	"bufio"
	"context"
	"errors"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/muster-presence/muster/sdk"
)

// serving is a desk that answers with a board and a function in the place of a session.
func serving(t *testing.T, do func(context.Context, Request) (any, error)) (Caller, *board) {
	t.Helper()
	folder := FolderAt(filepath.Join(shortFolder(t), "run"))
	if err := folder.make(); err != nil {
		t.Fatal(err)
	}
	listener, err := folder.listen("agent")
	if err != nil {
		t.Fatal(err)
	}
	b := begun()
	s := &service{log: slog.New(slog.DiscardHandler), do: do, watch: func() (Opening, <-chan Told, func()) {
		opening, events := b.watch("agent", begins)
		return opening, events, func() { b.unwatch(events) }
	}}
	ended := make(chan struct{})
	go func() { defer close(ended); s.serve(t.Context(), listener) }()
	t.Cleanup(func() {
		_ = listener.Close()
		<-ended
		b.close()
		s.connections.Wait()
	})
	return Caller{Folder: folder, Desk: "agent"}, b
}

// shortFolder is a folder whose name leaves room for a socket's.
func shortFolder(t *testing.T) string {
	t.Helper()
	folder, err := os.MkdirTemp("", "desk")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	return folder
}

func nobody(context.Context, Request) (any, error) { return nil, errors.New("nobody asks this") }

func TestService_AnswersARequest(t *testing.T) {
	t.Parallel()
	caller, _ := serving(t, func(_ context.Context, r Request) (any, error) { return r, nil })
	sent := Request{Version: protocolVersion, Do: DoNotReady, Reason: "Zoë's lunch\n"}
	var got Request
	if err := caller.Ask(t.Context(), sent, &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(sent, got); diff != "" {
		t.Error(diff)
	}
}

func TestService_HandsErrorsOnWhole(t *testing.T) {
	t.Parallel()
	caller, _ := serving(t, func(context.Context, Request) (any, error) {
		return FindReason(lists(), "nothing")
	})
	err := caller.Ask(t.Context(), Request{Do: DoNotReady}, new(any))
	if !errors.Is(err, sdk.CodeReasonUnknown) || errors.Is(err, ErrNotLoggedIn) {
		t.Fatal(err)
	}
	want := ProblemOf(func() error { _, err := FindReason(lists(), "nothing"); return err }())
	if got := ProblemOf(err); got.Text != want.Text || !cmp.Equal(got.Err.Data, want.Err.Data) {
		t.Errorf("%s: %s", got.Text, cmp.Diff(want.Err.Data, got.Err.Data))
	}
}

func TestService_RefusesWhatItCannotRead(t *testing.T) {
	t.Parallel()
	caller, _ := serving(t, nobody)
	for name, text := range map[string]string{
		"no JSON":          "hello\n",
		"another version":  `{"version":2,"do":"status"}` + "\n",
		"no version":       `{"do":"status"}` + "\n",
		"a line too long":  `{"version":1,"do":"` + strings.Repeat("x", longestRequest) + "\"}\n",
		"a line too short": `{"version":1`,
	} {
		connection, err := net.Dial("unix", caller.Folder.socket("agent"))
		if err != nil {
			t.Fatal(err)
		}
		go func() { // what is too long is not read to its end
			_, _ = connection.Write([]byte(text))
			_ = connection.(*net.UnixConn).CloseWrite()
		}()
		var got answer
		if err := readLine(bufio.NewReader(connection), longestAnswer, &got); err != nil || got.Error == nil || got.Text == "" || got.Version != protocolVersion {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
		_ = connection.Close()
	}
}

func TestCaller_RefusesAnAnswerOfAnotherVersion(t *testing.T) {
	t.Parallel()
	folder := FolderAt(shortFolder(t))
	listener, err := folder.listen("agent")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		connection, err := listener.Accept()
		if err == nil {
			_ = readLine(bufio.NewReader(connection), longestRequest, new(Request))
			_ = writeLine(connection, answer{Version: protocolVersion + 1, Result: []byte("{}")})
			_ = connection.Close()
		}
	}()
	err = Caller{Folder: folder, Desk: "agent"}.Ask(t.Context(), Request{Do: DoStatus}, new(any))
	if err == nil || ProblemOf(err).Text != errVersion.Error() {
		t.Error(err)
	}
}

func TestCaller_WatchesUntilTheDeskLetsGo(t *testing.T) {
	t.Parallel()
	caller, b := serving(t, nobody)
	opening, events, err := caller.Watch(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if opening.Status.Name != "Avery Agent" || len(opening.Config.Extensions) != 2 || len(opening.Recent) != 1 {
		t.Errorf("%+v", opening)
	}
	b.take("agent", sdk.Event{Topic: sdk.TopicState, Response: sdk.StateChange{State: "ready"}}, after(1))
	b.take("agent", sdk.Event{Topic: sdk.TopicEnded, Response: sdk.Ended{EndCode: "logged_out"}}, after(2))
	b.close()
	var told []string
	for e, err := range events {
		if err != nil {
			t.Fatal(err)
		}
		told = append(told, Say(e.Event))
	}
	if diff := cmp.Diff([]string{"you are ready", "the session has ended: you logged out"}, told); diff != "" {
		t.Error(diff)
	}
}

func TestCaller_StopsWatchingWithItsContext(t *testing.T) {
	t.Parallel()
	caller, _ := serving(t, nobody)
	ctx, cancel := context.WithCancel(t.Context())
	_, events, err := caller.Watch(ctx)
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	for _, err := range events {
		t.Errorf("there was something: %v", err)
	}
}

func TestCaller_KnowsThatNobodyIsLoggedIn(t *testing.T) {
	t.Parallel()
	folder := FolderAt(shortFolder(t))
	caller := Caller{Folder: folder, Desk: "agent"}
	if err := caller.Ask(t.Context(), Request{Do: DoReady}, new(any)); !errors.Is(err, ErrNotLoggedIn) {
		t.Error(err)
	}
	ending := Ending{At: begins, Username: "avery@demo.example", Code: "logged_out", Text: "you logged out"}
	if err := folder.leaveNote("agent", ending); err != nil {
		t.Fatal(err)
	}
	status, err := caller.Status(t.Context())
	if diff := cmp.Diff(Status{Desk: "agent", Ended: &ending}, status); diff != "" || err != nil {
		t.Error(err, diff)
	}
	if err := caller.Ask(t.Context(), Request{Do: DoReady}, new(any)); ProblemOf(err).Text != "nobody is logged in at the desk agent any more: you logged out" {
		t.Error(err)
	}
	// A socket that a killed holder left is no holder.
	listener, err := net.ListenUnix("unix", &net.UnixAddr{Name: folder.socket("agent"), Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	listener.SetUnlinkOnClose(false)
	_ = listener.Close()
	if err := caller.Ask(t.Context(), Request{Do: DoReady}, new(any)); !errors.Is(err, ErrNotLoggedIn) {
		t.Error(err)
	}
}
