package sdk_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// TestScenarios plays every script of api/scenarios that is not another language's.
func TestScenarios(t *testing.T) {
	t.Parallel()
	b := readBook(t)
	for name, file := range b.files {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, s := range file.Scenarios {
				t.Run(s.Title, func(t *testing.T) {
					t.Parallel()
					if len(s.Only) > 0 && !slices.Contains(s.Only, "go") {
						t.Skip("not in Go: " + s.Why)
					}
					synctest.Test(t, func(t *testing.T) { play(t, b, s) })
				})
			}
		})
	}
}

func play(t *testing.T, b *book, s scenario) {
	g := newStage(t, b, s)
	defer g.close()
	g.open()
	if s.Start == "" {
		t.Fatal("the scenario does not say how it starts")
	}
	if !g.begin(s.Start) {
		return
	}
	g.show(s.Shows)
	for i, step := range s.Steps {
		if !g.play(fmt.Sprintf("step %d", i+1), step) {
			return
		}
	}
	g.finish()
}

// begin plays a beginning, after the one that it begins with.
func (g *stage) begin(name string) bool {
	beginning, ok := g.book.beginnings[name]
	if !ok {
		g.t.Errorf("there is no beginning %q", name)
		return false
	}
	if beginning.From != "" && !g.begin(beginning.From) {
		return false
	}
	for i, step := range beginning.Steps {
		if !g.play(fmt.Sprintf("beginning %s, step %d", name, i+1), step) {
			return false
		}
	}
	return true
}

// show makes the script look at plumbing from now on.
func (g *stage) show(what []string) {
	g.server.mu.Lock()
	defer g.server.mu.Unlock()
	for _, w := range what {
		g.server.shows[w] = true
	}
}

// play does a step's stimulus, waits until everything is quiet, and compares. It tells whether all was as it should be.
func (g *stage) play(where string, s step) bool {
	stimuli := s.stimuli()
	if len(stimuli) != 1 {
		g.t.Errorf("%s: a step has one stimulus, not %v", where, stimuli)
		return false
	}
	if problem := g.stimulate(s); problem != "" {
		g.t.Errorf("%s (%s): %s", where, stimuli[0], problem)
		return false
	}
	synctest.Wait()
	differences := g.compare(s)
	for _, d := range differences {
		g.t.Errorf("%s (%s): %s", where, stimuli[0], d)
	}
	return len(differences) == 0
}

func (g *stage) stimulate(s step) (problem string) {
	switch {
	case s.Tab != "":
		return "tabs are a browser's"
	case s.Call != "":
		return g.callOf(s)
	case s.Initialize != nil:
		g.initializes(s)
	case s.Answer != nil:
		return g.server.answer(*s.Answer)
	case s.Refuse != nil:
		return g.server.decide(*s.Refuse)
	case s.Bring != nil:
		return g.bring(*s.Bring)
	case s.Push != nil:
		messages, isList := decoded(s.Push).([]any)
		if !isList {
			messages = []any{decoded(s.Push)}
		}
		return g.server.tell(messages)
	case s.Frame != nil:
		return g.server.push(decoded(s.Frame))
	case s.Close != nil:
		return g.server.leave(s.Close.Code, s.Close.Reason)
	case s.Stream != "":
		return g.stream(s.Stream)
	case s.Advance != "":
		d, err := time.ParseDuration(s.Advance)
		if err != nil {
			return err.Error()
		}
		g.server.wait(d, s.Until)
	case s.Subscribe != nil:
		g.subscribe(*s.Subscribe)
	case s.Unsubscribe != "":
		g.unsubscribes(s.Unsubscribe)
	case s.Leave != "":
		g.leaving[s.Leave]()
	}
	return ""
}

// callOf calls what the step says. Of arguments as JavaScript takes them, a callback and what is absent say nothing in Go.
func (g *stage) callOf(s step) (problem string) {
	params := s.Params
	for _, arg := range s.Args {
		switch {
		case arg == "<callback>", arg == "<undefined>", arg == nil:
		case params != nil:
			return "Go takes one object of parameters"
		default:
			params, _ = json.Marshal(arg) // what was read can be written
		}
	}
	g.params = append(g.params, texts(decoded(params))...)
	return g.call(s.Call, s.name(), params)
}

// name is what the step's call is called: the function's own name unless the step says.
func (s step) name() string {
	if s.As != "" {
		return s.As
	}
	return s.Call[strings.LastIndex(s.Call, ".")+1:]
}

func (g *stage) initializes(s step) {
	client, err := g.initialize(s.Initialize)
	as := s.As
	if as == "" {
		as = "initialize"
	}
	if err != nil {
		g.returned[as] = &published{err: plain(err)}
		return
	}
	client.Close()
	g.returned[as] = &published{}
}

func (g *stage) bring(token string) (problem string) {
	select {
	case g.brought <- token:
		return ""
	default:
		return "nobody asks for a token"
	}
}

func (g *stage) stream(what string) (problem string) {
	switch what {
	case "open":
		return g.server.decide(answer{Status: accepted})
	case "cut":
		return g.server.leave(0, "")
	case "away":
		g.server.setAway(true)
		_ = g.server.leave(0, "") // there may be none yet
		return ""
	case "back":
		g.server.setAway(false)
		return ""
	}
	return "a stream does not " + what
}

func (g *stage) unsubscribes(name string) {
	removed := g.client.Unsubscribe(g.subscriptions[name])
	g.returned[name] = &published{response: removed}
}

// finish finds what is under way though the script is over.
func (g *stage) finish() {
	g.mu.Lock()
	defer g.mu.Unlock()
	for name := range g.running {
		if g.leaving[name] == nil {
			g.t.Errorf("at the end: the call %s has not returned", name)
		}
	}
	g.server.mu.Lock()
	defer g.server.mu.Unlock()
	for _, r := range g.server.pending {
		g.t.Errorf("at the end: nobody has answered %s", r.line)
	}
}

// texts are all texts in a value.
func texts(value any) (found []string) {
	switch value := value.(type) {
	case string:
		found = append(found, value)
	case []any:
		for _, item := range value {
			found = append(found, texts(item)...)
		}
	case map[string]any:
		for _, item := range value {
			found = append(found, texts(item)...)
		}
	}
	return found
}
