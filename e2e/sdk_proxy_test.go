package e2e

import (
	"fmt"
	"math/rand/v2"
	"net"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// proxy stands between clients and a server, on loopback, and lets nothing through but bytes. What it does to them is its weather.
type proxy struct {
	listener net.Listener
	base     string                 // for clients; ends with /v1/
	target   atomic.Pointer[string] // the server's host and port

	mu      sync.Mutex // guards the fields below
	relays  map[*relay]struct{}
	refuses bool          // closes what comes at once
	stalled [2]bool       // by direction: nothing gets through
	delay   time.Duration // of each piece
	changed chan struct{} // closed when any of these changes
	closed  bool
	running sync.WaitGroup
}

// The directions.
const (
	up   = iota // to the server
	down        // to the client
)

// relay is one connection through the proxy.
type relay struct {
	ends      [2]net.Conn // where bytes of that direction go
	forgotten bool        // nothing gets through any more
}

// newProxy begins to stand in front of a server, in calm weather.
func newProxy(t *testing.T, s *server) *proxy {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	p := &proxy{
		listener: listener, base: fmt.Sprintf("http://%s/v1/", listener.Addr()),
		relays: make(map[*relay]struct{}), changed: make(chan struct{}),
	}
	p.lead(t, s)
	p.running.Go(p.accept)
	t.Cleanup(p.close)
	return p
}

// lead leads new connections to a server.
func (p *proxy) lead(t *testing.T, s *server) {
	t.Helper()
	where, err := url.Parse(s.base)
	must(t, err)
	p.target.Store(&where.Host)
}

func (p *proxy) accept() {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		p.running.Go(func() { p.serve(client) })
	}
}

func (p *proxy) serve(client net.Conn) {
	r := &relay{ends: [2]net.Conn{down: client}}
	if !p.add(r) {
		hangUp(client)
		return
	}
	defer p.drop(r)
	if !p.pass(r, up) { // a handshake gets through as little as anything else
		hangUp(client)
		return
	}
	server, err := net.DialTimeout("tcp", *p.target.Load(), 5*time.Second)
	if err != nil {
		hangUp(client)
		return
	}
	p.mu.Lock()
	r.ends[up] = server
	_, stands := p.relays[r]
	p.mu.Unlock()
	if !stands {
		hangUp(client)
		hangUp(server)
		return
	}
	var pumping sync.WaitGroup
	pumping.Go(func() { p.pump(r, client, server, up) })
	pumping.Go(func() { p.pump(r, server, client, down) })
	pumping.Wait()
}

func (p *proxy) add(r *relay) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.refuses || p.closed {
		return false
	}
	p.relays[r] = struct{}{}
	return true
}

func (p *proxy) drop(r *relay) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.relays, r)
}

// pump carries bytes until one end is gone. In a stall the other end does not learn of that.
func (p *proxy) pump(r *relay, from, to net.Conn, direction int) {
	defer to.Close()
	defer from.Close()
	piece := make([]byte, 16<<10)
	for {
		n, failed := from.Read(piece)
		if !p.pass(r, direction) {
			return
		}
		if _, err := to.Write(piece[:n]); err != nil || failed != nil {
			return
		}
	}
}

// pass waits as long as the weather wants. It is false when the proxy is closed.
func (p *proxy) pass(r *relay, direction int) bool {
	delayed := false
	for {
		p.mu.Lock()
		stalled, delay, changed, closed := p.stalled[direction] || r.forgotten, p.delay, p.changed, p.closed
		p.mu.Unlock()
		switch {
		case closed:
			return false
		case stalled:
			<-changed
		case delay > 0 && !delayed:
			delayed = true
			time.Sleep(delay)
		default:
			return true
		}
	}
}

// change changes the weather.
func (p *proxy) change(how func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	how()
	close(p.changed)
	p.changed = make(chan struct{})
}

// cut ends all connections, with a reset or with a goodbye.
func (p *proxy) cut(reset bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for r := range p.relays {
		for _, end := range r.ends {
			switch {
			case end == nil:
			case reset:
				hangUp(end)
			default:
				_ = end.Close()
			}
		}
		delete(p.relays, r)
	}
}

// forget leaves all connections that there are standing, and lets nothing more through them: the way to them is lost, and nobody is told.
func (p *proxy) forget() {
	p.change(func() {
		for r := range p.relays {
			r.forgotten = true
		}
	})
}

func hangUp(conn net.Conn) {
	_ = conn.(*net.TCPConn).SetLinger(0) // a reset
	_ = conn.Close()
}

func (p *proxy) calm() {
	p.change(func() { p.refuses, p.stalled, p.delay = false, [2]bool{}, 0 })
}

func (p *proxy) close() {
	_ = p.listener.Close()
	p.change(func() { p.closed = true })
	p.cut(true)
	p.running.Wait()
}

// A fault is what the weather can be. Each leaves it calm.
type fault struct {
	name string
	do   func(p *proxy, lasts time.Duration)
}

var faults = []fault{
	{"cut", func(p *proxy, _ time.Duration) { p.cut(true) }},
	{"goodbye", func(p *proxy, _ time.Duration) { p.cut(false) }},
	{"forgetting", func(p *proxy, _ time.Duration) { p.forget() }},
	{"stall", func(p *proxy, lasts time.Duration) {
		p.change(func() { p.stalled = [2]bool{true, true} })
		time.Sleep(lasts)
		p.calm()
	}},
	{"stall, and nothing of it comes back", func(p *proxy, lasts time.Duration) {
		p.change(func() { p.stalled = [2]bool{true, true} })
		time.Sleep(lasts)
		p.cut(true)
		p.calm()
	}},
	{"deaf", func(p *proxy, lasts time.Duration) {
		p.change(func() { p.stalled[down] = true })
		time.Sleep(lasts)
		p.calm()
	}},
	{"deaf, and nothing of it comes back", func(p *proxy, lasts time.Duration) { // the server does what it is asked, and cannot say so
		p.change(func() { p.stalled[down] = true })
		time.Sleep(lasts)
		p.cut(true)
		p.calm()
	}},
	{"mute", func(p *proxy, lasts time.Duration) {
		p.change(func() { p.stalled[up] = true })
		time.Sleep(lasts)
		p.calm()
	}},
	{"slow", func(p *proxy, lasts time.Duration) {
		p.change(func() { p.delay = lasts / 20 })
		time.Sleep(lasts)
		p.calm()
	}},
	{"refusing", func(p *proxy, lasts time.Duration) {
		p.change(func() { p.refuses = true })
		p.cut(true)
		time.Sleep(lasts)
		p.calm()
	}},
}

// storm has one fault after the other until over is closed, each no longer than worst, with calm between them. Before one comes again
// all have been.
func (p *proxy) storm(random *rand.Rand, worst, calm time.Duration, over <-chan struct{}) (been string) {
	var turns []int
	for {
		select {
		case <-over:
			return been
		case <-time.After(time.Duration(random.Int64N(int64(2 * calm)))):
		}
		if len(turns) == 0 {
			turns = random.Perm(len(faults))
		}
		f := faults[turns[0]]
		turns = turns[1:]
		lasts := time.Duration(random.Int64N(int64(worst)))
		been += fmt.Sprintf("%s %s; ", f.name, lasts.Round(time.Millisecond))
		f.do(p, lasts)
	}
}
