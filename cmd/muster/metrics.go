package main

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/muster-presence/muster/internal/engine"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
	"github.com/muster-presence/muster/internal/stream"
)

// metrics counts what the rooms report. It is their observer, so that none of
// them knows Prometheus.
type metrics struct {
	*streamMetrics
	registry *prometheus.Registry
	requests *prometheus.HistogramVec
	commits  *prometheus.HistogramVec
	changes  prometheus.Counter
	records  prometheus.Counter
	decays   *prometheus.CounterVec
	missed   prometheus.Counter
	falsely  prometheus.Counter

	// storeFailedAt is when the store last did not take a change, in Unix
	// nanoseconds; 0 once it has taken one since.
	storeFailedAt atomic.Int64
}

func newMetrics() *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "muster_http_request_seconds", Help: "Time from a request to its answer, by operation and status.",
			Buckets: []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, 1, 5},
		}, []string{"operation", "status"}),
		commits: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "muster_commit_seconds", Help: "Time that a commit took, by outcome.",
			Buckets: []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, 1, 5},
		}, []string{"outcome"}),
		changes: prometheus.NewCounter(prometheus.CounterOpts{Name: "muster_changes_total", Help: "Changes of agents that were committed."}),
		records: prometheus.NewCounter(prometheus.CounterOpts{Name: "muster_records_total", Help: "Records that were added to the logs."}),
		decays: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "muster_decays_total", Help: "Steps that agents' silence led to, by kind of event.",
		}, []string{"kind"}),
		missed: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "muster_beats_missed_total", Help: "Beats on sockets of sessions that were not answered until the next.",
		}),
		falsely: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "muster_false_available_seconds_total", Help: "Time that agents passed as offerable after their client was last heard, until that was found out: the longest they can have been offered work in vain.",
		}),
	}
	m.streamMetrics = newStreamMetrics(m.registry)
	m.registry.MustRegister(m.requests, m.commits, m.changes, m.records, m.decays, m.missed, m.falsely,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// watch adds what the engine and the stream can be asked for.
func (m *metrics) watch(e *engine.Engine, s *stream.Streams) {
	watchStreams(m.registry, s)
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "muster_sessions_live", Help: "Live sessions.",
	}, func() float64 { return float64(e.Live()) }))
}

// Served implements the observer of the REST edge.
func (m *metrics) Served(operation string, status int, took time.Duration) {
	m.requests.WithLabelValues(operation, strconv.Itoa(status)).Observe(took.Seconds())
}

// Committed implements the engine's observer.
func (m *metrics) Committed(changes, records int, took time.Duration, err error) {
	outcome := "committed"
	if err != nil {
		outcome = "failed"
	}
	m.commits.WithLabelValues(outcome).Observe(took.Seconds())
	if errors.Is(err, store.ErrUnavailable) {
		m.storeFailedAt.Store(time.Now().UnixNano())
	}
	if err == nil {
		m.storeFailedAt.Store(0)
		m.changes.Add(float64(changes))
		m.records.Add(float64(records))
	}
}

// storeFails reports whether the store has just refused a change. It forgets
// after a while: a server that nobody sends changes to because it is not ready
// could not show that it works again.
func (m *metrics) storeFails() bool {
	failed := m.storeFailedAt.Load()
	return failed != 0 && time.Since(time.Unix(0, failed)) < 10*time.Second
}

// Decayed implements the engine's observer.
func (m *metrics) Decayed(kind presence.Kind) { m.decays.WithLabelValues(string(kind)).Inc() }

// BeatMissed implements the engine's observer.
func (m *metrics) BeatMissed() { m.missed.Inc() }

// FalselyAvailable implements the engine's observer.
func (m *metrics) FalselyAvailable(d time.Duration) { m.falsely.Add(d.Seconds()) }

// metricsServer serves the metrics on a listener of their own: they are for
// operators, not for clients.
type metricsServer struct {
	listener net.Listener
	server   *http.Server
}

// listenMetrics returns nil for the address "none".
func listenMetrics(address string, m *metrics, log *slog.Logger) (*metricsServer, error) {
	if address == "none" {
		return nil, nil
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("%w; choose another address with --metrics-listen, or none", err)
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{}))
	return &metricsServer{listener: listener, server: newHTTPServer(mux, log)}, nil
}
