package httpapi

import (
	"net/http"
	"net/url"
	"strings"
)

// setPathValues puts the values of a pattern's wildcards into the request, which
// [http.ServeMux.Handler] finds the pattern for but does not do. Segments are
// split before they are unescaped: a value may hold an escaped slash.
func setPathValues(r *http.Request, pattern string) {
	values := strings.Split(r.URL.EscapedPath(), "/")
	for i, segment := range strings.Split(pattern, "/") {
		name, isWildcard := strings.CutPrefix(segment, "{")
		if !isWildcard || i >= len(values) {
			continue
		}
		if value, err := url.PathUnescape(values[i]); err == nil {
			r.SetPathValue(strings.TrimSuffix(name, "}"), value)
		}
	}
}
