package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/bus/local"
	"github.com/muster-presence/muster/internal/directory"
	"github.com/muster-presence/muster/internal/engine"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store/sqlite"
)

const (
	benchCallers = 256
	benchRounds  = 9
	benchTime    = time.Second
)

// BenchmarkDurableChanges compares the engine on SQLite with what the driver can
// do at best: the same rows and indexes written by prepared statements in
// batches of the same size, and one by one. They take turns in one run, and the
// ratios are medians over the turns, so that a noisy machine disturbs all alike.
func BenchmarkDurableChanges(b *testing.B) {
	for b.Loop() {
		var ours, batched, single rate
		var batch float64
		for range benchRounds {
			rate, size := engineRound(b)
			ours, batch = ours.with(rate), size
			batched = batched.with(driverRound(b, max(1, int(size))))
			single = single.with(driverRound(b, 1))
		}
		b.ReportMetric(0, "ns/op")
		b.ReportMetric(ours.median(), "changes/s")
		b.ReportMetric(batched.median(), "driver_batched/s")
		b.ReportMetric(single.median(), "driver_single/s")
		b.ReportMetric(batch, "changes/commit")
		b.ReportMetric(100*ours.over(batched).median(), "%_of_driver")
		b.ReportMetric(ours.over(single).median(), "times_single")
	}
}

// rate collects a figure of each round.
type rate []float64

func (r rate) with(perSecond float64) rate { return append(r, perSecond) }

func (r rate) median() float64 {
	sorted := slices.Sorted(slices.Values(r))
	return sorted[len(sorted)/2]
}

func (r rate) worst() float64 { return slices.Max(r) }

// over is the ratio to another rate, round by round.
func (r rate) over(other rate) rate {
	ratios := make(rate, len(r))
	for i := range r {
		ratios[i] = r[i] / other[i]
	}
	return ratios
}

// engineRound lets callers change their agents' state and returns changes a
// second and changes a commit.
func engineRound(b *testing.B) (perSecond, batch float64) {
	db := openBenchDatabase(b)
	counter := new(commitCounter)
	e := engine.New(engine.Options{Storage: db, Directory: benchDirectory{}, Bus: new(local.Bus), Observer: counter})
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	if err := e.Start(ctx); err != nil {
		b.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- e.Run(ctx) }()
	keys := benchKeys()
	for _, key := range keys {
		do(b, e, engine.Request{Key: key, Command: presence.StartSession{By: benchActor(key), Random: engine.NewSessionRandom()}})
	}
	counter.reset()
	var changes atomic.Int64
	began := time.Now()
	var callers sync.WaitGroup
	for _, key := range keys {
		callers.Go(func() {
			for i := 0; time.Since(began) < benchTime; i++ {
				do(b, e, engine.Request{Key: key, Command: benchCommand(key, i)})
				changes.Add(1)
			}
		})
	}
	callers.Wait()
	took := time.Since(began)
	cancel()
	if err := <-ended; err != nil {
		b.Fatal(err)
	}
	return float64(changes.Load()) / took.Seconds(), counter.perCommit()
}

func do(b *testing.B, e *engine.Engine, r engine.Request) {
	if _, err := e.Do(context.Background(), r); err != nil {
		b.Error(err)
	}
}

func benchCommand(key presence.Key, i int) presence.Command {
	if i%2 == 0 {
		return presence.GoReady{By: benchActor(key), HasExtension: true}
	}
	return presence.GoNotReady{By: benchActor(key), Reason: presence.Reason{Name: "Lunch", ID: presence.ReasonID{UUID: presence.UUID{9}}, List: presence.ReasonListID{UUID: presence.UUID{8}}}}
}

func benchActor(key presence.Key) presence.Actor {
	return presence.Actor{Cause: presence.ByAgent, ID: key.Agent, Name: "Amelie Brandt"}
}

func benchKeys() []presence.Key {
	keys := make([]presence.Key, benchCallers)
	for i := range keys {
		keys[i] = presence.Key{Tenant: presence.TenantID{UUID: presence.UUID{1}}, Agent: presence.AgentID{UUID: presence.UUID{2, byte(i >> 8), byte(i)}}}
	}
	return keys
}

func openBenchDatabase(b *testing.B) *sqlite.DB {
	db, err := sqlite.Open(b.Context(), filepath.Join(b.TempDir(), "muster.db"), sqlite.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := db.Close(); err != nil {
			b.Error(err)
		}
	})
	return db
}

