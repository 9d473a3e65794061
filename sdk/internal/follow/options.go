package follow

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"github.com/muster-presence/muster/api"
)

// Options say what to follow and how. Group, Session and Log may be left out.
type Options struct {
	Base      *url.URL // ends with /v1/
	HTTP      *http.Client
	Tenant    string
	View      api.View
	Group     string // in floor: only its agents, by its name
	Session   string // in self: whose signs of life the answered beats are
	Name      string // what the client calls itself
	Tokens    Tokens
	Receiver  Receiver
	Log       *slog.Logger
	Transport Transport
}

// Transport says how the stream may come.
type Transport int

const (
	// Auto is a socket, and Server-Sent Events while something on the way lets no socket through.
	Auto Transport = iota
	// SocketOnly is a socket, or nothing.
	SocketOnly
	// EventsOnly is Server-Sent Events from the start.
	EventsOnly
)

// Tokens is where the stream gets its token from.
type Tokens interface {
	// Token is the present token, "" for none.
	Token() string
	// Refused is told that the server refused a token and why, and waits for another, as long as it likes. An error means that
	// there will be none.
	Refused(ctx context.Context, refused string, code api.Code) (fresh string, err error)
}

// Receiver is told, from the goroutine of Run and in order, what the view shows. Its methods must not block. They may keep what
// they are given.
type Receiver interface {
	// Welcomed: the stream is open. The server read its clock between sent and received.
	Welcomed(beat time.Duration, server api.Time, sent, received time.Time, socket bool)
	// Snapshot replaces everything that the view has shown so far.
	Snapshot(rows []json.RawMessage)
	// Event is the next message of the view. Its type may be an unknown one.
	Event(message json.RawMessage)
	// Unreadable is a frame, a message or a row that cannot be read. It is passed over.
	Unreadable(text []byte, err error)
	// Disconnected: a stream has ended, or an attempt to open one has failed. Run goes on, or stops and says why.
	Disconnected(reason error)
}
