package static

import (
	"bytes"
	"compress/gzip"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// How long caches may keep a file.
const (
	// ForEver is for what has another address when it has another content.
	ForEver = "public, max-age=31536000, immutable"
	// AskFirst is for what keeps its address: caches keep it and ask whether it is
	// still the same, which costs an answer without a body.
	AskFirst = "public, no-cache"
)

// File is served as it is, or compressed to who takes that. Make it with
// [NewFile].
type File struct {
	// Content is the file's. Nobody may change it.
	Content []byte
	// Integrity is what the integrity attribute of a page's script holds:
	// "sha384-…".
	Integrity string

	mediaType string
	zipped    func() []byte // made when it is first asked for
	tag       string        // of the content, without quotes
}

// NewFile makes a file of that media type, such as "text/css; charset=utf-8".
func NewFile(mediaType string, content []byte) *File {
	sum := sha512.Sum384(content)
	return &File{
		Content:   content,
		Integrity: "sha384-" + base64.StdEncoding.EncodeToString(sum[:]),
		mediaType: mediaType,
		zipped:    sync.OnceValue(func() []byte { return zip(content) }),
		tag:       hex.EncodeToString(sum[:12]),
	}
}

func zip(content []byte) []byte {
	var zipped bytes.Buffer
	w, err := gzip.NewWriterLevel(&zipped, gzip.BestCompression)
	if err != nil {
		panic(err) // no such level
	}
	_, _ = w.Write(content) // memory takes it
	_ = w.Close()
	return zipped.Bytes()
}

// Serve answers a GET or HEAD with the file, with a part of it, or with the news
// that the client has it already. caching is the answer's Cache-Control.
func (f *File) Serve(w http.ResponseWriter, r *http.Request, caching string) {
	header := w.Header()
	header.Set("Cache-Control", caching)
	header.Set("Content-Type", f.mediaType)
	header.Add("Vary", "Accept-Encoding")
	content, tag := f.Content, f.tag
	if acceptsGzip(r.Header.Values("Accept-Encoding")) {
		content, tag = f.zipped(), f.tag+"-gzip" // other bytes, another tag
		header.Set("Content-Encoding", "gzip")
	}
	header.Set("ETag", `"`+tag+`"`)
	header.Set("Content-Length", strconv.Itoa(len(content))) // left out of compressed content by the line below
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
}

// Say answers with a line of text, which caches do not keep: another node may say
// something else, or this one tomorrow.
func Say(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text+"\n") // the caller may be gone
}

// acceptsGzip reads Accept-Encoding. Who asks for anything at all by "*" gets the
// content as it is.
func acceptsGzip(values []string) bool {
	for _, value := range values {
		for coding := range strings.SplitSeq(value, ",") {
			name, parameters, _ := strings.Cut(coding, ";")
			if strings.EqualFold(strings.TrimSpace(name), "gzip") {
				return !refused(parameters)
			}
		}
	}
	return false
}

// refused reports whether a coding's weight is zero.
func refused(parameters string) bool {
	name, value, _ := strings.Cut(parameters, "=")
	if !strings.EqualFold(strings.TrimSpace(name), "q") {
		return false
	}
	weight, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
	return err == nil && weight == 0
}
