// Package cors says which origins' pages may call the server, and tells browsers
// so. It knows headers, and nothing of what is called.
package cors

import (
	"net/http"
	"slices"
)

// Origins are the origins whose pages may call. No cookie is read anywhere, so
// allowing all of them gives no page more than its user's token does.
type Origins struct {
	all     bool
	allowed []string
}

// NewOrigins allows the origins listed, compared letter by letter; "*" allows all.
func NewOrigins(allowed []string) Origins {
	return Origins{all: slices.Contains(allowed, "*"), allowed: allowed}
}

// Allow reports whether pages of the origin may call.
func (o Origins) Allow(origin string) bool {
	return o.all || slices.Contains(o.allowed, origin)
}

// Handle sets the cross-origin headers and reports whether that was all: the
// request was a preflight, which is answered.
func (o Origins) Handle(w http.ResponseWriter, r *http.Request) bool {
	origin := r.Header.Get("Origin")
	preflight := r.Method == http.MethodOptions && r.Header.Get("Access-Control-Request-Method") != ""
	if len(o.allowed) > 0 {
		w.Header().Add("Vary", "Origin")
	}
	if origin != "" && o.Allow(origin) {
		header := w.Header()
		header.Set("Access-Control-Allow-Origin", origin)
		header.Set("Access-Control-Expose-Headers", "Retry-After")
		if preflight {
			header.Set("Access-Control-Allow-Methods", "GET, POST, PUT, DELETE")
			header.Set("Access-Control-Allow-Headers", "Authorization, Content-Type, Idempotency-Key, Last-Event-ID")
			header.Set("Access-Control-Max-Age", "7200")
		}
	}
	if preflight {
		w.WriteHeader(http.StatusNoContent)
	}
	return preflight
}
