package engine_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/anishathalye/porcupine"

	"github.com/muster-presence/muster/internal/engine"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

// visit is what a client did: a command, or none to look.
type visit struct {
	key     presence.Key
	command presence.Command
}

// sight is what came back: what is visible of the agent, or an error.
type sight struct {
	seen    string
	at      presence.Instant // when it was handled
	refused presence.RefusalCode
	failed  bool // not carried out
}

// sightOf is all that clients see of an agent, but what counts events.
func sightOf(a presence.Agent) string {
	if a.Session == nil {
		return "offline"
	}
	s := a.Session
	return fmt.Sprintf("%s %s %s %s %s since %d and %d", s.ID, a.State(), a.Reason().Name, s.Direction, s.Connection, s.StateSince, s.DirectionSince)
}

// agentModel is one agent by the core alone: commands one after the other.
var agentModel = porcupine.Model{
	Partition: func(history []porcupine.Operation) [][]porcupine.Operation {
		byAgent := make(map[presence.Key][]porcupine.Operation)
		for _, operation := range history {
			key := operation.Input.(visit).key
			byAgent[key] = append(byAgent[key], operation)
		}
		var parts [][]porcupine.Operation
		for _, part := range byAgent {
			parts = append(parts, part)
		}
		return parts
	},
	Init: func() any { return presence.Agent{} },
	Step: func(state, input, output any) (bool, any) {
		a, in, out := state.(presence.Agent), input.(visit), output.(sight)
		switch {
		case out.failed:
			return true, a
		case in.command == nil:
			return sightOf(a) == out.seen, a
		}
		events, err := presence.Decide(a, in.command, out.at)
		if err != nil || out.refused != "" {
			return presence.RefusalOf(err) == out.refused, a
		}
		for _, event := range events {
			if a, err = presence.Evolve(a, event); err != nil {
				return false, a
			}
		}
		return sightOf(a) == out.seen, a
	},
	Equal: func(a, b any) bool {
		x, y := a.(presence.Agent), b.(presence.Agent)
		return sightOf(x) == sightOf(y) && x.LastTick == y.LastTick && x.LastAt == y.LastAt
	},
}

// witness writes down what clients do at the same time. Its clock counts, so
// that calls and returns are in order however little time passes.
type witness struct {
	clock   atomic.Int64
	mu      sync.Mutex // guards history
	history []porcupine.Operation
}

func (w *witness) watch(client int, in visit, do func() sight) sight {
	called := w.clock.Add(1)
	out := do()
	returned := w.clock.Add(1)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.history = append(w.history, porcupine.Operation{ClientId: client, Input: in, Call: called, Output: out, Return: returned})
	return out
}

// visitFloor lets clients loose on a few agents, over a store that takes its
// time and sometimes fails, and returns what they did and saw.
func visitFloor(t *testing.T, seed uint64) []porcupine.Operation {
	const clients, visits, agents = 12, 30, 3
	w := new(witness)
	synctest.Test(t, func(t *testing.T) {
		f := newFloor(t)
		f.start()
		slow := rand.New(rand.NewPCG(seed, 0)) // used by the tenant's one worker
		f.storage.onCommit(func([]store.Change) error {
			time.Sleep(time.Duration(slow.IntN(4)) * time.Millisecond)
			if slow.IntN(10) == 0 {
				return errDiskFull
			}
			return nil
		})
		var all sync.WaitGroup
		for client := range clients {
			all.Go(func() {
				random := rand.New(rand.NewPCG(seed, uint64(client)+1))
				var known presence.SessionID
				for range visits {
					in := visit{key: agent(random.IntN(agents))}
					in.command = randomCommand(random, in.key, known)
					w.watch(client, in, func() sight { return f.visit(t, in, &known) })
					time.Sleep(time.Duration(random.IntN(3)) * time.Millisecond)
				}
			})
		}
		all.Wait()
	})
	return w.history
}

