package console

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
)

func TestPages_AreServedWithTheirPolicy(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, path := range []string{"/", "/floor"} {
		r := w.get(path)
		wantEqual(t, r.StatusCode, http.StatusOK)
		wantHeader(t, r, "Content-Type", "text/html; charset=utf-8")
		wantHeader(t, r, "Cache-Control", "public, no-cache")
		wantHeader(t, r, "X-Content-Type-Options", "nosniff")
		wantHeader(t, r, "Referrer-Policy", "no-referrer")
		wantHeader(t, r, "Set-Cookie", "")
		wantHeader(t, r, "Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "+
			"connect-src 'self'; worker-src 'self' blob:; form-action 'none'; base-uri 'none'; frame-ancestors 'self'; "+
			"require-trusted-types-for 'script'; trusted-types muster")
		again := w.get(path, "If-None-Match", r.Header.Get("ETag"))
		wantEqual(t, again.StatusCode, http.StatusNotModified)
		zipped := w.get(path, "Accept-Encoding", "gzip")
		wantHeader(t, zipped, "Content-Encoding", "gzip")
	}
}

func TestPages_AreFramedByTheAllowedOriginsOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "https://crm.example", "https://*.force.example:8443")
	policy := w.get("/").Header.Get("Content-Security-Policy")
	if !strings.Contains(policy, "; frame-ancestors 'self' https://crm.example https://*.force.example:8443; ") {
		t.Errorf("%s", policy)
	}
}

func TestCheckFrame_TakesOriginsAndNothingThatChangesThePolicy(t *testing.T) {
	t.Parallel()
	for origin, good := range map[string]bool{
		"https://crm.example":                 true,
		"https://*.crm.example":               true,
		"http://127.0.0.1:8081":               true,
		"https://crm.example/":                false,
		"https://crm.example/path":            false,
		"crm.example":                         false,
		"*":                                   false,
		"https://*":                           false,
		"https://crm.*.example":               false,
		"'unsafe-inline'":                     false,
		"https:":                              false,
		"":                                    false,
		"https://a.example https://b.example": false,
		"https://a.example; script-src *":     false,
		"https://a.example\n":                 false,
		"javascript:x":                        false,
	} {
		if err := CheckFrame(origin); (err == nil) != good {
			t.Errorf("%q: %v", origin, err)
		}
	}
}

// The policy lets neither run, and nothing would say so but the browser's console.
func TestPages_HoldNoScriptAndNoStyleOfTheirOwn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	inline := regexp.MustCompile(`(?is)<style|\sstyle=|\son[a-z]+=|<script[^>]*>[^<]+|<script(>|\s[^>]*)|javascript:`)
	for _, path := range []string{"/", "/floor"} {
		for _, found := range inline.FindAllString(text(t, w.get(path)), -1) {
			if !regexp.MustCompile(`^<script type="module" src="/console/assets/[a-z]+-[A-Z0-9]+\.js">?$`).MatchString(strings.TrimSpace(found)) {
				t.Errorf("%s holds %q", path, found)
			}
		}
	}
}

func TestAssets_ThatAPageNamesAreThereAndKeptForEver(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	named := regexp.MustCompile(`(?:src|href)="(/[^"]+)"`)
	for _, path := range []string{"/", "/floor"} {
		addresses := named.FindAllStringSubmatch(text(t, w.get(path)), -1)
		if len(addresses) < 2 {
			t.Errorf("%s names %d files only", path, len(addresses))
		}
		for _, address := range addresses {
			r := w.get(address[1])
			wantEqual(t, r.StatusCode, http.StatusOK)
			wantHeader(t, r, "Cache-Control", "public, max-age=31536000, immutable")
			wantHeader(t, r, "X-Content-Type-Options", "nosniff")
			wantHeader(t, r, "Cross-Origin-Resource-Policy", "same-origin")
			if kind := r.Header.Get("Content-Type"); kind != "text/javascript; charset=utf-8" && kind != "text/css; charset=utf-8" {
				t.Errorf("%s is %s", address[1], kind)
			}
		}
	}
}

func TestLicences_OfWhatIsInTheBundleAreThere(t *testing.T) {
	t.Parallel()
	r := newWorld(t).get("/console/licences.txt")
	wantEqual(t, r.StatusCode, http.StatusOK)
	wantHeader(t, r, "Cache-Control", "public, no-cache")
	if content := text(t, r); !strings.Contains(content, "preact") || !strings.Contains(content, "MIT") {
		t.Errorf("%.200s", content)
	}
}

func TestFiles_ThatAreNotThereAreNotKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, path := range []string{"/console/", "/console/assets/", "/console/assets/desk-OLDHASH1.js", "/console/desk.html", "/console/assets/../licences.txt", "/console//assets/x"} {
		r := w.get(path)
		wantEqual(t, r.StatusCode, http.StatusNotFound)
		wantHeader(t, r, "Cache-Control", "no-store")
		wantHeader(t, r, "Content-Type", "text/plain; charset=utf-8")
	}
}

func TestFiles_CanOnlyBeRead(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodOptions} {
		r := w.ask(method, "/floor", "")
		wantEqual(t, r.StatusCode, http.StatusMethodNotAllowed)
		wantHeader(t, r, "Allow", "GET, HEAD")
	}
	wantEqual(t, w.ask(http.MethodHead, "/", "").StatusCode, http.StatusOK)
}

func TestServer_LeavesOtherPathsToOthers(t *testing.T) {
	t.Parallel()
	for path, own := range map[string]bool{
		"/": true, "/floor": true, "/console/login": true, "/console/anything": true,
		"/v1/tokens": false, "/floor/": false, "/floors": false, "/console": false, "/desk": false, "/sdk/": false, "/healthz": false,
	} {
		if got := new(Server).Serves(httptest.NewRequest(http.MethodGet, path, nil)); got != own {
			t.Errorf("%s: %v", path, got)
		}
	}
}

func TestBundle_IsReadWholeOrNotAtAll(t *testing.T) {
	t.Parallel()
	files := func() fstest.MapFS {
		return fstest.MapFS{
			"bundle/desk.html":        {Data: []byte("<p>")},
			"bundle/floor.html":       {Data: []byte("<p>")},
			"bundle/licences.txt":     {Data: []byte("MIT")},
			"bundle/assets/desk-A.js": {Data: []byte("1")},
		}
	}
	if _, err := readBundle(files()); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"bundle/desk.html", "bundle/floor.html", "bundle/licences.txt", "bundle/assets/desk-A.js"} {
		lacking := files()
		delete(lacking, name)
		if _, err := readBundle(lacking); err == nil {
			t.Errorf("a bundle without %s was read", name)
		}
	}
	odd := files()
	odd["bundle/assets/notes.doc"] = &fstest.MapFile{}
	if _, err := readBundle(odd); err == nil {
		t.Error("a file of an unknown type was read")
	}
}
