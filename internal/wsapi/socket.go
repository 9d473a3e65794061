package wsapi

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/engine"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/stream"
)

// helloTime is how long a client has to say who it is.
const helloTime = 5 * time.Second

// socket is a watch over WebSocket.
type socket struct {
	watch
	*link
	voucher *engine.Socket // nil: answers say nothing about a session
	beats   beats
	turn    atomic.Int32 // of the writer: idle, running or again
}

// serveSocket opens a socket. It returns when the client was welcomed, so that
// what net/http holds for the request goes.
func (s *Server) serveSocket(w http.ResponseWriter, r *http.Request, tenant presence.TenantID) {
	if f := s.checkHandshake(r); f != nil {
		s.refuse(w, f)
		return
	}
	address := addressOf(r.RemoteAddr)
	if !s.addresses.enter(r.Context(), address) {
		s.refuse(w, newFault(api.CodeRateLimited, "Too many sockets from your address have not said hello yet. Try again in a moment.").with("Retry-After", "5"))
		return
	}
	socket, err := s.newSocket(w, r, tenant)
	if err != nil {
		s.addresses.leave(address)
		s.log.Debug("a handshake failed", "error", err)
		s.observer.Refused(wordOf(broken))
		return
	}
	first, err := socket.greet()
	s.addresses.leave(address)
	if err == nil {
		err = socket.open(first)
	}
	if err != nil {
		socket.finish(err)
		return
	}
	socket.start()
	go socket.serve() // ends with the connection, which close ends
	go socket.write() // ends when there is nothing to send
	socket.beginBeats()
}

func (s *Server) newSocket(w http.ResponseWriter, r *http.Request, tenant presence.TenantID) (*socket, error) {
	link, err := upgrade(w, r, s.buffers, s.clock)
	if err != nil {
		return nil, err
	}
	k := &socket{watch: watch{server: s, transport: "socket", key: presence.Key{Tenant: tenant}}, link: link}
	k.carrier = link
	k.turn.Store(running) // until there is a subscription to write from
	s.add(&k.watch)
	return k, nil
}

// greet waits for the client's hello and looks at its token.
func (k *socket) greet() (h hello, err error) {
	defer k.guard(&err)
	k.readBy(time.Now().Add(helloTime))
	text, err := k.read()
	if isTimeout(err) {
		return h, closeError{api.CloseHelloLate}
	}
	if err != nil {
		return h, err
	}
	if h, err = parseHello(text); err != nil {
		return h, err
	}
	k.readBy(time.Time{})
	return h, k.identify(h.token, stream.View{Floor: h.floor, Group: h.group})
}

// open lets the client in and welcomes it.
func (k *socket) open(h hello) (err error) {
	defer k.guard(&err)
	ctx, cancel := context.WithTimeout(k.server.life, welcomeTime)
	defer cancel()
	if err := k.begin(ctx, h.cursor, k.wake); err != nil {
		return err
	}
	if err := k.vouchFor(ctx, h); err != nil {
		return err
	}
	frame := beginText(nil)
	return k.link.write(endText(append(frame, k.welcome()...), 0))
}

// vouchFor makes answers on the socket signs of life of the session that the
// client says it has. One that is not live is no reason to refuse: what became of
// it is what the client is going to see.
func (k *socket) vouchFor(ctx context.Context, h hello) error {
	if h.session.IsZero() {
		return nil
	}
	var err error
	k.voucher, err = k.server.engine.OpenSocket(ctx, k.key, h.session, engine.SocketInfo{ID: newSocketID(), Client: h.client, BeatDelay: k.told})
	if isNoSession(err) {
		return nil
	}
	return err
}

func isNoSession(err error) bool {
	return presence.RefusalOf(err) != "" || errors.Is(err, engine.ErrNotEntitled)
}

// newSocketID makes a random UUID.
func newSocketID() presence.SocketID {
	var id presence.UUID
	_, _ = rand.Read(id[:]) // never fails: crypto/rand ends the program instead
	id[6] = id[6]&0x0f | 0x40
	id[8] = id[8]&0x3f | 0x80
	return presence.SocketID{UUID: id}
}

// serve is the life of an open socket.
func (k *socket) serve() { k.finish(k.listen()) }

// listen takes what the client says until something ends the socket.
func (k *socket) listen() (err error) {
	defer k.guard(&err)
	for {
		text, err := k.read()
		if err != nil {
			return err
		}
		if err := k.hear(text); err != nil {
			return err
		}
	}
}

func (k *socket) hear(text []byte) error {
	said, err := parseAnswer(text)
	switch {
	case err != nil:
		return err
	case said.token != "":
		return k.renew(said.token)
	}
	fresh, ok := k.beats.answer(said.beat, k.server.clock())
	if !ok {
		return errFrame
	}
	if fresh && k.voucher != nil {
		return k.vouch(said.beat)
	}
	return nil
}

// vouch tells the engine of an answer. That the session has ended is in the
// stream; that the store fails now passes, and the next answer says the same.
func (k *socket) vouch(beat uint64) error {
	err := k.voucher.Answered(k.server.life, beat)
	if err != nil && !isNoSession(err) {
		k.server.log.Debug("an answered beat was not taken", "user", k.key.Agent, "error", err)
	}
	return nil
}

// renew puts a fresh token in place of the one that expires.
func (k *socket) renew(token string) error {
	identity, err := k.server.tokens.Verify(k.server.life, token)
	if err != nil {
		return err
	}
	if identity.User != k.key.Agent {
		return closeError{api.CloseForbidden}
	}
	k.identity.Store(&identity)
	return nil
}

// finish takes the socket down, after an error or because somebody wants it
// closed. It is for the goroutine that reads.
func (k *socket) finish(err error) {
	k.complain(codeAfter(err), err)
	code := k.settle(codeAfter(err))
	k.beats.end()
	if k.voucher != nil {
		k.voucher.Close(closingOf(code))
	}
	if k.sub != nil {
		k.sub.Close() // nothing more waits for the client while it is told to go
	}
	if code == noCode || code == broken {
		k.drop()
	} else {
		k.shut(code, reasonOf(code))
	}
	if !k.opened {
		k.server.observer.Refused(wordOf(code))
	}
	k.end(code)
}

// codeAfter is the code of a socket that ends with an error of its reader.
func codeAfter(err error) api.CloseCode {
	switch {
	case errors.Is(err, errLeft):
		return noCode
	case isConnection(err), errors.Is(err, errNotWritten):
		return broken
	}
	return closeCodeOf(err)
}
