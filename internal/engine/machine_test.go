package engine_test

import (
	"errors"
	"reflect"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/muster-presence/muster/internal/engine"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

func TestEngine_KeepsItsPromisesWhateverHappens(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		rapid.SyncTest(t, func(t *rapid.T) {
			m := &machine{floor: newFloor(t), heard: make(map[presence.Key]time.Time)}
			m.start()
			defer func() { m.stop() }()
			t.Repeat(map[string]func(*rapid.T){
				"":            m.check,
				"ask":         m.ask,
				"ask again":   m.ask, // what has two names is likelier
				"ask at once": m.askAtOnce,
				"beat":        m.beat,
				"beat again":  m.beat,
				"pass":        m.passTime,
				"pass again":  m.passTime,
				"jump":        m.jump,
				"break store": m.breakStore,
				"mend store":  m.mendStore,
				"mend again":  m.mendStore,
				"restart":     m.restartEngine,
				"kill":        m.kill,
			})
		})
	})
}

// crew is how many agents take part.
const crew = 3

// machine is a floor to which anything may happen, and what it has promised.
type machine struct {
	*floor
	acknowledged []promise
	heard        map[presence.Key]time.Time // when each last showed a sign of life
	broken       bool
	mended       time.Time // when the store last became whole
}

// promise is an answer that was given.
type promise struct {
	key    presence.Key
	answer engine.Answer
}

func (m *machine) draw(t *rapid.T) engine.Request {
	r := engine.Request{Key: agent(rapid.IntRange(0, crew-1).Draw(t, "agent"))}
	r.Command = drawCommand(t, r.Key)
	if rapid.IntRange(0, 2).Draw(t, "with key") == 0 {
		r.Idempotency = engine.Idempotency{Key: [16]byte{rapid.Byte().Draw(t, "key")}, Body: [16]byte{1}}
	}
	return r
}

func drawCommand(t *rapid.T, key presence.Key) presence.Command {
	call := interaction(byte(rapid.IntRange(1, 3).Draw(t, "interaction")))
	return rapid.SampledFrom([]presence.Command{
		presence.StartSession{By: self(key), Random: [8]byte{rapid.Byte().Draw(t, "random")}},
		ready(key), ready(key), presence.GoReady{By: sue, HasExtension: true},
		notReady(key, lunch), presence.GoNotReady{By: sue},
		presence.GoOffline{By: self(key), Wait: true}, presence.GoOffline{By: self(key)}, presence.GoOffline{By: sue, Force: true},
		direction(key, presence.Outbound), direction(key, presence.Inbound),
		work(call), work(call), endWork(call), monitor(key, call),
		presence.Hear{}, presence.Revoke{By: presence.System()},
	}).Draw(t, "command")
}

// sign notes what shows that an agent is there, whatever becomes of it.
func (m *machine) sign(r engine.Request) {
	switch c := r.Command.(type) {
	case presence.GoReady:
		if c.By == sue {
			return
		}
	case presence.GoNotReady:
		if c.By == sue {
			return
		}
	case presence.GoOffline:
		if c.By == sue { // the agent's own may leave the session as it is: repeated by its key, or waiting for work
			return
		}
	case presence.ReportWork, presence.EndWork, presence.Revoke:
		return
	}
	m.heard[r.Key] = time.Now()
}

// ask sends one request.
func (m *machine) ask(t *rapid.T) {
	r := m.draw(t)
	m.sign(r)
	records := len(m.log())
	answer, err := m.engine.Do(t.Context(), r)
	m.judge(t, r, answer, err)
	if err != nil && len(m.log()) != records {
		t.Fatalf("%s failed with %v and left a trace", r.Command.Name(), err)
	}
}

// askAtOnce sends several requests while a commit is held up, which then works,
// fails, or fails after all was written.
func (m *machine) askAtOnce(t *rapid.T) {
	requests := make([]engine.Request, rapid.IntRange(1, 8).Draw(t, "requests"))
	for i := range requests {
		requests[i] = m.draw(t)
		m.sign(requests[i])
	}
	fate := rapid.SampledFrom([]string{"works", "works", "fails", "fails after writing"}).Draw(t, "fate")
	outcomes := make([]*outcome, len(requests))
	release := m.storage.hold()
	for i, r := range requests {
		outcomes[i] = m.sendRequest(t.Context(), r)
	}
	switch fate {
	case "works":
		release(nil)
	case "fails":
		release(errDiskFull)
	default:
		m.storage.onCommitted(func() error { return errors.New("connection reset while committing") })
		release(nil)
	}
	synctest.Wait()
	m.storage.onCommitted(nil)
	for i, o := range outcomes {
		if !o.done() {
			t.Fatalf("request %d was never answered", i)
		}
		if fate != "fails after writing" || o.err == nil {
			m.judge(t, requests[i], o.answer, o.err)
		}
	}
}

// judge takes an answer down as a promise, and knows which errors may be.
func (m *machine) judge(t *rapid.T, r engine.Request, answer engine.Answer, err error) {
	t.Helper()
	var refusal *presence.Refusal
	switch {
	case err == nil && answer.Last.Change != nil:
		m.acknowledged = append(m.acknowledged, promise{r.Key, answer})
	case err == nil, errors.As(err, &refusal), errors.Is(err, engine.ErrReceiptMismatch), errors.Is(err, engine.ErrInteractionUnknown):
	case !errors.Is(err, store.ErrUnavailable):
		t.Fatalf("%s: %v", r.Command.Name(), err)
	}
}

