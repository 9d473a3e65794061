package sdkjs

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/muster-presence/muster/internal/cors"
	"github.com/muster-presence/muster/internal/static"
)

// Server serves the bundle under /sdk/.
type Server struct {
	bundle   *Bundle
	manifest *static.File
	origins  cors.Origins
}

// New makes the server. Pages of the origins allowed may load what it serves with
// an integrity attribute, and as a module; "*" allows all.
func New(bundle *Bundle, allowOrigins []string) *Server {
	return &Server{bundle: bundle, manifest: newManifest(bundle), origins: cors.NewOrigins(allowOrigins)}
}

// Serves reports whether the request is for this server.
func (*Server) Serves(r *http.Request) bool {
	return r.URL.Path == "/sdk" || strings.HasPrefix(r.URL.Path, "/sdk/")
}

// ServeHTTP answers with a bundle: /sdk/NAME, /sdk/VERSION/NAME; or at /sdk/ with
// what there is.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("X-Content-Type-Options", "nosniff")
	// A page that isolates itself may load the script without crossorigin too:
	// there is nothing private in it.
	header.Set("Cross-Origin-Resource-Policy", "cross-origin")
	if s.origins.Handle(w, r) {
		return
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		header.Set("Allow", "GET, HEAD")
		static.Say(w, http.StatusMethodNotAllowed, "The browser SDK can only be read.")
		return
	}
	switch f, caching := s.find(r.URL.Path); f {
	case nil:
		static.Say(w, http.StatusNotFound, s.directions())
	default:
		f.Serve(w, r, caching)
	}
}

// find looks up what a path names, nil for nothing.
func (s *Server) find(path string) (f *static.File, caching string) {
	if path == "/sdk/" {
		return s.manifest, static.AskFirst
	}
	name, found := strings.CutPrefix(path, "/sdk/")
	if !found {
		return nil, ""
	}
	if versioned, found := strings.CutPrefix(name, s.bundle.Version+"/"); found {
		return s.bundle.files[versioned], static.ForEver
	}
	return s.bundle.files[name], static.AskFirst
}

// directions are for who asked for what is not there, such as the version that
// the server had before.
func (s *Server) directions() string {
	return fmt.Sprintf("There is no such file. This server has version %s of the browser SDK: %s and %s, also without the version in the path.",
		s.bundle.Version, s.bundle.Path(Classic), s.bundle.Path(Module))
}

// newManifest is what programs read that write pages: the version, and each
// bundle's path from /sdk/ with its integrity.
func newManifest(bundle *Bundle) *static.File {
	type entry struct {
		Path      string `json:"path"`
		Integrity string `json:"integrity"`
	}
	manifest := struct {
		Version string           `json:"version"`
		Files   map[string]entry `json:"files"`
	}{Version: bundle.Version, Files: make(map[string]entry)}
	for _, name := range []string{Classic, Module} {
		manifest.Files[name] = entry{Path: bundle.Version + "/" + name, Integrity: bundle.Integrity(name)}
	}
	content, err := json.MarshalIndent(manifest, "", "  ")
	if err != nil {
		panic(err) // strings only
	}
	return static.NewFile("application/json", append(content, '\n'))
}
