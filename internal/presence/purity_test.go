package presence_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// Time, ids and randomness come in as arguments: only so can the same log give
// the same agents again, on every node and in every test.
func TestCoreDoesNoInputAndReadsNoClock(t *testing.T) {
	t.Parallel()
	for name, file := range sources(t) {
		for _, spec := range file.Imports {
			path, _ := strconv.Unquote(spec.Path.Value)
			if reason := forbidden(path); reason != "" {
				t.Errorf("%s imports %s, which %s", name, path, reason)
			}
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if call := readsClock(n); call != "" {
				t.Errorf("%s uses time.%s: time comes in as an argument", name, call)
			}
			return true
		})
	}
}

func forbidden(path string) string {
	top, _, _ := strings.Cut(path, "/")
	switch {
	case strings.Contains(top, "."):
		return "is not of the standard library"
	case top == "os" || top == "net" || top == "io" || top == "syscall" || top == "log":
		return "does input or output"
	case path == "math/rand" || path == "math/rand/v2" || path == "crypto/rand":
		return "draws random numbers"
	case top == "sync":
		return "is for state that is shared: there is none"
	case path == "unsafe" || path == "C":
		return "is not portable"
	}
	return ""
}

// readsClock names the part of package time that n uses and that depends on the
// system's clock.
func readsClock(n ast.Node) string {
	selector, ok := n.(*ast.SelectorExpr)
	if !ok {
		return ""
	}
	if of, ok := selector.X.(*ast.Ident); !ok || of.Name != "time" {
		return ""
	}
	switch name := selector.Sel.Name; name {
	case "Now", "Since", "Until", "After", "AfterFunc", "NewTimer", "NewTicker", "Tick", "Sleep", "Local":
		return name
	}
	return ""
}

// sources are the package's own files, without tests.
func sources(t *testing.T) map[string]*ast.File {
	t.Helper()
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]*ast.File{}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		files[name] = file
	}
	if len(files) == 0 {
		t.Fatal("no sources")
	}
	return files
}
