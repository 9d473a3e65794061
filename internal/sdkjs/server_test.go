package sdkjs

import (
	"bytes"
	"compress/gzip"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"path"
	"strconv"
	"strings"
	"testing"
)

const desk = "https://desk.example"

// get asks for a path, with headers in pairs of name and value.
func get(t *testing.T, s *Server, path string, headers ...string) *http.Response {
	t.Helper()
	return ask(t, s, http.MethodGet, path, headers...)
}

func ask(t *testing.T, s *Server, method, path string, headers ...string) *http.Response {
	t.Helper()
	request := httptest.NewRequest(method, path, nil)
	for i := 0; i < len(headers); i += 2 {
		request.Header.Add(headers[i], headers[i+1])
	}
	if !s.Serves(request) {
		t.Fatalf("%s is not the server's", path)
	}
	recorder := httptest.NewRecorder()
	s.ServeHTTP(recorder, request)
	return recorder.Result()
}

func body(t *testing.T, r *http.Response) []byte {
	t.Helper()
	content, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func wantEqual[T comparable](t *testing.T, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("got %v, want %v", got, want)
	}
}

func wantHeader(t *testing.T, r *http.Response, name, want string) {
	t.Helper()
	if got := strings.Join(r.Header.Values(name), ", "); got != want {
		t.Errorf("%s: %q, want %q", name, got, want)
	}
}

func TestServer_HandsOutScriptModuleAndTheirSourceMaps(t *testing.T) {
	t.Parallel()
	s := New(ReadBundle(), nil)
	for name, mediaType := range map[string]string{
		"cxengage.js":     "text/javascript; charset=utf-8",
		"cxengage.js.map": "application/json",
		"muster.js":       "text/javascript; charset=utf-8",
		"muster.js.map":   "application/json",
	} {
		r := get(t, s, "/sdk/"+name)
		wantEqual(t, r.StatusCode, http.StatusOK)
		wantHeader(t, r, "Content-Type", mediaType)
		wantHeader(t, r, "X-Content-Type-Options", "nosniff")
		wantHeader(t, r, "Cross-Origin-Resource-Policy", "cross-origin")
		if !bytes.Equal(body(t, r), s.bundle.files[name].Content) {
			t.Errorf("%s is served with another content", name)
		}
	}
}

func TestServer_LetsCachesKeepAVersionAndAskForTheRest(t *testing.T) {
	t.Parallel()
	s := New(ReadBundle(), nil)
	for path, want := range map[string]string{
		"/sdk/":                               "public, no-cache",
		"/sdk/cxengage.js":                    "public, no-cache",
		"/sdk/muster.js":                      "public, no-cache",
		s.bundle.Path(Classic):                "public, max-age=31536000, immutable",
		s.bundle.Path(Module):                 "public, max-age=31536000, immutable",
		s.bundle.Path(Classic) + ".map":       "public, max-age=31536000, immutable",
		"/sdk/0.0.1-000000000000/cxengage.js": "no-store",
	} {
		wantHeader(t, get(t, s, path), "Cache-Control", want)
	}
}

func TestServer_SaysWhatItHasToWhoAsksForSomethingElse(t *testing.T) {
	t.Parallel()
	s := New(ReadBundle(), []string{desk})
	version := s.bundle.Version
	for _, path := range []string{
		"/sdk", "/sdk/version", "/sdk/index.js", "/sdk//cxengage.js", "/sdk/cxengage.js/", "/sdk/../sdk/cxengage.js",
		"/sdk/" + version, "/sdk/" + version + "/", "/sdk/" + version + "/version", "/sdk/0.0.1-000000000000/cxengage.js",
	} {
		r := get(t, s, path, "Origin", desk)
		wantEqual(t, r.StatusCode, http.StatusNotFound)
		wantHeader(t, r, "Content-Type", "text/plain; charset=utf-8")
		wantHeader(t, r, "Cache-Control", "no-store")
		wantHeader(t, r, "ETag", "")
		wantHeader(t, r, "Access-Control-Allow-Origin", desk) // so that a page's author can read it
		if text := string(body(t, r)); !strings.Contains(text, "/sdk/"+version+"/cxengage.js") {
			t.Errorf("%s: %q does not say which version there is", path, text)
		}
	}
}