func (m *machine) beat(t *rapid.T) {
	key := agent(rapid.IntRange(0, crew-1).Draw(t, "agent"))
	m.heard[key] = time.Now()
	_, err := m.engine.Heartbeat(t.Context(), key, presence.SessionID{})
	m.judge(t, engine.Request{Key: key, Command: presence.Hear{}}, engine.Answer{}, err)
}

func (m *machine) passTime(t *rapid.T) {
	pass(rapid.SampledFrom([]time.Duration{
		time.Millisecond, time.Second, 5 * time.Second, silentAfter - time.Millisecond, silentAfter, notReadyAfter, endAfter,
	}).Draw(t, "time"))
}

func (m *machine) jump(t *rapid.T) {
	m.wall.jump(rapid.SampledFrom([]time.Duration{-48 * time.Hour, -time.Second, time.Second, 48 * time.Hour}).Draw(t, "jump"))
}

// breakStore makes writes fail, or reads too.
func (m *machine) breakStore(t *rapid.T) {
	m.broken = true
	m.storage.FailCommits(errDiskFull)
	m.storage.breakNotes(errDiskFull)
	if rapid.Bool().Draw(t, "reads too") {
		m.storage.breakReads(errDiskFull)
	}
}

func (m *machine) mendStore(*rapid.T) {
	if !m.broken {
		return
	}
	m.storage.FailCommits(nil)
	m.storage.breakNotes(nil)
	m.storage.breakReads(nil)
	m.broken, m.mended = false, time.Now()
}

// restartEngine stops the engine in an orderly way and starts another.
func (m *machine) restartEngine(t *rapid.T) { m.takeTurns(t, func() {}) }

// kill takes the store away from the engine before it can write anything more.
func (m *machine) kill(t *rapid.T) {
	m.takeTurns(t, func() { m.breakStore(t) })
}

func (m *machine) takeTurns(t *rapid.T, before func()) {
	before()
	m.stop()
	m.mendStore(t)
	time.Sleep(rapid.SampledFrom([]time.Duration{0, time.Second, time.Hour}).Draw(t, "downtime"))
	m.start()
	clear(m.heard)
	for i := range crew {
		a := m.agent(agent(i))
		if a.Offerable() {
			t.Fatalf("agent %d is offerable after a restart: %s", i, looks(a))
		}
		if lasted, ok, _ := m.engine.Silence(t.Context(), agent(i)); ok && lasted.Lasted != 0 {
			t.Fatalf("agent %d begins with %s of its lease gone", i, lasted.Lasted)
		}
	}
}

// check holds what is true at any time.
func (m *machine) check(t *rapid.T) {
	synctest.Wait()
	log := m.log()
	last := checkLog(t, log)
	live := 0
	for i := range crew {
		key := agent(i)
		shown := m.shown(t, key)
		if stored := m.stored(key).Agent; !reflect.DeepEqual(shown, stored) || !reflect.DeepEqual(stored, last[key]) {
			t.Fatalf("agent %d: shown and stored differ: %s; stored and log differ: %s", i, cmp.Diff(shown, stored), cmp.Diff(stored, last[key]))
		}
		if shown.Session != nil {
			live++
		}
		m.checkOfferable(t, key, shown)
	}
	if m.engine.Live() != live {
		t.Fatalf("%d live sessions are counted, %d are stored", m.engine.Live(), live)
	}
	m.checkPromises(t, log)
	m.checkMonitoring(t, last)
}

// shown is the agent as the engine shows it; of an agent without a session it
// can only be read from the store.
func (m *machine) shown(t *rapid.T, key presence.Key) presence.Agent {
	a, err := m.engine.Agent(t.Context(), key)
	if err != nil && m.broken {
		return m.stored(key).Agent
	}
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// checkOfferable holds that nobody is offerable who was not heard, unless the
// store does not let it be written down.
func (m *machine) checkOfferable(t *rapid.T, key presence.Key, a presence.Agent) {
	if m.broken || time.Since(m.mended) < 2*time.Second || !a.Offerable() {
		return
	}
	if silence := time.Since(m.heard[key]); silence >= silentAfter {
		t.Fatalf("agent %s is offerable after %s of silence", key.Agent, silence)
	}
}

// checkPromises holds that whatever was answered is in the log as it was
// answered.
func (m *machine) checkPromises(t *rapid.T, log []store.Record) {
	type place struct {
		key     presence.Key
		version uint64
	}
	records := make(map[place]store.Record, len(log))
	for _, record := range log {
		records[place{record.Key, record.Event.Version}] = record
	}
	for _, promise := range m.acknowledged {
		record, ok := records[place{promise.key, promise.answer.Last.Version}]
		if !ok || !reflect.DeepEqual(record.Event, promise.answer.Last) || !reflect.DeepEqual(record.After, promise.answer.Agent) {
			t.Fatalf("answered %+v, the log has %+v", promise.answer, record)
		}
	}
}

// checkMonitoring holds that only what is open is monitored.
func (m *machine) checkMonitoring(t *rapid.T, agents map[presence.Key]presence.Agent) {
	open := make(map[presence.InteractionID]bool)
	for _, a := range agents {
		if a.Session != nil {
			for _, w := range a.Session.Work {
				open[w.Interaction] = true
			}
		}
	}
	for key, a := range agents {
		if a.Session != nil && !a.Session.Monitoring.IsZero() && !open[a.Session.Monitoring] {
			t.Fatalf("agent %s monitors what has ended", key.Agent)
		}
	}
}
