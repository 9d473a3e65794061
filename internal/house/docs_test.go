package house

import (
	"fmt"
	"go/ast"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

func TestDocuments_NameOnlyWhatIsThere(t *testing.T) {
	t.Parallel()
	check(t, documents(t, repository(t)))
}

func TestDocuments_FindsWhatIsNotThere(t *testing.T) {
	t.Parallel()
	in := func(text string) []string {
		tree, err := readTree(fstest.MapFS{
			"go.mod":        {Data: []byte("module example.org/sample\n")},
			"Makefile":      {Data: []byte("test: ## Run the tests.\n\tgo test\n")},
			"core/agent.go": {Data: []byte("package core\ntype Agent struct{}\nfunc (a *Agent) State() {}\nfunc Decide() {}\nvar table = 1\n")},
			"docs/other.md": {Data: []byte("# Other\n")},
			"docs/x.md":     {Data: []byte(text)},
		})
		if err != nil {
			t.Fatal(err)
		}
		return documents(t, tree)
	}
	mustPass(t, in("`core/agent.go`, `core/`, `core/*.go`, `make test`, `GET tenants/{t}`, [other](other.md#x), [web](https://example.org/x)"))
	mustPass(t, in("`core/agent.go` (`Agent`, `Agent.State`, `Decide`, `table`)\n```\ncore/gone.go `core/gone.go`\n```\n"))
	mustFind(t, in("see `core/gone.go`"), "core/gone.go")
	mustFind(t, in("see `core/*.sql`"), "core/*.sql")
	mustFind(t, in("see `gone.go`"), "gone.go")
	mustFind(t, in("see [there](gone.md)"), "gone.md")
	mustFind(t, in("run `make gone`"), "make gone")
	mustFind(t, in("`core/agent.go` (`Agent.Start`, `Decide`)"), "Agent.Start")
}

var (
	fence     = regexp.MustCompile("(?ms)^```.*?^```")
	codeSpan  = regexp.MustCompile("`([^`\n]+)`")
	link      = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	filePath  = regexp.MustCompile(`^\.?[\w*.-]+(/[\w*.-]+)*/?$`)
	withNames = regexp.MustCompile("`([\\w/.-]+\\.go)`\\s\\(((?:`[\\w.]+`(?:,\\s)?)+)\\)")
	makeGoal  = regexp.MustCompile(`(?m)^make ([a-z]+)`)
	goal      = regexp.MustCompile(`(?m)^([a-z]+):`)
)

// documents lists what the Markdown files name and is not there: files, the
// functions and types that stand in brackets behind a Go file's name, other
// documents, and goals of make. Only commands are looked at in blocks of code.
func documents(t *testing.T, tree *tree) (findings []string) {
	t.Helper()
	names := make(map[string]bool) // of files, with and without their folders
	var documents []string
	err := walk(tree.files, func(name string) error {
		names[name], names[path.Base(name)] = true, true
		if path.Ext(name) == ".md" {
			documents = append(documents, name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range documents {
		text, err := fs.ReadFile(tree.files, name)
		if err != nil {
			t.Fatal(err)
		}
		for _, missing := range missingFrom(tree, names, goals(t, tree.files), path.Dir(name), string(text)) {
			findings = append(findings, fmt.Sprintf("%s names %s, which is not there", name, missing))
		}
	}
	return findings
}

// goals are those of the Makefile.
func goals(t *testing.T, files fs.FS) (names []string) {
	t.Helper()
	makefile, err := fs.ReadFile(files, "Makefile")
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range goal.FindAllSubmatch(makefile, -1) {
		names = append(names, string(g[1]))
	}
	return names
}

func missingFrom(tree *tree, names map[string]bool, goals []string, dir, text string) (missing []string) {
	for _, block := range append(fence.FindAllString(text, -1), spans(text)...) {
		for _, g := range makeGoal.FindAllStringSubmatch(block, -1) {
			if !slices.Contains(goals, g[1]) {
				missing = append(missing, "make "+g[1])
			}
		}
	}
	prose := fence.ReplaceAllString(text, "")
	for _, span := range spans(prose) {
		if looksLikeFile(tree, span) && !exists(tree.files, names, span) {
			missing = append(missing, span)
		}
	}
	for _, l := range link.FindAllStringSubmatch(prose, -1) {
		target, _, _ := strings.Cut(l[1], "#")
		if target != "" && !strings.Contains(target, "://") && !exists(tree.files, nil, path.Join(dir, target)) {
			missing = append(missing, l[1])
		}
	}
	for _, named := range withNames.FindAllStringSubmatch(prose, -1) {
		for _, span := range spans(named[2]) {
			if !declares(tree, named[1], span) {
				missing = append(missing, span+" in "+named[1])
			}
		}
	}
	return missing
}

func spans(text string) (contents []string) {
	for _, span := range codeSpan.FindAllStringSubmatch(text, -1) {
		contents = append(contents, span[1])
	}
	return contents
}

// looksLikeFile reports whether a word in a document's code type is meant to be
// a file or folder of the repository: it begins with one of the folders at the
// top, or it ends as our files do.
func looksLikeFile(tree *tree, word string) bool {
	if !filePath.MatchString(word) {
		return false
	}
	first, _, below := strings.Cut(word, "/")
	if below {
		_, err := fs.Stat(tree.files, first)
		return err == nil
	}
	return slices.Contains([]string{".go", ".md", ".sql", ".mod"}, path.Ext(word))
}

func exists(files fs.FS, names map[string]bool, name string) bool {
	found, err := fs.Glob(files, strings.TrimSuffix(name, "/"))
	return err == nil && len(found) > 0 || names[name]
}

// declares reports whether a file declares a function, method (as T.m), type,
// variable or constant of that name at its top.
func declares(tree *tree, file, name string) bool {
	for _, room := range tree.rooms {
		for _, s := range room.sources {
			if s.path != file {
				continue
			}
			for declared := range s.functions {
				if declared == name {
					return true
				}
			}
			return slices.ContainsFunc(s.syntax.Decls, func(d ast.Decl) bool { return declaresValue(d, name) })
		}
	}
	return false
}

func declaresValue(d ast.Decl, name string) bool {
	g, ok := d.(*ast.GenDecl)
	return ok && slices.ContainsFunc(g.Specs, func(spec ast.Spec) bool {
		switch spec := spec.(type) {
		case *ast.TypeSpec:
			return spec.Name.Name == name
		case *ast.ValueSpec:
			return slices.ContainsFunc(spec.Names, func(n *ast.Ident) bool { return n.Name == name })
		}
		return false
	})
}

// TestMakefile_ExplainsEveryGoal keeps `make help` whole.
func TestMakefile_ExplainsEveryGoal(t *testing.T) {
	t.Parallel()
	makefile, err := os.ReadFile(root + "/Makefile")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(makefile)) {
		if goal.MatchString(line) && !strings.Contains(line, "## ") {
			t.Errorf("the Makefile does not say what this does: %s", line)
		}
	}
}
