package house

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
)

// tree is the source of a module: what the rules look at.
type tree struct {
	files  fs.FS
	module string
	fset   *token.FileSet
	rooms  []*room
}

// room is a package with its tests.
type room struct {
	path    string // from the module's root, "." for the root itself
	name    string
	sources []*source
}

// source is a Go file that the build takes part of on this machine.
type source struct {
	path      string // from the module's root
	test      bool
	generated bool
	lines     int
	syntax    *ast.File
}

// root is where the module begins, seen from this package.
const root = "../.."

// theTree is this repository, read once.
var theTree = sync.OnceValues(func() (*tree, error) { return readTree(os.DirFS(root)) })

func repository(t *testing.T) *tree {
	t.Helper()
	tree, err := theTree()
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

// sample is a module of the given files, by path. A go.mod is added.
func sample(t *testing.T, files map[string]string) *tree {
	t.Helper()
	all := fstest.MapFS{"go.mod": {Data: []byte("module example.org/sample\n")}}
	for name, text := range files {
		all[name] = &fstest.MapFile{Data: []byte(text)}
	}
	tree, err := readTree(all)
	if err != nil {
		t.Fatal(err)
	}
	return tree
}

func readTree(files fs.FS) (*tree, error) {
	module, err := fs.ReadFile(files, "go.mod")
	if err != nil {
		return nil, err
	}
	line, _, _ := bytes.Cut(module, []byte("\n"))
	t := &tree{files: files, fset: token.NewFileSet(), module: strings.TrimPrefix(string(line), "module ")}
	err = walk(files, func(name string) error {
		if path.Ext(name) != ".go" || strings.Contains(name, "testdata/") {
			return nil
		}
		return t.add(name)
	})
	return t, err
}

// walk visits every file of the repository that people write: not what git,
// builds and package managers keep.
func walk(files fs.FS, visit func(name string) error) error {
	notOurs := []string{".git", "bin", "tmp", "node_modules"}
	return fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && slices.Contains(notOurs, entry.Name()):
			return fs.SkipDir
		case entry.Type().IsRegular():
			return visit(name)
		}
		return nil
	})
}

func (t *tree) add(name string) error {
	text, err := fs.ReadFile(t.files, name)
	if err != nil {
		return err
	}
	here := build.Default
	here.OpenFile = func(string) (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(text)), nil }
	if built, err := here.MatchFile(path.Dir(name), path.Base(name)); err != nil || !built {
		return err
	}
	syntax, err := parser.ParseFile(t.fset, name, text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	r := t.roomAt(path.Dir(name))
	s := &source{
		path:      name,
		test:      strings.HasSuffix(name, "_test.go"),
		generated: ast.IsGenerated(syntax),
		lines:     bytes.Count(text, []byte("\n")),
		syntax:    syntax,
	}
	r.sources = append(r.sources, s)
	if !s.test || r.name == "" {
		r.name = strings.TrimSuffix(syntax.Name.Name, "_test")
	}
	return nil
}

func (t *tree) roomAt(dir string) *room {
	for _, r := range t.rooms {
		if r.path == dir {
			return r
		}
	}
	r := &room{path: dir}
	t.rooms = append(t.rooms, r)
	return r
}

// at says where something stands, as compilers do.
func (t *tree) at(node ast.Node) string {
	position := t.fset.Position(node.Pos())
	return fmt.Sprintf("%s:%d", position.Filename, position.Line)
}

// production are the files that other packages get to see.
func (r *room) production() []*source {
	return slices.DeleteFunc(slices.Clone(r.sources), func(s *source) bool { return s.test })
}

// isSuite reports whether the room is a suite of tests for others to run: no
// part of any program.
func (r *room) isSuite() bool {
	return slices.ContainsFunc(r.production(), func(s *source) bool { return s.imports("testing") })
}

func (s *source) imports(imported string) bool {
	return slices.ContainsFunc(s.syntax.Imports, func(spec *ast.ImportSpec) bool { return pathOf(spec) == imported })
}

// functions yields the functions and methods of a file by name: f, or T.f.
func (s *source) functions(yield func(name string, f *ast.FuncDecl) bool) {
	for _, declaration := range s.syntax.Decls {
		f, ok := declaration.(*ast.FuncDecl)
		if ok && !yield(functionName(f), f) {
			return
		}
	}
}

func functionName(f *ast.FuncDecl) string {
	if f.Recv == nil || len(f.Recv.List) == 0 {
		return f.Name.Name
	}
	return baseOf(f.Recv.List[0].Type) + "." + f.Name.Name
}

// baseOf is the name of a receiver's type without pointer and parameters.
func baseOf(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.StarExpr:
		return baseOf(e.X)
	case *ast.IndexExpr:
		return baseOf(e.X)
	case *ast.IndexListExpr:
		return baseOf(e.X)
	case *ast.Ident:
		return e.Name
	}
	return ""
}

// calls reports whether a call is of pkg.name, as the file writes it.
func calls(call *ast.CallExpr, pkg string, names ...string) bool {
	selector, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || !slices.Contains(names, selector.Sel.Name) {
		return false
	}
	ident, ok := selector.X.(*ast.Ident)
	return ok && ident.Name == pkg
}

// check fails the test with each finding of a rule.
func check(t *testing.T, findings []string) {
	t.Helper()
	for _, finding := range findings {
		t.Error(finding)
	}
}

// mustFind fails the test unless the rule has exactly one finding and it speaks
// of what is wrong.
func mustFind(t *testing.T, findings []string, about string) {
	t.Helper()
	if len(findings) != 1 || !strings.Contains(findings[0], about) {
		t.Errorf("findings %q, want one about %q", findings, about)
	}
}

// mustPass fails the test if the rule has a finding.
func mustPass(t *testing.T, findings []string) {
	t.Helper()
	if len(findings) != 0 {
		t.Errorf("findings %q in a sample that keeps the rule", findings)
	}
}
