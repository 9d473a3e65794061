package house

import (
	"fmt"
	"go/ast"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func TestRooms_KnowOnlyWhatTheirRuleSays(t *testing.T) {
	t.Parallel()
	check(t, brokenRules(repository(t), rules))
}

func TestRooms_ThatReadNoClockDoNot(t *testing.T) {
	t.Parallel()
	check(t, clocksRead(repository(t), noClock))
}

func TestDirectory_KnowsOfTheContractThePermissionsOnly(t *testing.T) {
	t.Parallel()
	check(t, otherThanPermissions(repository(t), "internal/directory"))
}

func TestRaceTestedRooms_DoNotReachTheSlowDriver(t *testing.T) {
	t.Parallel()
	check(t, reaching(repository(t), slowDriver, reachesSlowDriver))
}

func TestTests_ImportNoSecondAssertionLanguage(t *testing.T) {
	t.Parallel()
	check(t, foreignAssertions(repository(t)))
}

func TestRules_FindARoomThatKnowsTooMuch(t *testing.T) {
	t.Parallel()
	table := []rule{
		{room: "core", never: []string{"net/http/..."}, why: "the core is pure"},
		{room: "edge", ours: []string{"core"}, theirs: []string{"example.com/parser/..."}, why: "edges are outside"},
	}
	with := func(room, imports string) []string {
		return brokenRules(sample(t, map[string]string{
			"core/core.go":           "package core\n",
			"edge/edge.go":           "package edge\n",
			room + "/more.go":        "package " + room + "\n" + imports,
			room + "/any_test.go":    "package " + room + "\nimport _ \"example.org/sample/edge\"\n",
			"edge/testdata/bad/x.go": "package x\nimport _ \"net/http\"\n",
		}), table)
	}
	mustFind(t, with("core", `import _ "example.org/sample/edge"`), "the core is pure")
	mustFind(t, with("core", `import _ "net/http/httptest"`), "the core is pure")
	mustFind(t, with("core", `import _ "example.com/parser"`), "the core is pure")
	mustFind(t, with("edge", `import _ "example.com/other"`), "edges are outside")
	mustFind(t, with("attic", ``), "no rule")
	mustPass(t, with("edge", "import _ \"example.com/parser/lexer\"\nimport _ \"net/http\"\nimport _ \"example.org/sample/core\""))
	mustFind(t, brokenRules(sample(t, map[string]string{"core/core.go": "package core\n"}), append(table[:1:1], table[0])), "two rules")
}

func TestRules_FindAClock(t *testing.T) {
	t.Parallel()
	with := func(body string) []string {
		text := "package core\nimport \"time\"\n" + body
		return clocksRead(sample(t, map[string]string{"core/core.go": text, "edge/edge.go": "package edge\nimport \"time\"\nvar _ = time.Now()"}), []string{"core"})
	}
	mustFind(t, with("var _ = time.Now()"), "reads the clock")
	mustFind(t, with("func f(t time.Time) time.Duration { return time.Since(t) }"), "reads the clock")
	mustFind(t, with("var now = time.Now"), "reads the clock")
	mustPass(t, with("func f(t time.Time) time.Time { return t.Add(time.Second) }"))
}

func TestRules_FindMoreThanPermissions(t *testing.T) {
	t.Parallel()
	with := func(body string) []string {
		return otherThanPermissions(sample(t, map[string]string{"who/who.go": "package who\nimport \"example.org/sample/api\"\n" + body}), "who")
	}
	mustPass(t, with("var p api.Permission = api.PermissionManageWork"))
	mustFind(t, with("func f() api.User { return nil }"), "api.User")
}

func TestRules_FindAWayToTheSlowDriver(t *testing.T) {
	t.Parallel()
	files := map[string]string{
		"adapter/adapter.go": "package adapter\nimport _ \"example.com/driver\"\n",
		"fixture/fixture.go": "package fixture\nimport _ \"example.org/sample/adapter\"\n",
		"core/core_test.go":  "package core_test\nimport _ \"example.org/sample/fixture\"\n",
		"core/core.go":       "package core\n",
		"edge/edge.go":       "package edge\nimport _ \"example.org/sample/core\"\n",
	}
	allowed := map[string]string{"adapter": "it is the adapter", "fixture": "it brings the adapter"}
	mustFind(t, reaching(sample(t, files), "example.com/driver", allowed), "core reaches example.com/driver")
	delete(files, "core/core_test.go")
	mustPass(t, reaching(sample(t, files), "example.com/driver", allowed))
	allowed["edge"] = "it was so once"
	mustFind(t, reaching(sample(t, files), "example.com/driver", allowed), "edge no longer reaches")
}

// brokenRules lists the imports that the rules do not allow.
func brokenRules(t *tree, rules []rule) (findings []string) {
	for _, room := range t.rooms {
		var mine []rule
		for _, rule := range rules {
			if rule.room == room.path {
				mine = append(mine, rule)
			}
		}
		switch {
		case len(mine) > 1:
			findings = append(findings, fmt.Sprintf("%s has two rules", room.path))
		case len(mine) == 0:
			findings = append(findings, fmt.Sprintf("%s has no rule: say in internal/house/rules_test.go what it may import, and why", room.path))
		default:
			findings = append(findings, t.broken(room, mine[0])...)
		}
	}
	return findings
}

func (t *tree) broken(room *room, rule rule) (findings []string) {
	for _, s := range room.production() {
		for _, spec := range s.syntax.Imports {
			if !rule.allows(t.module, pathOf(spec)) {
				findings = append(findings, fmt.Sprintf("%s: %s must not import %s: %s", t.at(spec), room.path, pathOf(spec), rule.why))
			}
		}
	}
	return findings
}

func (r rule) allows(module, imported string) bool {
	ours, isOurs := strings.CutPrefix(imported, module+"/")
	first, _, _ := strings.Cut(imported, "/")
	switch {
	case isOurs:
		return matchesAny(r.ours, ours)
	case strings.Contains(first, "."):
		return matchesAny(r.theirs, imported)
	}
	return !matchesAny(r.never, imported)
}

func matchesAny(patterns []string, imported string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool {
		parent, below := strings.CutSuffix(pattern, "...")
		if !below {
			return imported == pattern
		}
		return strings.HasPrefix(imported+"/", parent)
	})
}

