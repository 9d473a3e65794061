package httpapi

import (
	"net/http"
	"slices"
)

// origins are the origins whose pages may call. No cookie is read here, so
// allowing all of them gives no page more than its user's token does.
type origins struct {
	all     bool
	allowed []string
}

func newOrigins(allowed []string) origins {
	return origins{all: slices.Contains(allowed, "*"), allowed: allowed}
}

// allows reports whether pages of the origin may call.
func (o origins) allows(origin string) bool {
	return o.all || slices.Contains(o.allowed, origin)
}

// handle sets the cross-origin headers and reports whether that was all: the
// request was a preflight.
func (o origins) handle(w http.ResponseWriter, r *http.Request) bool {
	origin := r.Header.Get("Origin")
	preflight := r.Method == http.MethodOptions && r.Header.Get("Access-Control-Request-Method") != ""
	if len(o.allowed) > 0 {
		w.Header().Add("Vary", "Origin")
	}
	if origin != "" && o.allows(origin) {
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
