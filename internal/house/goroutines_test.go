package house

import (
	"fmt"
	"go/ast"
	"strings"
	"testing"
)

// goroutine says who owns the goroutines that a function starts, and what ends
// them.
type goroutine struct {
	room, function string
	starts         int // how many places of the function start one
	owner, end     string
}

// goroutines are all of the program's. A new one needs a line here.
var goroutines = []goroutine{
	{"internal/engine", "Engine.Run", 3, "Engine.Run waits for the workers, the note-taker and the clock's watcher", "the context of Run ends"},
	{"internal/stream", "Streams.Run", 2, "Streams.Run waits for its readers and for what loads floors again", "the context of Run ends"},
	{"internal/store/sqlite", "encodeAhead", 1, "commit.changes, which reads its channel", "everything is encoded, or commit.changes closes done"},
	{"internal/wsapi", "Server.Run", 1, "Server.Run, which waits for it", "the context of Run ends"},
	{"internal/wsapi", "Server.serveSocket", 2, "Server.Run, which closes every socket and waits for those that read", "the connection ends; or, of the one that writes, there is nothing to send"},
	{"internal/wsapi", "socket.wake", 1, "the socket, whose turn allows one at a time", "there is nothing to send, or the connection ends"},
	{"internal/wsapi", "socket.beginBeats", 1, "the socket, which stops the timer when it ends", "the beat is sent, or the connection ends"},
	{"internal/desk", "Caller.Ask", 1, "Caller.Ask, which stops it", "the context ends and the connection with it"},
	{"internal/desk", "Caller.Watch", 1, "the iterator, which stops it", "the context ends and the connection with it"},
	{"internal/desk", "ShowAgent", 1, "ShowAgent, whose context ends when it returns", "the session or the context ends"},
	{"internal/desk", "Starting.run", 1, "Starting.run, which stops it", "the context ends and the holder is told to"},
	{"internal/desk", "agentDisplay.run", 1, "the display, which has room for its answer", "the request is answered, or the screen is left"},
	{"internal/desk", "holder.open", 1, "holder.close, which waits", "the client is closed and its events are taken"},
	{"internal/desk", "holder.stay", 1, "holder.stay, which waits", "the listener is closed"},
	{"internal/desk", "service.serve", 1, "service.wait, for a few seconds", "the caller is answered or gone, or the board lets its watchers go"},
	{"internal/desk", "service.wait", 1, "the service", "all connections have ended, whoever still waits for it"},
	{"internal/desk/floor", "Show", 1, "Show, whose context ends when it returns", "the server refuses, or the context ends"},
	{"internal/desk/floor", "display.pressed", 1, "the display, which has room for its answer", "the order is answered, or the screen is left"},
	{"internal/desk/terminal", "AskSecretly", 1, "AskSecretly, which stops it", "the context ends and the reading with it"},
	{"internal/desk/terminal", "Open", 1, "the screen, whose Close ends the reading", "the terminal is closed"},
	{"internal/demo", "scheduler.run", 1, "scheduler.run waits for its workers", "the channel of requests is closed when the context ends"},
	{"internal/demo", "floor.open", 1, "floor.open waits for the router's watch", "the context ends"},
	{"internal/demo", "clients.closeAll", 1, "clients.closeAll, which waits", "the client is closed"},
	{"sdk", "core.begin", 1, "the client, whose Close waits", "the session, the watch, the upload or the token that it is for is done with, or the client's life ends"},
	{"sdk", "core.withLife", 1, "the function that is called, which stops it", "the client is closed and the function's context with it"},
	{"sdk", "liveSession.Disconnected", 1, "the session, which stops the timer when it ends", "the loss is published"},
	{"sdk", "liveSession.miss", 1, "the session, which stops the timer when it ends", "the stream is away"},
	{"sdk", "subscription.put", 1, "the hub, whose close waits for as long as a receiver takes", "nothing waits for the receiver, or the subscription ends"},
	{"sdk", "hub.events", 1, "the iterator, which calls it off", "the context ends and the subscription with it"},
	{"sdk", "callbacks.begin", 1, "the callbacks, whose close waits for as long as one may take", "the callback returns"},
	{"sdk", "returned", 1, "close of the hub or the callbacks, which waits unless one does not return", "what runs has returned"},
	{"sdk/internal/follow", "connection.openSocket", 1, "socket.close, which calls it off or waits for it", "the goodbye is said"},
	{"sdk/internal/follow", "socket.goodbye", 1, "the goodbye, which stops the timer", "the server has not answered and is cut"},
	{"sdk/internal/follow", "connection.openEvents", 1, "events.close, which stops the timer", "the server was silent for too long and is cut"},
	{"cmd/muster", "main", 1, "main, which ends with the process", "it gives the signals back and returns"},
	{"cmd/muster", "demoCommand.serve", 2, "demoCommand.serve waits for the server and its agents", "the program is told to stop, or one of them fails; the server when its agents have"},
	{"cmd/muster", "demoCommand.play", 3, "demoCommand.play waits for the show, what tells of it and what serves it", "the context ends and the show with it, which closes the cable; or one of them fails"},
	{"cmd/muster", "past.live", 1, "past.live, which waits for it", "everything has been lived through, or the program is told to stop"},
	{"cmd/muster", "node.run", 7, "node.run waits for the rooms and the edges", "the program is told to stop, or one of them fails"},
	{"cmd/muster", "serveHTTP", 1, "serveHTTP waits for the server", "Shutdown or Close of the server, which serveHTTP calls when its context ends"},
}

