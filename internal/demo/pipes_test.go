package demo_test

import (
	"context"
	"errors"
	"net"
	"sync"
)

var errRefused = errors.New("connection refused")

// pipes are connections inside of a bubble, where sockets would stop its clock.
type pipes struct {
	mu     sync.Mutex // guards server
	server *pipeServer
}

func newPipes() *pipes { return &pipes{} }

// listen takes the connections from now on.
func (p *pipes) listen() net.Listener {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.server = &pipeServer{coming: make(chan net.Conn), closed: make(chan struct{})}
	return p.server
}

// cut refuses connections until somebody listens again.
func (p *pipes) cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.server = nil
}

func (p *pipes) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	p.mu.Lock()
	server := p.server
	p.mu.Unlock()
	if server == nil {
		return nil, errRefused
	}
	client, accepted := net.Pipe()
	select {
	case server.coming <- accepted:
		return client, nil
	case <-server.closed:
		return nil, errRefused
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// pipeServer is a [net.Listener].
type pipeServer struct {
	coming chan net.Conn
	once   sync.Once
	closed chan struct{}
}

func (s *pipeServer) Accept() (net.Conn, error) {
	select {
	case conn := <-s.coming:
		return conn, nil
	case <-s.closed:
		return nil, net.ErrClosed
	}
}

func (s *pipeServer) Close() error {
	s.once.Do(func() { close(s.closed) })
	return nil
}

func (s *pipeServer) Addr() net.Addr { return pipeAddress{} }

type pipeAddress struct{}

func (pipeAddress) Network() string { return "pipe" }
func (pipeAddress) String() string  { return "pipe" }