// driverRound writes the rows that such changes make, without deciding
// anything, and returns changes a second.
func driverRound(b *testing.B, batch int) float64 {
	path := filepath.Join(b.TempDir(), "driver.db")
	schema, err := sqlite.Open(b.Context(), path, sqlite.Options{})
	if err != nil {
		b.Fatal(err)
	}
	if err := schema.Close(); err != nil {
		b.Fatal(err)
	}
	db, err := sql.Open("sqlite", "file:"+path+"?_txlock=immediate&_pragma=journal_mode(wal)&_pragma=synchronous(full)&_pragma=foreign_keys(on)&_pragma=cache_size(-16384)")
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	writer := newRowWriter(b, db)
	began := time.Now()
	for time.Since(began) < benchTime {
		writer.commit(b, batch)
	}
	return float64(writer.seq) / time.Since(began).Seconds()
}

// rowWriter writes records and agents' rows as the store does.
type rowWriter struct {
	db             *sql.DB
	insert, update *sql.Stmt
	event, after   string
	seq            int
}

func newRowWriter(b *testing.B, db *sql.DB) *rowWriter {
	w := &rowWriter{db: db}
	w.event, w.after = sampleDocs(b)
	must(b, exec(db, `INSERT INTO logs (tenant) VALUES (randomblob(16))`))
	for range benchCallers {
		must(b, exec(db, `INSERT INTO agents (log_key, agent, version, live, state, direction, offerable, seq) VALUES (1, randomblob(16), 0, 1, 'ready', 'inbound', 1, 0)`))
	}
	var err error
	w.insert, err = db.Prepare(`INSERT INTO records (log_key, seq, agent_key, version, at, kind, event_doc, after_doc) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`)
	must(b, err)
	w.update, err = db.Prepare(`UPDATE agents SET version = ?, live = ?, state = ?, direction = ?, offerable = ?, seq = ?, receipts = ? WHERE agent_key = ? AND version = ?`)
	must(b, err)
	return w
}

func (w *rowWriter) commit(b *testing.B, batch int) {
	tx, err := w.db.Begin()
	must(b, err)
	insert, update := tx.Stmt(w.insert), tx.Stmt(w.update)
	for range batch {
		agent, version := w.seq%benchCallers+1, w.seq/benchCallers
		w.seq++
		_, err := update.Exec(version+1, true, "ready", "inbound", true, w.seq, nil, agent, version)
		must(b, err)
		_, err = insert.Exec(1, w.seq, agent, version+1, time.Now().UnixMilli(), "state_set", w.event, w.after)
		must(b, err)
	}
	must(b, tx.Commit())
}

// sampleDocs are the texts of a change as the store writes them.
func sampleDocs(b *testing.B) (event, after string) {
	key := benchKeys()[0]
	var agent presence.Agent
	var last presence.Event
	for i, command := range []presence.Command{presence.StartSession{By: benchActor(key)}, benchCommand(key, 1)} {
		events, err := presence.Decide(agent, command, presence.Instant(1_700_000_000_000+i))
		must(b, err)
		for _, last = range events {
			agent, err = presence.Evolve(agent, last)
			must(b, err)
		}
	}
	eventDoc, err := presence.EncodeEvent(last)
	must(b, err)
	afterDoc, err := json.Marshal(agent)
	must(b, err)
	return string(eventDoc), string(afterDoc)
}

func exec(db *sql.DB, statement string, args ...any) error {
	_, err := db.Exec(statement, args...)
	if err != nil {
		return fmt.Errorf("%s: %w", statement, err)
	}
	return nil
}

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}

// commitCounter is an observer that counts changes a commit.
type commitCounter struct{ commits, changes atomic.Int64 }

func (c *commitCounter) Committed(changes, _ int, _ time.Duration, _ error) {
	c.commits.Add(1)
	c.changes.Add(int64(changes))
}

func (c *commitCounter) Decayed(presence.Kind)          {}
func (c *commitCounter) BeatMissed()                    {}
func (c *commitCounter) FalselyAvailable(time.Duration) {}

func (c *commitCounter) reset() { c.commits.Store(0); c.changes.Store(0) }

func (c *commitCounter) perCommit() float64 {
	return float64(c.changes.Load()) / float64(max(1, c.commits.Load()))
}

// benchDirectory knows every tenant and member, so that the figure is the
// engine's and the store's alone.
type benchDirectory struct{}

func (benchDirectory) Tenant(_ context.Context, id presence.TenantID) (*directory.Tenant, error) {
	return &directory.Tenant{ID: id, Active: true, Settings: directory.DefaultSettings()}, nil
}

func (benchDirectory) Member(_ context.Context, key presence.Key) (*directory.Member, error) {
	return &directory.Member{Key: key, Active: true, Permissions: directory.NewPermissions([]api.Permission{api.PermissionArtifactsCreateAll})}, nil
}
