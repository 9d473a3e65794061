package api_test

import (
	"go/build"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Programs of other people import this package: what it imports, they import.
func TestPackage_ImportsTheStandardLibraryOnly(t *testing.T) {
	t.Parallel()
	source, err := build.ImportDir(".", 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range source.Imports {
		if first, _, _ := strings.Cut(path, "/"); strings.Contains(first, ".") {
			t.Errorf("imports %s", path)
		}
	}
}

func TestPackage_TheGeneratedFileIsCurrent(t *testing.T) {
	t.Parallel()
	fresh := filepath.Join(t.TempDir(), "types.gen.go")
	generate := exec.CommandContext(t.Context(), "go", "tool", "-modfile=../tools/go.mod",
		"oapi-codegen", "-config", "oapi-codegen.yaml", "-o", fresh, "openapi.yaml")
	if output, err := generate.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	if diff := cmp.Diff(read(t, fresh), read(t, "types.gen.go")); diff != "" {
		t.Errorf("run go generate ./api; fresh (-) and committed (+) differ:\n%s", diff)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
