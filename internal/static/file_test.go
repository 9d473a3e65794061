package static

import (
	"bytes"
	"compress/gzip"
	"crypto/sha512"
	"encoding/base64"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// ask serves the file to a request with headers in pairs of name and value.
func ask(f *File, headers ...string) *http.Response {
	r := httptest.NewRequest(http.MethodGet, "/x", nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	recorder := httptest.NewRecorder()
	f.Serve(recorder, r, AskFirst)
	return recorder.Result()
}

func content(t *testing.T, r io.Reader) string {
	t.Helper()
	text, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestFile_IsServedAsItIsOrCompressed(t *testing.T) {
	t.Parallel()
	want := strings.Repeat("a line of text\n", 100)
	f := NewFile("text/plain", []byte(want))
	plain, zipped := ask(f), ask(f, "Accept-Encoding", "br, gzip")
	if got := content(t, plain.Body); got != want || plain.Header.Get("Content-Encoding") != "" {
		t.Errorf("as it is: %q, %v", got, plain.Header)
	}
	unzipped, err := gzip.NewReader(zipped.Body)
	if err != nil {
		t.Fatal(err)
	}
	if got := content(t, unzipped); got != want || zipped.Header.Get("Content-Encoding") != "gzip" {
		t.Errorf("compressed: %q, %v", got, zipped.Header)
	}
	if plain.Header.Get("ETag") == zipped.Header.Get("ETag") {
		t.Error("other bytes have the same tag")
	}
	for _, r := range []*http.Response{plain, zipped} {
		for name, want := range map[string]string{"Content-Type": "text/plain", "Cache-Control": "public, no-cache", "Vary": "Accept-Encoding"} {
			if got := r.Header.Get(name); got != want {
				t.Errorf("%s is %q", name, got)
			}
		}
	}
}

func TestFile_IsNotSentToWhoHasIt(t *testing.T) {
	t.Parallel()
	f := NewFile("text/plain", []byte("text"))
	r := ask(f, "If-None-Match", ask(f).Header.Get("ETag"))
	if got := content(t, r.Body); r.StatusCode != http.StatusNotModified || got != "" {
		t.Errorf("%s %q", r.Status, got)
	}
}

func TestFile_IsServedInPart(t *testing.T) {
	t.Parallel()
	r := ask(NewFile("text/plain", []byte("0123456789")), "Range", "bytes=2-4")
	if got := content(t, r.Body); r.StatusCode != http.StatusPartialContent || got != "234" {
		t.Errorf("%s %q", r.Status, got)
	}
}

func TestFile_HasTheIntegrityThatPagesAskFor(t *testing.T) {
	t.Parallel()
	text := []byte("text")
	sum := sha512.Sum384(text)
	f := NewFile("text/plain", text)
	if f.Integrity != "sha384-"+base64.StdEncoding.EncodeToString(sum[:]) || !bytes.Equal(f.Content, text) {
		t.Errorf("%+v", f)
	}
}