func TestGoroutines_HaveAnOwnerAndAnEnd(t *testing.T) {
	t.Parallel()
	check(t, unownedGoroutines(repository(t), goroutines))
}

func TestGoroutines_AreFoundInEveryForm(t *testing.T) {
	t.Parallel()
	with := func(body string) []string {
		text := "package p\ntype T struct{}\nfunc (t *T) Run() {\n" + body + "\n}\n"
		return unownedGoroutines(sample(t, map[string]string{
			"p/p.go":      text,
			"p/p_test.go": "package p\nfunc f() { go f() }\n",
		}), []goroutine{{"p", "T.Run", 1, "Run", "it returns"}})
	}
	mustPass(t, with(`go func() {}()`))
	mustPass(t, with(`group.Go(func() error { return nil })`))
	mustPass(t, with(`time.AfterFunc(time.Second, f)`))
	mustPass(t, with(`defer context.AfterFunc(ctx, f)()`))
	mustFind(t, with("go f()\ngo f()"), "T.Run starts goroutines at 2 places, 1 are written down")
	mustFind(t, with(`return`), "T.Run starts goroutines at 0 places, 1 are written down")
	mustFind(t, unownedGoroutines(sample(t, map[string]string{"p/p.go": "package p\nvar v = func() int { go f(); return 0 }()\n"}), nil), "outside of a function")
}

// unownedGoroutines compares where goroutines are started with the list.
func unownedGoroutines(t *tree, listed []goroutine) (findings []string) {
	type place struct{ room, function string }
	found := make(map[place]int)
	where := make(map[place]string)
	for _, room := range t.rooms {
		if room.isSuite() {
			continue
		}
		for _, s := range room.production() {
			for _, declaration := range s.syntax.Decls {
				here := place{room.path, ""}
				if f, ok := declaration.(*ast.FuncDecl); ok {
					here.function = functionName(f)
				}
				ast.Inspect(declaration, func(n ast.Node) bool {
					if n != nil && startsGoroutine(n) {
						found[here]++
						where[here] = t.at(n)
					}
					return true
				})
			}
		}
	}
	for _, g := range listed {
		here := place{g.room, g.function}
		if found[here] != g.starts {
			findings = append(findings, fmt.Sprintf("%s: %s starts goroutines at %d places, %d are written down in internal/house/goroutines_test.go", g.room, g.function, found[here], g.starts))
		}
		delete(found, here)
	}
	for here, count := range found {
		function := here.function
		if function == "" {
			function = "a value outside of a function"
		}
		findings = append(findings, fmt.Sprintf("%s: %s starts goroutines at %d places; write down in internal/house/goroutines_test.go who owns them and what ends them", where[here], function, count))
	}
	return findings
}

// startsGoroutine recognises go statements, the Go methods of groups, and calls
// that run a function later by themselves.
func startsGoroutine(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.GoStmt:
		return true
	case *ast.CallExpr:
		selector, ok := n.Fun.(*ast.SelectorExpr)
		if !ok {
			return false
		}
		return selector.Sel.Name == "Go" && len(n.Args) == 1 || strings.HasSuffix(selector.Sel.Name, "AfterFunc")
	}
	return false
}
