package follow

import (
	"io"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

// pipe is one direction of a connection in memory. It waits in ways that virtual
// time knows.
type pipe struct {
	mu      sync.Mutex // guards the fields below
	changed *sync.Cond
	data    []byte
	limit   int // how many bytes may be on the way
	ended   bool
	readBy  deadline
	writeBy deadline
}

// deadline is a time, and what wakes whoever waits then.
type deadline struct {
	at    time.Time
	timer *time.Timer
}

func (d *deadline) expired() bool { return !d.at.IsZero() && !time.Now().Before(d.at) }

func (d *deadline) stop() {
	if d.timer != nil {
		d.timer.Stop()
		d.timer = nil
	}
}

func newPipe(limit int) *pipe {
	p := &pipe{limit: limit}
	p.changed = sync.NewCond(&p.mu)
	return p
}

func (p *pipe) read(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for {
		switch {
		case p.readBy.expired():
			return 0, os.ErrDeadlineExceeded
		case len(p.data) > 0:
			n := copy(b, p.data)
			p.data = p.data[n:]
			p.changed.Broadcast()
			return n, nil
		case p.ended:
			return 0, io.EOF
		}
		p.changed.Wait()
	}
}

func (p *pipe) write(b []byte) (n int, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for len(b) > 0 {
		switch room := p.limit - len(p.data); {
		case p.ended:
			return n, io.ErrClosedPipe
		case p.writeBy.expired():
			return n, os.ErrDeadlineExceeded
		case room > 0:
			step := min(room, len(b))
			p.data = append(p.data, b[:step]...)
			b = b[step:]
			n += step
			p.changed.Broadcast()
		default:
			p.changed.Wait()
		}
	}
	return n, nil
}

func (p *pipe) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ended = true
	p.readBy.stop()
	p.writeBy.stop()
	p.changed.Broadcast()
}

// setDeadline sets one of the pipe's deadlines.
func (p *pipe) setDeadline(d *deadline, t time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	d.stop()
	d.at = t
	p.changed.Broadcast()
	if wait := time.Until(t); !t.IsZero() && wait > 0 && !p.ended {
		d.timer = time.AfterFunc(wait, func() {
			p.mu.Lock()
			defer p.mu.Unlock()
			p.changed.Broadcast()
		})
	}
}

// memoryConn is one end of a connection in memory.
type memoryConn struct {
	in, out *pipe
	closed  atomic.Bool
}

// inFlight is how much a connection holds before a writer has to wait.
const inFlight = 64 << 10

// connect makes a connection.
func connect() (client, server *memoryConn) {
	up, down := newPipe(inFlight), newPipe(inFlight)
	return &memoryConn{in: down, out: up}, &memoryConn{in: up, out: down}
}

func (c *memoryConn) Read(b []byte) (int, error) {
	if c.closed.Load() {
		return 0, net.ErrClosed
	}
	n, err := c.in.read(b)
	if err != nil && c.closed.Load() {
		err = net.ErrClosed
	}
	return n, err
}

func (c *memoryConn) Write(b []byte) (int, error) {
	return c.out.write(b)
}

func (c *memoryConn) Close() error {
	if c.closed.Swap(true) {
		return net.ErrClosed
	}
	c.in.end()
	c.out.end()
	return nil
}

func (c *memoryConn) LocalAddr() net.Addr  { return &net.TCPAddr{} }
func (c *memoryConn) RemoteAddr() net.Addr { return &net.TCPAddr{} }

func (c *memoryConn) SetDeadline(t time.Time) error {
	_ = c.SetReadDeadline(t)
	return c.SetWriteDeadline(t)
}

func (c *memoryConn) SetReadDeadline(t time.Time) error {
	c.in.setDeadline(&c.in.readBy, t)
	return nil
}

func (c *memoryConn) SetWriteDeadline(t time.Time) error {
	c.out.setDeadline(&c.out.writeBy, t)
	return nil
}

// memoryListener hands out connections that are made in memory.
type memoryListener struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func newMemoryListener() *memoryListener {
	return &memoryListener{conns: make(chan net.Conn), closed: make(chan struct{})}
}

// dial connects to whoever accepts.
func (l *memoryListener) dial() (net.Conn, error) {
	client, server := connect()
	select {
	case l.conns <- server:
		return client, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *memoryListener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *memoryListener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}

func (l *memoryListener) Addr() net.Addr { return &net.TCPAddr{} }
