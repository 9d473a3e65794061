package house

import (
	"fmt"
	"go/ast"
	"slices"
	"strings"
	"testing"
)

// sleepsByTheClock are the functions of tests that may sleep outside of a
// bubble, by room and name.
var sleepsByTheClock = map[string]string{
	"cmd/muster.BenchmarkStream_IdleCPU":                           "the window in which processor time is measured",
	"cmd/muster.TestStream_KeepsItsPromisesOverCutsStallsAndKills": "clients, servers and faults are real, and go on for a while",
	"cmd/muster.bareLatency":                                       "what is on its way arrives",
	"cmd/muster.goneAfter":                                         "the clients are to have answered for a while",
	"cmd/muster.floorLatency":                                      "what is on its way arrives",
	"cmd/muster.paced":                                             "it keeps a rate",
	"cmd/muster.clientCosts":                                       "the window in which processor time is measured",
	"cmd/muster.crowdOfClients":                                    "the clients are to have been idle for a while",
	"cmd/muster.benchProcess.settledMemory":                        "memory is given back in time",
	"cmd/muster.follower.read":                                     "it stalls",
	"cmd/muster.follower.run":                                      "it waits for a server that is away",
	"cmd/muster.storms":                                            "the clients are to have been sent all there is",
	"cmd/muster.turnAround":                                        "it keeps a rate",
	"e2e.TestKill_LeavesSessionsTheirFullLease":                    "the length of the downtime is what is tested",
	"e2e.TestKill_NothingAcknowledgedIsLost":                       "how long the server lives is what the test varies",
	"e2e.TestStop_AnswersWhatItTookAndLosesNothing":                "agents work against a real server for a while",
	"e2e.TestStall_IsNotHeldAgainstAgents":                         "the length of the stall is what is tested",
	"e2e.TestHiddenTab_StaysLiveThoughItsTimersAreHeldBack":        "a real browser closes a tab",
	"e2e.TestSDK_KeepsItsPromisesInBadWeather":                     "clients, server and weather are real, and go on for a while",
	"e2e.TestSDK_RidesOutRestartsOfTheServer":                      "for how long the server lives and is away is what is tested",
	"e2e.TestSDK_OutlivesAnyOutageShorterThanItsLease":             "the length of the outage is what is tested",
	"e2e.TestSDK_LeavesConnectionsThatDiedWithoutAWord":            "for how long the connections are dead is what is tested",
	"e2e.eventually":                                               "it waits for what a real server or client does in its own time",
	"e2e.lapsing.lapse":                                            "the length of the outage is what is tested",
	"e2e.proxy.pass":                                               "it delays what passes",
	"e2e.sdkAgent.settle":                                          "a real client connects again in its own time",
	"e2e.sdkWatcher.settle":                                        "a real client connects again in its own time",
	"e2e.expectDesk":                                               "it asks a page in a browser again",
	"e2e.watch":                                                    "for how long is what is tested",
	"e2e.expectWorking":                                            "it asks a real server again until it works",
}

func TestTests_SleepInBubblesOnly(t *testing.T) {
	t.Parallel()
	check(t, sleeping(repository(t), sleepsByTheClock))
}

func TestSleeping_IsFoundOutsideOfBubbles(t *testing.T) {
	t.Parallel()
	with := func(text string) []string {
		return sleeping(sample(t, map[string]string{"p/p_test.go": "package p\n" + text}), map[string]string{"p.TestReal": "it waits for a process"})
	}
	const bubbles = "import \"testing/synctest\"\nfunc onFloor(t *testing.T, play func(t *testing.T)) { synctest.Test(t, play) }\n"
	mustPass(t, with(`func TestA(t *testing.T) { synctest.Test(t, func(t *testing.T) { time.Sleep(1) }) }`))
	mustPass(t, with(bubbles+`func TestA(t *testing.T) { onFloor(t, func(t *testing.T) { go func() { time.Sleep(1) }() }) }`))
	mustPass(t, with(bubbles+`func pass() { time.Sleep(1) }`))
	mustPass(t, with(`func TestReal(t *testing.T) { time.Sleep(1) }`))
	mustFind(t, with(`func TestA(t *testing.T) { time.Sleep(1) }`), "TestA sleeps by the clock")
	mustFind(t, with(bubbles+`func BenchmarkA(b *testing.B) { time.Sleep(1) }`), "BenchmarkA sleeps by the clock")
	mustFind(t, with(bubbles+`func TestA(t *testing.T) { t.Run("a", func(t *testing.T) { time.Sleep(1) }) }`), "TestA sleeps by the clock")
	mustFind(t, with(`func pass() { time.Sleep(1) }`), "pass sleeps by the clock")
}

// sleeping lists calls of time.Sleep in tests outside of a synctest bubble,
// where they make tests slow and their outcome a matter of luck. What a function
// calls is not followed: one that is no test itself may sleep wherever the
// room's tests know bubbles at all.
func sleeping(t *tree, allowed map[string]string) (findings []string) {
	for _, room := range t.rooms {
		knowsBubbles := slices.ContainsFunc(room.sources, func(s *source) bool { return s.imports("testing/synctest") })
		bubbles := room.bubbles()
		for _, s := range room.sources {
			if !s.test && !room.isSuite() {
				continue
			}
			for name, f := range s.functions {
				_, may := allowed[room.path+"."+name]
				if may || knowsBubbles && !isBeginning(name) {
					continue
				}
				outside(f, bubbles, func(call *ast.CallExpr) {
					if calls(call, "time", "Sleep") {
						findings = append(findings, fmt.Sprintf("%s: %s sleeps by the clock; wait in a synctest bubble, or for what is to happen", t.at(call), name))
					}
				})
			}
		}
	}
	return findings
}

// bubbles are the room's functions that take a function and play it in a bubble.
func (r *room) bubbles() (names []string) {
	for _, s := range r.sources {
		for name, f := range s.functions {
			if !takesFunction(f) {
				continue
			}
			ast.Inspect(f, func(n ast.Node) bool {
				if call, ok := n.(*ast.CallExpr); ok && calls(call, "synctest", "Test") {
					names = append(names, name)
				}
				return true
			})
		}
	}
	return names
}

func takesFunction(f *ast.FuncDecl) bool {
	return slices.ContainsFunc(f.Type.Params.List, func(field *ast.Field) bool {
		_, ok := field.Type.(*ast.FuncType)
		return ok
	})
}

// outside visits the calls that do not stand in a function given to a bubble.
func outside(f *ast.FuncDecl, bubbles []string, visit func(*ast.CallExpr)) {
	ast.Inspect(f, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		name, _ := call.Fun.(*ast.Ident)
		if calls(call, "synctest", "Test") || name != nil && slices.Contains(bubbles, name.Name) {
			return false
		}
		visit(call)
		return true
	})
}

// isBeginning reports whether the test program calls the function by itself.
func isBeginning(name string) bool {
	return slices.ContainsFunc([]string{"Test", "Benchmark", "Fuzz", "Example"}, func(prefix string) bool { return strings.HasPrefix(name, prefix) })
}
