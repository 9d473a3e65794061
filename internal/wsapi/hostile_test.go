package wsapi

import (
	"io"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gobwas/ws"

	"github.com/muster-presence/muster/api"
)

// hostile are the kinds of bytes that clients should not send, each made anew
// with every call.
var hostile = map[string]func(r *rand.Rand) string{
	"noise":            func(r *rand.Rand) string { return noise(r, 1+r.IntN(300)) },
	"no mask":          func(r *rand.Rand) string { return string(ws.MustCompileFrame(ws.NewTextFrame([]byte(noise(r, 20))))) },
	"reserved bits":    func(r *rand.Rand) string { return altered(text("{}"), byte(0x10<<r.IntN(3))) },
	"reserved opcodes": func(r *rand.Rand) string { return masked(ws.OpCode(3+r.IntN(5)), true, noise(r, 10)) },
	"binary":           func(r *rand.Rand) string { return masked(ws.OpBinary, true, noise(r, r.IntN(500))) },
	"no UTF-8":         func(r *rand.Rand) string { return text("\xc3\x28" + noise(r, r.IntN(500))) },
	"no JSON":          func(r *rand.Rand) string { return text("{" + strings.Repeat("[", r.IntN(4000))) },
	"wrong types":      func(*rand.Rand) string { return text(`{"type":"beat","n":"1"}`) },
	"unknown beats":    func(*rand.Rand) string { return text(`{"type":"beat","n":999999999999}`) },
	"too large":        func(r *rand.Rand) string { return text(strings.Repeat("x", maxMessage+1+r.IntN(20000))) },
	"huge lengths":     func(r *rand.Rand) string { return "\x81\xff" + noise(r, 8) + "mask" + noise(r, 50) },
	"endless fragments": func(r *rand.Rand) string {
		return masked(ws.OpText, false, noise(r, 5)) + strings.Repeat(masked(ws.OpContinuation, false, ""), 100)
	},
	"nested fragments": func(*rand.Rand) string { return masked(ws.OpText, false, "{") + text("{}") },
	"stray fragments":  func(r *rand.Rand) string { return masked(ws.OpContinuation, r.IntN(2) == 0, "x") },
	"large pings":      func(r *rand.Rand) string { return masked(ws.OpPing, true, strings.Repeat("x", 126+r.IntN(1000))) },
	"fragmented pings": func(*rand.Rand) string { return masked(ws.OpPing, false, "x") },
	"ping floods":      func(*rand.Rand) string { return strings.Repeat(masked(ws.OpPing, true, "x"), 200) },
	"pong floods":      func(*rand.Rand) string { return strings.Repeat(masked(ws.OpPong, true, "x"), 200) },
	"forbidden closes": func(*rand.Rand) string { return masked(ws.OpClose, true, "\x03\xed") },
	"short closes":     func(*rand.Rand) string { return masked(ws.OpClose, true, "\x03") },
	"garbled closes":   func(*rand.Rand) string { return masked(ws.OpClose, true, "\x03\xe8\xff\xfe") },
	"half a frame":     func(r *rand.Rand) string { f := text(noise(r, 200)); return f[:1+r.IntN(len(f)-1)] },
	"requests":         func(*rand.Rand) string { return handshake(north) },
	"foreign tokens": func(r *rand.Rand) string {
		return text(`{"type":"token","token":"` + strings.Repeat("x", r.IntN(5000)) + `"}`)
	},
}

func noise(r *rand.Rand, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return string(b)
}

// altered has bits of its first byte turned over.
func altered(text string, bits byte) string { return string(text[0]^bits) + text[1:] }

// Whatever comes, only the connection on which it comes suffers: another client
// of the same server sees every change at once, and nothing is left behind. Not in
// parallel: it measures the process's memory.
func TestHostileFrames_HarmOnlyTheirConnection(t *testing.T) {
	const frames = 10_000
	inWorld(t, func(w *world) {
		w.login(agent)
		watcher := w.settled(supervisor, "floor")
		r := rand.New(rand.NewPCG(1, 2))
		token := w.token(colleague, 0)
		var goroutines int
		var before uint64
		sent := 0
		for round := 0; sent < frames; round++ {
			for kind, say := range hostile {
				c := w.upgraded()
				if sent%2 == 0 { // before the hello or after the welcome
					c.hello(token, "self")
					c.next()
				}
				if _, err := io.WriteString(c.conn, say(r)); err != nil {
					t.Fatalf("%s: %v", kind, err)
				}
				sent++
				synctest.Wait()
				_ = c.conn.Close()
			}
			synctest.Wait()
			if round%10 == 0 { // the log grows by it
				began := time.Now()
				w.turn(agent)
				watcher.nextOf(api.FrameTypeEvents)
				if waited := time.Since(began); waited != 0 {
					t.Fatalf("the watcher waits %s", waited)
				}
			}
			if n := w.server.connections(); n != 1 {
				t.Fatalf("%d connections are left, want the watcher's", n)
			}
			if sent > frames/10 && goroutines == 0 { // everything is warm
				goroutines, before = leftBehind(watcher)
			}
		}
		goroutinesAfter, after := leftBehind(watcher)
		if grown := int64(after) - int64(before); grown > 1<<20 || goroutinesAfter > goroutines {
			t.Errorf("%d bytes and %d goroutines are left of %d frames", grown, goroutinesAfter-goroutines, sent)
		}
		if _, closed, refused := w.seen.all(); closed["socket self 4004"]+refused["internal"] > 0 {
			t.Errorf("something panicked: %v, %v", closed, refused)
		}
		if w.server.addresses.waiting != 0 || len(w.server.addresses.of) != 0 || len(w.server.users.of) != 1 {
			t.Errorf("%d addresses and %d users have places", len(w.server.addresses.of), len(w.server.users.of))
		}
		watcher.wantOpen()
	})
}

// leftBehind is what the process holds when every time of a connection is over.
func leftBehind(watcher *client) (goroutines int, bytes uint64) {
	watcher.obey(2 * time.Minute)
	synctest.Wait()
	runtime.GC()
	runtime.GC() // what pools held is gone after the second
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return runtime.NumGoroutine(), m.HeapAlloc
}
