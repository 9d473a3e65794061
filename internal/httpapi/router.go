package httpapi

import (
	"net/http"
	"path"
	"slices"
	"strings"

	"github.com/muster-presence/muster/api"
)

// route is a row of the table in routes.go.
type route struct {
	operation string // as in api/openapi.yaml
	method    string
	path      string
	right     right
	handle    func(*call) (any, error)
}

// router finds the route of a request by net/http's own patterns.
type router struct {
	mux    *http.ServeMux
	routes map[string]*route // by pattern
	paths  *http.ServeMux    // patterns without methods, to tell a wrong method from a wrong path
	allow  map[string]string // by such a pattern
}

func newRouter(routes []route) *router {
	r := &router{
		mux:    http.NewServeMux(),
		routes: make(map[string]*route, len(routes)),
		paths:  http.NewServeMux(),
		allow:  make(map[string]string),
	}
	nothing := http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})
	methods := make(map[string][]string)
	for i := range routes {
		route := &routes[i]
		pattern := route.method + " " + route.path
		r.mux.Handle(pattern, nothing)
		r.routes[pattern] = route
		if methods[route.path] == nil {
			r.paths.Handle(route.path, nothing)
		}
		methods[route.path] = append(methods[route.path], route.method)
	}
	for path, allowed := range methods {
		if slices.Contains(allowed, http.MethodGet) {
			allowed = append(allowed, http.MethodHead) // patterns for GET take it too
		}
		slices.Sort(allowed)
		r.allow[path] = strings.Join(allowed, ", ")
	}
	return r
}

// find returns the route of a request and puts its path values into it.
//
// A path that is spelled with empty segments or dots is none: the mux would find
// the route of the path that is meant, while the values are read from the path
// that was sent.
func (r *router) find(request *http.Request) (*route, error) {
	if sent := request.URL.EscapedPath(); path.Clean(sent) != sent {
		return nil, notFound()
	}
	_, pattern := r.mux.Handler(request)
	if found, ok := r.routes[pattern]; ok {
		setPathValues(request, found.path)
		return found, nil
	}
	if _, path := r.paths.Handler(request); r.allow[path] != "" {
		f := newFault(api.CodeMethodNotAllowed, "This path takes other methods: "+r.allow[path]+".")
		f.allow = r.allow[path]
		return nil, f
	}
	return nil, notFound()
}
