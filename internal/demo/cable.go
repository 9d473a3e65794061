package demo

import (
	"context"
	"net"
	"sync"
)

// Cable connects a server with clients in the same process: it is the server's
// [net.Listener], and [Cable.Dial] is how the clients get through. Nothing else
// of HTTP or WebSocket is different from a socket, but a connection takes no file
// and no memory of the kernel's. Make it with [NewCable].
type Cable struct {
	coming chan net.Conn
	closed chan struct{}
	cut    func()
}

// NewCable returns a cable on which nobody listens yet.
func NewCable() *Cable {
	c := &Cable{coming: make(chan net.Conn), closed: make(chan struct{})}
	c.cut = sync.OnceFunc(func() { close(c.closed) })
	return c
}

// Dial connects to whoever accepts, wherever the address is. It fails with
// [net.ErrClosed] once the cable is closed.
func (c *Cable) Dial(ctx context.Context, _, _ string) (net.Conn, error) {
	near, far := net.Pipe()
	select {
	case c.coming <- far:
		return near, nil
	case <-c.closed:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Accept implements [net.Listener].
func (c *Cable) Accept() (net.Conn, error) {
	select {
	case conn := <-c.coming:
		return conn, nil
	case <-c.closed:
		return nil, net.ErrClosed
	}
}

// Close implements [net.Listener]. It may be called more than once.
func (c *Cable) Close() error {
	c.cut()
	return nil
}

// Addr implements [net.Listener].
func (c *Cable) Addr() net.Addr { return cableAddress{} }

type cableAddress struct{}

func (cableAddress) Network() string { return "cable" }
func (cableAddress) String() string  { return "cable" }
