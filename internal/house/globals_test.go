package house

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"path"
	"slices"
	"strings"
	"testing"
)

// madeOnce are functions whose results are values that nobody changes, so that a
// package may keep one.
var madeOnce = []string{"errors.New", "fmt.Errorf", "netip.MustParsePrefix", "reflect.TypeFor", "regexp.MustCompile", "strings.NewReplacer", "time.Date"}

func TestPackages_KeepNoStateOfTheirOwn(t *testing.T) {
	t.Parallel()
	check(t, changingGlobals(repository(t)))
}

func TestPackages_HaveNoInit(t *testing.T) {
	t.Parallel()
	check(t, inits(repository(t)))
}

func TestGlobals_FindsVariablesThatChange(t *testing.T) {
	t.Parallel()
	with := func(text string) []string {
		return changingGlobals(sample(t, map[string]string{
			"p/table.go": "package p\nvar table = map[string]int{\"a\": 1}\nvar list = []int{1}\nvar word = \"\"\n",
			"p/p.go":     "package p\n" + text,
		}))
	}
	mustPass(t, with(``))
	mustPass(t, with(`func f() int { table := map[string]int{}; table["a"] = 2; return table["a"] }`))
	mustPass(t, with("import \"errors\"\nvar ErrGone = errors.New(\"gone\")"))
	mustPass(t, with("import \"embed\"\n//go:embed *.sql\nvar files embed.FS"))
	mustPass(t, with(`var _ = f()`))
	mustFind(t, with(`func f() { table["a"] = 2 }`), "table is changed")
	mustFind(t, with(`func f() { delete(table, "a") }`), "table is changed")
	mustFind(t, with(`func f() { list[0]++ }`), "list is changed")
	mustFind(t, with(`func f() { list = append(list, 2) }`), "list is changed")
	mustFind(t, with(`func f() { read(&word) }`), "word is changed")
	mustFind(t, with(`func f() { for word = range table { } }`), "word is changed")
	mustFind(t, with("import \"sync\"\nvar mu sync.Mutex"), "mu is made to be changed")
	mustFind(t, with("import \"sync/atomic\"\nvar n = new(atomic.Int64)"), "n is made to be changed")
	mustFind(t, with(`var cache = open()`), "cache comes from a call")
	mustFind(t, with(`var count int`), "count has no value")
}

func TestInits_AreFound(t *testing.T) {
	t.Parallel()
	mustFind(t, inits(sample(t, map[string]string{"p/p.go": "package p\nfunc init() {}\n"})), "init")
	mustPass(t, inits(sample(t, map[string]string{"p/p.go": "package p\ntype T struct{}\nfunc (T) init() {}\n"})))
}

// inits lists functions that run before anybody calls them.
func inits(t *tree) (findings []string) {
	for _, room := range t.rooms {
		for _, s := range room.sources {
			for name, f := range s.functions {
				if name == "init" {
					findings = append(findings, fmt.Sprintf("%s: nothing happens in an init: main builds everything by hand", t.at(f)))
				}
			}
		}
	}
	return findings
}

// changingGlobals lists the variables of packages that could hold state: those
// that are written to after their declaration, made to be (locks, counters), or
// whose value comes from who knows where. Tables, texts and errors may stay.
func changingGlobals(t *tree) (findings []string) {
	for _, room := range t.rooms {
		if room.isSuite() {
			continue
		}
		uses := t.resolve(room)
		for _, s := range room.production() {
			for _, declaration := range s.syntax.Decls {
				if g, ok := declaration.(*ast.GenDecl); ok && g.Tok == token.VAR {
					findings = append(findings, t.suspects(g)...)
				}
			}
			findings = append(findings, t.writes(s, uses)...)
		}
	}
	return findings
}

