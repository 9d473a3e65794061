package sdk

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/muster-presence/muster/sdk/internal/follow"
)

// Options say how a client is to be. The zero value of each field but BaseURL is its default.
type Options struct {
	// BaseURL is the server's address, such as "https://muster.example/v1/". A missing last slash is added.
	BaseURL string
	// Name is what the client calls itself to the server, for evidence and logs; "muster-go" by default.
	Name string
	// Locale is the first locale; "en-US" by default.
	Locale string
	// Token brings a fresh token when the present one expires or is refused. It is called by one goroutine at a time and should
	// return when ctx ends; nobody waits longer for it. Without it, a client that is refused waits for SetToken.
	Token func(ctx context.Context) (string, error)
	// Resume remembers the session for a process that is started again; see [SetActiveTenantParams].
	Resume Resumption
	// Patience is how long a request is tried again through failures that may pass, 30 s by default. A negative one means that
	// each is sent once.
	Patience time.Duration
	// Lease is how long a client in a session waits for a fresh token, 5 min by default: what the server's sessions outlive.
	Lease time.Duration
	// Transport says how the stream may come; [TransportAuto] by default.
	Transport Transport
	// Client sends the requests and opens the sockets; nil for one of the SDK's own.
	Client *http.Client
	// Log is told what goes wrong and is published nowhere; nil for nobody. No token and no value of a parameter is ever logged.
	Log *slog.Logger
}

// Transport says how the stream may come.
type Transport = follow.Transport

// The transports. Auto takes a socket, and Server-Sent Events where something on the way lets no socket through.
const (
	TransportAuto   = follow.Auto
	TransportSocket = follow.SocketOnly
	TransportEvents = follow.EventsOnly
)

// Resumption remembers which session a client had. Its methods are called by one goroutine at a time. It never holds a token.
type Resumption interface {
	// Load returns what was saved last, the zero value for nothing.
	Load() (ResumePoint, error)
	// Save remembers a session in the place of the last one; the zero value forgets.
	Save(ResumePoint) error
}

// ResumePoint is the session that a client may take up again.
type ResumePoint struct {
	BaseURL   string `json:"baseUrl"`
	UserID    string `json:"userId"`
	TenantID  string `json:"tenantId"`
	SessionID string `json:"sessionId"`
}

const (
	defaultName     = "muster-go"
	defaultLocale   = "en-US"
	defaultPatience = 30 * time.Second
	defaultLease    = 5 * time.Minute
)

// complete fills in the defaults and reads the address. It fails with [CodeOptionsInvalid].
func (o Options) complete() (Options, *url.URL, error) {
	base, err := url.Parse(o.BaseURL)
	switch {
	case err != nil:
		return o, nil, newError(CodeOptionsInvalid, ErrorData{Problems: "BaseURL must be an address like https://muster.example/v1/"})
	case base.Host == "" || base.Scheme != "http" && base.Scheme != "https":
		return o, nil, newError(CodeOptionsInvalid, ErrorData{Problems: "BaseURL must begin with http:// or https:// and name a host"})
	case base.RawQuery != "" || base.Fragment != "":
		return o, nil, newError(CodeOptionsInvalid, ErrorData{Problems: "BaseURL must have neither query nor fragment"})
	case o.Transport < TransportAuto || o.Transport > TransportEvents:
		return o, nil, newError(CodeOptionsInvalid, ErrorData{Problems: fmt.Sprintf("Transport must be %d to %d", TransportAuto, TransportEvents)})
	case o.Lease < 0:
		return o, nil, newError(CodeOptionsInvalid, ErrorData{Problems: "Lease must not be negative"})
	}
	if !strings.HasSuffix(base.Path, "/") {
		base.Path += "/"
	}
	if o.Name == "" {
		o.Name = defaultName
	}
	if o.Locale == "" {
		o.Locale = defaultLocale
	}
	if o.Patience == 0 {
		o.Patience = defaultPatience
	}
	if o.Lease == 0 {
		o.Lease = defaultLease
	}
	if o.Client == nil {
		o.Client = &http.Client{Transport: newTransport()}
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o, base, nil
}

// newTransport is how requests are sent where the options bring no client. Over HTTP/2 they share a connection, and would all wait for
// one that died without a word: where nothing comes for a while, a ping finds out.
func newTransport() *http.Transport {
	return &http.Transport{
		Proxy: http.ProxyFromEnvironment, MaxIdleConnsPerHost: 4, IdleConnTimeout: time.Minute, ForceAttemptHTTP2: true,
		HTTP2: &http.HTTP2Config{SendPingTimeout: 5 * time.Second, PingTimeout: 5 * time.Second},
	}
}
