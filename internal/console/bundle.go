package console

import (
	"embed"
	"fmt"
	"io/fs"
	"path"

	"github.com/muster-presence/muster/internal/static"
)

//go:embed bundle
var embedded embed.FS

// bundle is what scripts/console makes of web/, by the path that each file is
// served at.
type bundle map[string]*static.File

// pages are the HTML files, by the path of each page.
var pages = map[string]string{"/": "desk.html", "/floor": "floor.html"}

const (
	assetsPath   = "/console/assets/"
	licencesPath = "/console/licences.txt"
)

// readBundle reads what is embedded.
func readBundle(files fs.FS) (bundle, error) {
	b := make(bundle)
	add := func(at, name string) error {
		content, err := fs.ReadFile(files, name)
		if err != nil {
			return fmt.Errorf("read the console's bundle: %w", err)
		}
		mediaType, known := mediaTypes[path.Ext(name)]
		if !known {
			return fmt.Errorf("read the console's bundle: %s is of no type that is served", name)
		}
		b[at] = static.NewFile(mediaType, content)
		return nil
	}
	for at, name := range pages {
		if err := add(at, "bundle/"+name); err != nil {
			return nil, err
		}
	}
	if err := add(licencesPath, "bundle/licences.txt"); err != nil {
		return nil, err
	}
	assets, err := fs.ReadDir(files, "bundle/assets")
	if err != nil {
		return nil, fmt.Errorf("read the console's bundle: %w", err)
	}
	for _, asset := range assets {
		if err := add(assetsPath+asset.Name(), "bundle/assets/"+asset.Name()); err != nil {
			return nil, err
		}
	}
	return b, nil
}

// mediaTypes are those of files by how their names end.
var mediaTypes = map[string]string{
	".css":   "text/css; charset=utf-8",
	".html":  "text/html; charset=utf-8",
	".js":    "text/javascript; charset=utf-8",
	".svg":   "image/svg+xml",
	".txt":   "text/plain; charset=utf-8",
	".woff2": "font/woff2",
}
