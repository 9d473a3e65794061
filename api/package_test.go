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

// The generator writes where its configuration says, so it gets a copy of it that names another file.
func TestPackage_TheGeneratedFileIsCurrent(t *testing.T) {
	t.Parallel()
	fresh, config := filepath.Join(t.TempDir(), "types.gen.go"), filepath.Join(t.TempDir(), "oapi-codegen.yaml")
	text := strings.Replace(read(t, "oapi-codegen.yaml"), "output: types.gen.go", "output: "+fresh, 1)
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	generate := exec.CommandContext(t.Context(), "go", "tool", "-modfile=../tools/go.mod", "oapi-codegen", "-config", config, "openapi.yaml")
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