// suspects lists the variables of a declaration whose type or value says that
// they hold state.
func (t *tree) suspects(g *ast.GenDecl) (findings []string) {
	for _, spec := range g.Specs {
		v := spec.(*ast.ValueSpec)
		for i, name := range v.Names {
			var value ast.Expr
			if i < len(v.Values) {
				value = v.Values[i]
			}
			why := ""
			switch {
			case name.Name == "_":
			case mentionsSync(v.Type) || mentionsSync(value):
				why = "is made to be changed"
			case value == nil && !embedded(g.Doc) && !embedded(v.Doc):
				why = "has no value"
			case comesFromCall(value):
				why = "comes from a call"
			}
			if why != "" {
				findings = append(findings, fmt.Sprintf("%s: %s %s; state belongs into a value that main makes (see internal/house/globals_test.go)", t.at(name), name.Name, why))
			}
		}
	}
	return findings
}

func embedded(doc *ast.CommentGroup) bool {
	return doc != nil && slices.ContainsFunc(doc.List, func(c *ast.Comment) bool { return strings.HasPrefix(c.Text, "//go:embed ") })
}

func mentionsSync(e ast.Expr) (found bool) {
	if e == nil {
		return false
	}
	ast.Inspect(e, func(n ast.Node) bool {
		if selector, ok := n.(*ast.SelectorExpr); ok {
			if pkg, ok := selector.X.(*ast.Ident); ok && (pkg.Name == "sync" || pkg.Name == "atomic") {
				found = true
			}
		}
		return !found
	})
	return found
}

// comesFromCall reports whether a variable is what a call returned. Calls inside
// a table's rows are the table's business.
func comesFromCall(value ast.Expr) bool {
	call, ok := value.(*ast.CallExpr)
	if !ok {
		return false
	}
	function := types.ExprString(call.Fun)
	if i := strings.IndexByte(function, '['); i >= 0 {
		function = function[:i]
	}
	return !slices.Contains(madeOnce, function)
}

// writes lists where a file changes a variable of its package.
func (t *tree) writes(s *source, uses map[*ast.Ident]types.Object) (findings []string) {
	written := func(e ast.Expr) {
		ident := rootOf(e)
		if ident == nil {
			return
		}
		v, ok := uses[ident].(*types.Var)
		if ok && v.Pkg() != nil && v.Parent() == v.Pkg().Scope() {
			findings = append(findings, fmt.Sprintf("%s: %s is changed; state belongs into a value that main makes", t.at(ident), ident.Name))
		}
	}
	ast.Inspect(s.syntax, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, left := range n.Lhs {
				written(left)
			}
		case *ast.IncDecStmt:
			written(n.X)
		case *ast.RangeStmt:
			written(n.Key)
			written(n.Value)
		case *ast.UnaryExpr:
			if n.Op == token.AND {
				written(n.X)
			}
		case *ast.CallExpr:
			if f, ok := n.Fun.(*ast.Ident); ok && len(n.Args) > 0 && (f.Name == "delete" || f.Name == "clear") {
				written(n.Args[0])
			}
		}
		return true
	})
	return findings
}

// rootOf is the variable that an expression reaches into, nil if there is none.
func rootOf(e ast.Expr) *ast.Ident {
	switch e := e.(type) {
	case *ast.Ident:
		return e
	case *ast.SelectorExpr:
		return rootOf(e.X)
	case *ast.IndexExpr:
		return rootOf(e.X)
	case *ast.StarExpr:
		return rootOf(e.X)
	case *ast.ParenExpr:
		return rootOf(e.X)
	}
	return nil
}

// resolve finds what the names in a room's production files stand for. Imported
// packages stay empty and errors are ignored: only names of the room matter.
func (t *tree) resolve(room *room) map[*ast.Ident]types.Object {
	var files []*ast.File
	for _, s := range room.production() {
		files = append(files, s.syntax)
	}
	info := &types.Info{Uses: make(map[*ast.Ident]types.Object)}
	config := types.Config{Importer: emptyPackages{}, Error: func(error) {}}
	_, _ = config.Check(room.path, t.fset, files, info) // fails for the empty packages
	return info.Uses
}

// emptyPackages answers every import with a package that has nothing in it.
type emptyPackages struct{}

func (emptyPackages) Import(imported string) (*types.Package, error) {
	p := types.NewPackage(imported, path.Base(imported))
	p.MarkComplete()
	return p, nil
}
