package desk

import (
	"bufio"
	"context"
	"encoding/json"
	"log/slog"
	"net"
	"sync"
	"time"
)

const (
	mostConnections = 32
	requestTime     = 5 * time.Second
	writeTime       = 10 * time.Second
)

// service answers callers at a socket.
type service struct {
	log *slog.Logger
	// do carries out a request but "watch".
	do func(context.Context, Request) (any, error)
	// watch begins to tell a caller what happens; stop ends it.
	watch func() (opening Opening, events <-chan Told, stop func())

	connections sync.WaitGroup
}

// serve answers until the listener is closed. It does not wait for connections: wait does.
func (s *service) serve(ctx context.Context, listener net.Listener) {
	places := make(chan struct{}, mostConnections)
	for {
		connection, err := listener.Accept()
		if err != nil {
			return
		}
		select {
		case places <- struct{}{}:
			s.connections.Go(func() {
				defer func() { <-places }()
				s.converse(ctx, connection)
			})
		default:
			s.log.Warn("too many callers at once")
			_ = connection.SetWriteDeadline(time.Now().Add(time.Second))
			_ = writeLine(connection, failed(problem(0, "too many commands and watchers use this desk at once")))
			_ = connection.Close() // the caller was told what there is to tell
		}
	}
}

// wait waits for connections to end, but no longer than that.
func (s *service) wait(patience time.Duration) {
	ended := make(chan struct{})
	go func() { s.connections.Wait(); close(ended) }()
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case <-ended:
	case <-timer.C:
	}
}

// converse reads a request and answers it.
func (s *service) converse(ctx context.Context, connection net.Conn) {
	defer connection.Close()
	_ = connection.SetReadDeadline(time.Now().Add(requestTime))
	var request Request
	switch err := readLine(bufio.NewReader(connection), longestRequest, &request); {
	case err != nil:
		s.tell(connection, failed(problem(0, "the request cannot be read")))
	case request.Version != protocolVersion:
		s.tell(connection, failed(problem(0, errVersion.Error())))
	case request.Do == DoWatch:
		s.show(connection)
	default:
		result, err := s.do(ctx, request)
		if err != nil {
			s.tell(connection, failed(ProblemOf(err)))
			return
		}
		s.tell(connection, answered(result))
	}
}

// show tells a watcher what happens until either goes away.
func (s *service) show(connection net.Conn) {
	opening, events, stop := s.watch()
	defer stop()
	if !s.tell(connection, answered(opening)) {
		return
	}
	for told := range events {
		if !s.tell(connection, told) {
			return
		}
	}
}

func (s *service) tell(connection net.Conn, value any) bool {
	_ = connection.SetWriteDeadline(time.Now().Add(writeTime))
	err := writeLine(connection, value)
	if err != nil {
		s.log.Info("a caller is gone", "error", err)
	}
	return err == nil
}

func answered(result any) answer {
	text, err := json.Marshal(result)
	if err != nil {
		return failed(problem(0, "the answer cannot be written"))
	}
	return answer{Version: protocolVersion, Result: text}
}

func failed(p *Problem) answer { return answer{Version: protocolVersion, Error: p.Err, Text: p.Text} }