func (f *floor) visit(t *testing.T, in visit, known *presence.SessionID) sight {
	if in.command == nil {
		a, err := f.engine.Agent(t.Context(), in.key)
		return sight{seen: sightOf(a), failed: err != nil}
	}
	answer, err := f.engine.Do(t.Context(), engine.Request{Key: in.key, Command: in.command})
	var refusal *presence.Refusal
	switch {
	case errors.As(err, &refusal):
		return sight{refused: refusal.Code}
	case errors.Is(err, store.ErrUnavailable):
		return sight{failed: true}
	case err != nil:
		t.Error(err)
		return sight{failed: true}
	}
	if answer.Agent.Session != nil {
		*known = answer.Agent.Session.ID
	}
	return sight{seen: sightOf(answer.Agent), at: answer.At}
}

// randomCommand draws a command, nil to look. It names the session that the
// client knows, which may have ended or be another agent's, or none.
func randomCommand(random *rand.Rand, key presence.Key, known presence.SessionID) presence.Command {
	session := known
	if random.IntN(2) == 0 {
		session = presence.SessionID{}
	}
	switch random.IntN(12) {
	case 0:
		return presence.StartSession{By: self(key), Random: [8]byte{byte(random.Uint32()), byte(random.Uint32())}}
	case 1, 2:
		return presence.GoReady{By: self(key), Session: session, HasExtension: random.IntN(4) > 0}
	case 3:
		return presence.GoNotReady{By: self(key), Session: session, Reason: lunch}
	case 4:
		return presence.GoNotReady{By: sue}
	case 5:
		return presence.GoOffline{By: self(key), Session: session}
	case 6, 7:
		return presence.SetDirection{By: self(key), Session: session, Direction: presence.Directions()[random.IntN(3)]}
	case 8:
		return presence.Hear{Session: session}
	}
	return nil
}

// checkTime bounds the search for an order; it takes milliseconds.
const checkTime = 20 * time.Second

func TestEngine_AnswersAsIfRequestsCameOneByOne(t *testing.T) {
	t.Parallel()
	for seed := range uint64(15) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			history := visitFloor(t, seed)
			if result := porcupine.CheckOperationsTimeout(agentModel, history, checkTime); result != porcupine.Ok {
				t.Errorf("%d visits have no order: %s", len(history), result)
			}
		})
	}
}

// The check above can fail: it does for histories of servers that answer from a
// cache, lose a change, or let two sessions live.
func TestEngine_ABrokenHistoryHasNoOrder(t *testing.T) {
	t.Parallel()
	breaks := map[string]func(*porcupine.Operation) bool{
		"a look shows what was before": func(o *porcupine.Operation) bool {
			return change(o, func(in visit, out *sight) bool {
				was := out.seen
				out.seen = "offline"
				return in.command == nil && was != "offline"
			})
		},
		"a change was answered and lost": func(o *porcupine.Operation) bool {
			return change(o, func(in visit, out *sight) bool {
				_, starts := in.command.(presence.StartSession)
				out.failed, out.seen = true, ""
				return starts
			})
		},
		"a request is refused for no reason": func(o *porcupine.Operation) bool {
			return change(o, func(in visit, out *sight) bool {
				_, starts := in.command.(presence.StartSession)
				out.refused = presence.RefusedNoSession
				return starts && !out.failed
			})
		},
	}
	for name, spoil := range breaks {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			history := visitFloor(t, 1)
			for i := range history {
				operation := history[i]
				if operation.Output.(sight).failed || !spoil(&operation) {
					continue
				}
				broken := append(append(history[:i:i], operation), history[i+1:]...)
				if porcupine.CheckOperationsTimeout(agentModel, broken, checkTime) == porcupine.Illegal {
					return
				}
			}
			t.Error("no break was noticed")
		})
	}
}

// change gives an operation another output; it answers whether that breaks it.
func change(o *porcupine.Operation, f func(visit, *sight) bool) bool {
	out := o.Output.(sight)
	breaks := f(o.Input.(visit), &out)
	o.Output = out
	return breaks
}
