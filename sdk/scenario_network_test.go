package sdk_test

import (
	"context"
	"io"
	"net"
	"os"
	"sync"
	"time"
)

// network connects a client with a server in memory, so that a bubble knows what waits for what. Nothing is ever full: what one
// end writes waits until the other reads it.
type network struct {
	dialled chan net.Conn
	closed  chan struct{}
	once    sync.Once
}

func newNetwork() *network {
	return &network{dialled: make(chan net.Conn), closed: make(chan struct{})}
}

func (n *network) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	up, down := newStretch(), newStretch()
	select {
	case n.dialled <- &wire{in: up, out: down}:
		return &wire{in: down, out: up}, nil
	case <-n.closed:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Accept makes a network a net.Listener.
func (n *network) Accept() (net.Conn, error) {
	select {
	case conn := <-n.dialled:
		return conn, nil
	case <-n.closed:
		return nil, net.ErrClosed
	}
}

func (n *network) Close() error {
	n.once.Do(func() { close(n.closed) })
	return nil
}

func (n *network) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 80} }

// wire is one end of a connection.
type wire struct{ in, out *stretch }

func (w *wire) Read(b []byte) (int, error)  { return w.in.read(b) }
func (w *wire) Write(b []byte) (int, error) { return w.out.write(b) }

func (w *wire) Close() error {
	w.in.end()
	w.out.end()
	return nil
}

func (w *wire) LocalAddr() net.Addr  { return &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 80} }
func (w *wire) RemoteAddr() net.Addr { return w.LocalAddr() }

func (w *wire) SetDeadline(t time.Time) error      { return w.SetReadDeadline(t) }
func (w *wire) SetReadDeadline(t time.Time) error  { w.in.readBy(t); return nil }
func (w *wire) SetWriteDeadline(_ time.Time) error { return nil } // writing never waits

// stretch is one direction of a connection.
type stretch struct {
	mu      sync.Mutex // guards the fields below
	changed *sync.Cond
	data    []byte
	ended   bool
	by      time.Time // when reading is over; zero for never
	alarm   *time.Timer
}

func newStretch() *stretch {
	s := new(stretch)
	s.changed = sync.NewCond(&s.mu)
	return s
}

func (s *stretch) read(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for {
		switch {
		case !s.by.IsZero() && !time.Now().Before(s.by):
			return 0, os.ErrDeadlineExceeded
		case len(s.data) > 0:
			n := copy(b, s.data)
			s.data = s.data[n:]
			return n, nil
		case s.ended:
			return 0, io.EOF
		}
		s.changed.Wait()
	}
}

func (s *stretch) write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended {
		return 0, io.ErrClosedPipe
	}
	s.data = append(s.data, b...)
	s.changed.Broadcast()
	return len(b), nil
}

func (s *stretch) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ended = true
	s.disarm()
	s.changed.Broadcast()
}

func (s *stretch) readBy(t time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.disarm()
	s.by = t
	if !t.IsZero() && !s.ended {
		s.alarm = time.AfterFunc(time.Until(t), func() {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.changed.Broadcast()
		})
	}
	s.changed.Broadcast()
}

func (s *stretch) disarm() {
	if s.alarm != nil {
		s.alarm.Stop()
		s.alarm = nil
	}
}
