package follow

import (
	"io"
	"net/http"
)

// upgrade is a transport that keeps what the server's agreement to another protocol leaves open: the connection itself, which the
// WebSocket library has and does not show.
type upgrade struct {
	http.RoundTripper
	upgraded io.Closer // nil without an agreement
}

// upgrading returns a client like the one given, and where to find the connection that its handshake leads to.
func upgrading(like *http.Client) (*http.Client, *upgrade) {
	client := *like
	u := &upgrade{RoundTripper: client.Transport}
	if u.RoundTripper == nil {
		u.RoundTripper = http.DefaultTransport
	}
	client.Transport = u
	return &client, u
}

// RoundTrip does what the transport does that it stands before.
func (u *upgrade) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := u.RoundTripper.RoundTrip(r)
	if err == nil && response.StatusCode == http.StatusSwitchingProtocols {
		u.upgraded = response.Body
	}
	return response, err
}