func pathOf(spec *ast.ImportSpec) string {
	imported, err := strconv.Unquote(spec.Path.Value)
	if err != nil {
		return spec.Path.Value // the parser lets no such import through
	}
	return imported
}

// clocksRead lists where the given rooms read a clock.
func clocksRead(t *tree, rooms []string) (findings []string) {
	clocks := []string{"After", "AfterFunc", "NewTicker", "NewTimer", "Now", "Since", "Sleep", "Tick", "Until"}
	for _, room := range t.rooms {
		if !slices.Contains(rooms, room.path) {
			continue
		}
		for _, s := range room.production() {
			ast.Inspect(s.syntax, func(n ast.Node) bool {
				selector, ok := n.(*ast.SelectorExpr)
				if !ok {
					return true
				}
				if pkg, ok := selector.X.(*ast.Ident); ok && pkg.Name == "time" && slices.Contains(clocks, selector.Sel.Name) {
					findings = append(findings, fmt.Sprintf("%s: %s reads the clock; the time comes in as an argument", t.at(n), room.path))
				}
				return true
			})
		}
	}
	return findings
}

// otherThanPermissions lists what a room uses of the wire contract beside the
// permissions: the rest of it is for the edges.
func otherThanPermissions(t *tree, path string) (findings []string) {
	for _, s := range t.roomAt(path).production() {
		ast.Inspect(s.syntax, func(n ast.Node) bool {
			selector, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if pkg, ok := selector.X.(*ast.Ident); ok && pkg.Name == "api" && !strings.HasPrefix(selector.Sel.Name, "Permission") {
				findings = append(findings, fmt.Sprintf("%s: %s must not know api.%s: of the wire contract it knows the permissions only", t.at(n), path, selector.Sel.Name))
			}
			return true
		})
	}
	return findings
}

// reaching lists the rooms that reach a package, their tests included, and are
// not allowed to; and those that are and do not.
func reaching(t *tree, target string, allowed map[string]string) (findings []string) {
	rooms := make(map[string]*room)
	for _, room := range t.rooms {
		rooms[t.module+"/"+room.path] = room
	}
	var reaches func(s []*source, seen map[string]bool) bool
	reaches = func(sources []*source, seen map[string]bool) bool {
		for _, s := range sources {
			for _, spec := range s.syntax.Imports {
				imported := pathOf(spec)
				if imported == target {
					return true
				}
				if next, ok := rooms[imported]; ok && !seen[imported] {
					seen[imported] = true
					if reaches(next.production(), seen) {
						return true
					}
				}
			}
		}
		return false
	}
	for _, room := range t.rooms {
		_, may := allowed[room.path]
		switch does := reaches(room.sources, make(map[string]bool)); {
		case does && !may:
			findings = append(findings, fmt.Sprintf("%s reaches %s and so cannot be race-tested; use internal/store/memory, or say in reachesSlowDriver why not", room.path, target))
		case !does && may:
			findings = append(findings, fmt.Sprintf("%s no longer reaches %s: take it out of reachesSlowDriver", room.path, target))
		}
	}
	return findings
}

// foreignAssertions lists imports of assertion and mocking libraries.
func foreignAssertions(t *tree) (findings []string) {
	for _, room := range t.rooms {
		for _, s := range room.sources {
			for _, spec := range s.syntax.Imports {
				if strings.HasPrefix(pathOf(spec), "github.com/stretchr/") {
					findings = append(findings, fmt.Sprintf("%s: tests are plain Go with go-cmp, so that there is one way to read them", t.at(spec)))
				}
			}
		}
	}
	return findings
}