func TestServer_OnlyLetsRead(t *testing.T) {
	t.Parallel()
	s := New(ReadBundle(), nil)
	for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodOptions} {
		r := ask(t, s, method, "/sdk/cxengage.js")
		wantEqual(t, r.StatusCode, http.StatusMethodNotAllowed)
		wantHeader(t, r, "Allow", "GET, HEAD")
	}
}

func TestServer_TellsWhoHasItAlready(t *testing.T) {
	t.Parallel()
	s := New(ReadBundle(), nil)
	for _, path := range []string{"/sdk/", "/sdk/cxengage.js", s.bundle.Path(Module)} {
		for _, coding := range []string{"identity", "gzip"} {
			first := get(t, s, path, "Accept-Encoding", coding)
			again := get(t, s, path, "Accept-Encoding", coding, "If-None-Match", `"other", `+first.Header.Get("ETag"))
			wantEqual(t, again.StatusCode, http.StatusNotModified)
			wantEqual(t, len(body(t, again)), 0)
			for _, name := range []string{"ETag", "Cache-Control", "Vary"} { // what a cache brings up to date
				wantHeader(t, again, name, first.Header.Get(name))
			}
			wantEqual(t, get(t, s, path, "Accept-Encoding", coding, "If-None-Match", `"other"`).StatusCode, http.StatusOK)
		}
	}
}

func TestServer_HasATagForEachContentAndCoding(t *testing.T) {
	t.Parallel()
	s := New(ReadBundle(), nil)
	tags := make(map[string]string)
	for _, path := range []string{"/sdk/", "/sdk/cxengage.js", "/sdk/muster.js"} {
		for _, coding := range []string{"identity", "gzip"} {
			tag := get(t, s, path, "Accept-Encoding", coding).Header.Get("ETag")
			if other := tags[tag]; other != "" {
				t.Errorf("%s as %s has the tag of %s", path, coding, other)
			}
			tags[tag] = path + " as " + coding
		}
	}
}

func TestServer_CompressesForWhoTakesIt(t *testing.T) {
	t.Parallel()
	s := New(ReadBundle(), nil)
	want := s.bundle.files[Classic].Content
	for accepted, compressed := range map[string]bool{
		"":                       false,
		"identity":               false,
		"br":                     false,
		"*":                      false,
		"gzip;q=0":               false,
		"gzip; q=0.000, br":      false,
		"gzip":                   true,
		"GZIP":                   true,
		"gzip, deflate, br":      true,
		"deflate, gzip;q=0.5":    true,
		"br;q=1.0 , gzip ; q=.8": true,
	} {
		r := get(t, s, "/sdk/cxengage.js", "Accept-Encoding", accepted)
		wantEqual(t, r.StatusCode, http.StatusOK)
		wantHeader(t, r, "Vary", "Accept-Encoding")
		got := body(t, r)
		wantHeader(t, r, "Content-Length", strconv.Itoa(len(got)))
		if compressed {
			wantHeader(t, r, "Content-Encoding", "gzip")
			wantHeader(t, r, "Content-Type", "text/javascript; charset=utf-8")
			got = unzipped(t, got)
		} else {
			wantHeader(t, r, "Content-Encoding", "")
		}
		if !bytes.Equal(got, want) {
			t.Errorf("Accept-Encoding: %s: another content", accepted)
		}
	}
}

