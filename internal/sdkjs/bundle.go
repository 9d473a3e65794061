// Package sdkjs serves the browser SDK: the bundles that scripts/bundle makes of
// sdk/js, embedded. It knows files and headers. What the SDK talks to, and what
// else the server serves, it does not know.
package sdkjs

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"strings"

	"github.com/muster-presence/muster/internal/static"
)

//go:embed bundle
var embedded embed.FS

// Names of the bundles. Each has its source map beside it.
const (
	// Classic is the script that sets the global CxEngage.
	Classic = "cxengage.js"
	// Module is the ES module that exports createClient and the parts of clients.
	Module = "muster.js"
)

// Bundle is the SDK as the server has it.
type Bundle struct {
	// Version is the package's version and a hash of all files, such as
	// "0.1.0-5f0c1d9a77b2": another content is another version, so that what was
	// loaded under a version never has to be asked for again.
	Version string
	files   map[string]*static.File
}

// ReadBundle reads what is embedded.
func ReadBundle() *Bundle {
	bundle, err := readBundle(embedded)
	if err != nil {
		panic(err) // a build without its files
	}
	return bundle
}

func readBundle(files fs.FS) (*Bundle, error) {
	version, err := fs.ReadFile(files, "bundle/version")
	if err != nil {
		return nil, err
	}
	bundle := &Bundle{files: make(map[string]*static.File)}
	all := sha256.New()
	for _, name := range []string{Classic, Classic + ".map", Module, Module + ".map"} {
		content, err := fs.ReadFile(files, "bundle/"+name)
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(all, "%s %d\n", name, len(content))
		all.Write(content)
		bundle.files[name] = static.NewFile(mediaType(name), content)
	}
	bundle.Version = strings.TrimSpace(string(version)) + "-" + hex.EncodeToString(all.Sum(nil))[:12]
	return bundle, nil
}

func mediaType(name string) string {
	if strings.HasSuffix(name, ".map") {
		return "application/json"
	}
	return "text/javascript; charset=utf-8"
}

// Path is where a bundle of this version is served for ever, from the server's
// root.
func (b *Bundle) Path(name string) string { return "/sdk/" + b.Version + "/" + name }

// Integrity is what the integrity attribute of a page's script holds, for one of
// the bundles: "sha384-…".
func (b *Bundle) Integrity(name string) string { return b.files[name].Integrity }
