package e2e

import (
	"compress/gzip"
	"crypto/sha512"
	"encoding/base64"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// TestBrowserSDK_IsWhatThePrintedTagsSay prints the tags for a server, loads what
// they name as a page of another origin does, and compares integrity and headers.
func TestBrowserSDK_IsWhatThePrintedTagsSay(t *testing.T) {
	t.Parallel()
	const origin = "https://desk.example"
	s := startServer(t, t.TempDir(), "--allow-origin", origin)
	tags, err := muster(t, "", "sdk", "--server", s.base)
	must(t, err)
	script := regexp.MustCompile(`<script src="([^"]+)" integrity="([^"]+)"`).FindStringSubmatch(tags)
	module := regexp.MustCompile(`"integrity":{"([^"]+)":"([^"]+)"}`).FindStringSubmatch(tags)
	if script == nil || module == nil {
		t.Fatalf("the tags are\n%s", tags)
	}
	for _, tag := range [][]string{script, module} {
		address, integrity := tag[1], tag[2]
		response := fetch(t, http.MethodGet, address, "Origin", origin, "Accept-Encoding", "gzip")
		if response.StatusCode != http.StatusOK {
			t.Fatalf("%s: %s", address, response.Status)
		}
		for name, want := range map[string]string{
			"Access-Control-Allow-Origin": origin,
			"Cache-Control":               "public, max-age=31536000, immutable",
			"Content-Encoding":            "gzip",
			"Content-Type":                "text/javascript; charset=utf-8",
		} {
			if got := response.Header.Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", address, name, got, want)
			}
		}
		unzipped, err := gzip.NewReader(response.Body)
		must(t, err)
		content, err := io.ReadAll(unzipped)
		must(t, err)
		sum := sha512.Sum384(content)
		if got := "sha384-" + base64.StdEncoding.EncodeToString(sum[:]); got != integrity {
			t.Errorf("%s: its integrity is %s, the tag says %s", address, got, integrity)
		}

		again := fetch(t, http.MethodGet, address, "Accept-Encoding", "gzip", "If-None-Match", response.Header.Get("ETag"))
		if again.StatusCode != http.StatusNotModified {
			t.Errorf("%s, asked for again: %s", address, again.Status)
		}
		head := fetch(t, http.MethodHead, address, "Origin", "https://evil.example")
		if head.StatusCode != http.StatusOK || head.ContentLength != int64(len(content)) || head.Header.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s, its head for another origin: %s %v", address, head.Status, head.Header)
		}
	}
	if !strings.Contains(script[1], "/cxengage.js") || !strings.Contains(module[1], "/muster.js") {
		t.Errorf("the tags are\n%s", tags)
	}
}

// fetch sends a request with headers in pairs of name and value. The body is open
// until the test ends.
func fetch(t *testing.T, method, address string, headers ...string) *http.Response {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, address, nil)
	must(t, err)
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := http.DefaultClient.Do(request)
	must(t, err)
	t.Cleanup(func() { _ = response.Body.Close() })
	return response
}
