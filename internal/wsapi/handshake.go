package wsapi

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"

	"github.com/muster-presence/muster/api"
)

// wantsSocket reports whether the request is meant to become a WebSocket.
func wantsSocket(r *http.Request) bool {
	return strings.EqualFold(r.Header.Get("Upgrade"), "websocket")
}

// checkHandshake looks at what RFC 6455 asks of the request, and where it comes
// from. It returns nil if all is well.
func (s *Server) checkHandshake(r *http.Request) *fault {
	key, err := base64.StdEncoding.DecodeString(r.Header.Get("Sec-WebSocket-Key"))
	switch {
	case !s.allowsOrigin(r):
		return newFault(api.CodeForbidden, "Pages of this origin may not open sockets here. The server's operators can allow it with --allow-origin.")
	case !r.ProtoAtLeast(1, 1) || !hasToken(r.Header["Connection"], "upgrade"):
		return newFault(api.CodeBadRequest, "A WebSocket needs HTTP/1.1 and the header Connection: Upgrade.")
	case err != nil || len(key) != 16:
		return newFault(api.CodeBadRequest, "The header Sec-WebSocket-Key must be 16 bytes in base64.")
	case r.Header.Get("Sec-WebSocket-Version") != "13":
		f := newFault(api.CodeBadRequest, "The header Sec-WebSocket-Version must be 13.").with("Sec-WebSocket-Version", "13")
		f.status = http.StatusUpgradeRequired
		return f
	}
	return nil
}

// allowsOrigin reports whether the page that opens a socket may: browsers ask
// nobody before they do, unlike with requests. Programs send no origin.
func (s *Server) allowsOrigin(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	if origin == "" || s.origins.Allow(origin) {
		return true
	}
	page, err := url.Parse(origin)
	return err == nil && page.Host != "" && strings.EqualFold(page.Host, r.Host)
}

// hasToken reports whether a header's list has the word, in any case.
func hasToken(values []string, word string) bool {
	for _, value := range values {
		for token := range strings.SplitSeq(value, ",") {
			if strings.EqualFold(strings.TrimSpace(token), word) {
				return true
			}
		}
	}
	return false
}