func unzipped(t *testing.T, content []byte) []byte {
	t.Helper()
	r, err := gzip.NewReader(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return plain
}

func TestServer_AnswersHEADAsGETButForTheBody(t *testing.T) {
	t.Parallel()
	s := New(ReadBundle(), []string{desk})
	for _, path := range []string{"/sdk/", "/sdk/cxengage.js", s.bundle.Path(Module), "/sdk/nothing"} {
		for _, coding := range []string{"identity", "gzip"} {
			want := get(t, s, path, "Accept-Encoding", coding, "Origin", desk)
			// The server around it drops what a handler writes in answer to HEAD.
			got := ask(t, s, http.MethodHead, path, "Accept-Encoding", coding, "Origin", desk)
			wantEqual(t, got.StatusCode, want.StatusCode)
			for name := range want.Header {
				wantHeader(t, got, name, strings.Join(want.Header.Values(name), ", "))
			}
			if want.StatusCode == http.StatusOK {
				wantEqual(t, len(body(t, got)), 0)
			}
		}
	}
}

func TestServer_LetsPagesOfAllowedOriginsReadAndNoOthers(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		origins []string
		origin  string
		allowed string
		vary    string
	}{
		"listed":                       {origins: []string{"https://other.example", desk}, origin: desk, allowed: desk, vary: "Origin, Accept-Encoding"},
		"all":                          {origins: []string{"*"}, origin: desk, allowed: desk, vary: "Origin, Accept-Encoding"},
		"another":                      {origins: []string{desk}, origin: "https://evil.example", vary: "Origin, Accept-Encoding"},
		"one that begins alike":        {origins: []string{desk}, origin: desk + ".evil.example", vary: "Origin, Accept-Encoding"},
		"the same page's":              {origins: []string{desk}, vary: "Origin, Accept-Encoding"},
		"any, where none may":          {origin: desk, vary: "Accept-Encoding"},
		"one that names nothing, null": {origins: []string{desk}, origin: "null", vary: "Origin, Accept-Encoding"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := New(ReadBundle(), test.origins)
			for _, path := range []string{"/sdk/", "/sdk/cxengage.js", s.bundle.Path(Module)} {
				var headers []string
				if test.origin != "" {
					headers = []string{"Origin", test.origin}
				}
				r := get(t, s, path, headers...)
				wantEqual(t, r.StatusCode, http.StatusOK) // a script without crossorigin is for everybody
				wantHeader(t, r, "Access-Control-Allow-Origin", test.allowed)
				wantHeader(t, r, "Access-Control-Allow-Credentials", "")
				wantHeader(t, r, "Vary", test.vary)
			}
		})
	}
}

func TestServer_AnswersPreflightsOfAllowedOrigins(t *testing.T) {
	t.Parallel()
	s := New(ReadBundle(), []string{desk})
	for origin, allowed := range map[string]string{desk: desk, "https://evil.example": ""} {
		r := ask(t, s, http.MethodOptions, "/sdk/muster.js", "Origin", origin, "Access-Control-Request-Method", "GET")
		wantEqual(t, r.StatusCode, http.StatusNoContent)
		wantHeader(t, r, "Access-Control-Allow-Origin", allowed)
		wantHeader(t, r, "Access-Control-Allow-Credentials", "")
	}
}

func TestManifest_NamesWhatIsServedWithItsIntegrity(t *testing.T) {
	t.Parallel()
	s := New(ReadBundle(), nil)
	r := get(t, s, "/sdk/")
	wantEqual(t, r.StatusCode, http.StatusOK)
	wantHeader(t, r, "Content-Type", "application/json")
	var manifest struct {
		Version string
		Files   map[string]struct{ Path, Integrity string }
	}
	if err := json.Unmarshal(body(t, r), &manifest); err != nil {
		t.Fatal(err)
	}
	wantEqual(t, manifest.Version, s.bundle.Version)
	wantEqual(t, len(manifest.Files), 2)
	for _, name := range []string{"cxengage.js", "muster.js"} {
		entry := manifest.Files[name]
		served := get(t, s, "/sdk/"+entry.Path)
		wantEqual(t, served.StatusCode, http.StatusOK)
		wantEqual(t, path.Base(entry.Path), name)
		sum := sha512.Sum384(body(t, served))
		wantEqual(t, entry.Integrity, "sha384-"+base64.StdEncoding.EncodeToString(sum[:]))
	}
}
