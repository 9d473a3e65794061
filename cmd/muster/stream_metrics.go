package main

import (
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/muster-presence/muster/internal/stream"
)

// streamMetrics count what the stream and its edge report.
type streamMetrics struct {
	connections *prometheus.GaugeVec
	closed      *prometheus.CounterVec
	refused     *prometheus.CounterVec
	lag         prometheus.Histogram
	overflowed  prometheus.Counter
}

func newStreamMetrics(registry *prometheus.Registry) *streamMetrics {
	m := &streamMetrics{
		connections: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "muster_stream_connections", Help: "Connections that follow a view, by transport and view.",
		}, []string{"transport", "view"}),
		closed: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "muster_stream_closed_total", Help: "Connections of the stream that ended, by transport, view and close code; 1005 and 1006 are the client's leaving.",
		}, []string{"transport", "view", "code"}),
		refused: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "muster_stream_refused_total", Help: "Connections of the stream that were refused before they followed a view, by reason.",
		}, []string{"reason"}),
		lag: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "muster_stream_lag_seconds", Help: "Time from a change to the queues of those who see it.",
			Buckets: []float64{.001, .002, .005, .01, .02, .05, .1, .25, 1, 5},
		}),
		overflowed: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "muster_stream_overflowed_total", Help: "Connections that were closed because too much waited for their client.",
		}),
	}
	registry.MustRegister(m.connections, m.closed, m.refused, m.lag, m.overflowed)
	return m
}

// watchStreams adds what the stream can be asked for.
func watchStreams(registry *prometheus.Registry, s *stream.Streams) {
	gauge := func(name, help string, value func() float64) {
		registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, value))
	}
	gauge("muster_stream_queued_bytes", "Bytes that wait for clients in all queues, as encoded; what several wait for counts for each.", func() float64 { return float64(s.Queued()) })
	gauge("muster_stream_queued_items", "Events, snapshots, marks and beats that wait for clients in all queues; what several wait for counts for each.", func() float64 { return float64(s.QueuedItems()) })
	gauge("muster_stream_queue_fullest_ratio", "How full the fullest of all queues is; beyond 1 its client is closed as slow.", s.Fullest)
}

// Lag implements the stream's observer.
func (m *streamMetrics) Lag(d time.Duration) { m.lag.Observe(d.Seconds()) }

// Overflowed implements the stream's observer.
func (m *streamMetrics) Overflowed() { m.overflowed.Inc() }

// Opened implements the observer of the stream's edge.
func (m *streamMetrics) Opened(transport, view string) {
	m.connections.WithLabelValues(transport, view).Inc()
}

// Closed implements the observer of the stream's edge.
func (m *streamMetrics) Closed(transport, view string, code int) {
	m.connections.WithLabelValues(transport, view).Dec()
	m.closed.WithLabelValues(transport, view, strconv.Itoa(code)).Inc()
}

// Refused implements the observer of the stream's edge.
func (m *streamMetrics) Refused(reason string) { m.refused.WithLabelValues(reason).Inc() }
