package house

import (
	"fmt"
	"go/ast"
	"strings"
	"testing"
)

// sleepsByTheClock are the functions of tests that may sleep outside of a
// bubble, by room and name.
var sleepsByTheClock = map[string]string{}

func TestTests_SleepInBubblesOnly(t *testing.T) {
	t.Parallel()
	check(t, sleeping(repository(t), sleepsByTheClock))
}

func TestSleeping_FollowsHelpersIntoBubbles(t *testing.T) {
	t.Parallel()
	with := func(text string) []string {
		return sleeping(sample(t, map[string]string{
			"p/fixture_test.go": `package p
func onFloor(t *testing.T, play func(t *testing.T)) { synctest.Test(t, func(t *testing.T) { play(t) }) }
func pass() { time.Sleep(time.Second) }
func (f *floor) restart() { pass() }
`,
			"p/p_test.go": "package p\n" + text,
		}), map[string]string{"p.TestReal": "it waits for a process"})
	}
	mustPass(t, with(`func TestA(t *testing.T) { synctest.Test(t, func(t *testing.T) { time.Sleep(1); pass() }) }`))
	mustPass(t, with(`func TestA(t *testing.T) { onFloor(t, func(t *testing.T) { f.restart(); go func() { time.Sleep(1) }() }) }`))
	mustPass(t, with(`func TestReal(t *testing.T) { time.Sleep(1) }`))
	mustFind(t, with(`func TestA(t *testing.T) { time.Sleep(1) }`), "TestA sleeps by the clock")
	mustFind(t, with(`func TestA(t *testing.T) { f.restart() }`), "pass sleeps by the clock")
	mustFind(t, with(`func TestA(t *testing.T) { t.Run("a", func(t *testing.T) { pass() }) }`), "pass sleeps by the clock")
	mustFind(t, with(`func BenchmarkA(b *testing.B) { wait := pass; wait() }`), "pass sleeps by the clock")
}

// sleeping lists calls of time.Sleep in tests that can happen outside of a
// synctest bubble, where they make tests slow and their outcome a matter of
// luck. Functions are told apart by name only, which finds rather too many.
func sleeping(t *tree, allowed map[string]string) (findings []string) {
	for _, room := range t.rooms {
		functions := make(map[string][]*ast.FuncDecl)
		for _, s := range room.sources {
			if s.test || room.isSuite() {
				for _, f := range s.functions {
					functions[f.Name.Name] = append(functions[f.Name.Name], f)
				}
			}
		}
		bubbles := bubblesOf(functions)
		for name := range reachable(functions, bubbles, room.isSuite()) {
			for _, f := range functions[name] {
				outside(f.Body, bubbles, func(n ast.Node) {
					call, ok := n.(*ast.CallExpr)
					if _, may := allowed[room.path+"."+name]; ok && !may && calls(call, "time", "Sleep") {
						findings = append(findings, fmt.Sprintf("%s: %s sleeps by the clock; wait in a synctest bubble, or for what is to happen", t.at(n), name))
					}
				})
			}
		}
	}
	return findings
}

// bubblesOf are the functions that play what they are given in a bubble:
// synctest.Test, and those that take a function and call one of these.
func bubblesOf(functions map[string][]*ast.FuncDecl) map[string]bool {
	bubbles := map[string]bool{"synctest.Test": true}
	for found := true; found; {
		found = false
		for name, all := range functions {
			for _, f := range all {
				if !bubbles[name] && takesFunction(f) && mentionsBubble(f, bubbles) {
					bubbles[name], found = true, true
				}
			}
		}
	}
	return bubbles
}

func takesFunction(f *ast.FuncDecl) bool {
	for _, field := range f.Type.Params.List {
		if _, ok := field.Type.(*ast.FuncType); ok {
			return true
		}
	}
	return false
}

func mentionsBubble(f *ast.FuncDecl, bubbles map[string]bool) (mentions bool) {
	ast.Inspect(f, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			mentions = mentions || isBubble(call, bubbles)
		}
		return !mentions
	})
	return mentions
}

func isBubble(call *ast.CallExpr, bubbles map[string]bool) bool {
	switch f := call.Fun.(type) {
	case *ast.Ident:
		return bubbles[f.Name]
	case *ast.SelectorExpr:
		return bubbles[f.Sel.Name] || calls(call, "synctest", "Test")
	}
	return false
}

// outside visits what of a body does not stand in a function that is played in a
// bubble.
func outside(body *ast.BlockStmt, bubbles map[string]bool, visit func(ast.Node)) {
	if body == nil {
		return
	}
	ast.Inspect(body, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok && isBubble(call, bubbles) {
			return false
		}
		if n != nil {
			visit(n)
		}
		return true
	})
}

// reachable are the functions that a test can come to without entering a bubble.
// Of a suite, whatever is exported can be the beginning.
func reachable(functions map[string][]*ast.FuncDecl, bubbles map[string]bool, suite bool) map[string]bool {
	seen := make(map[string]bool)
	var reach func(name string)
	reach = func(name string) {
		if seen[name] {
			return
		}
		seen[name] = true
		for _, f := range functions[name] {
			outside(f.Body, bubbles, func(n ast.Node) {
				if ident, ok := n.(*ast.Ident); ok && functions[ident.Name] != nil {
					reach(ident.Name)
				}
			})
		}
	}
	for name := range functions {
		if isBeginning(name) || suite && ast.IsExported(name) {
			reach(name)
		}
	}
	return seen
}

func isBeginning(name string) bool {
	for _, prefix := range []string{"Test", "Benchmark", "Fuzz", "Example"} {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}
