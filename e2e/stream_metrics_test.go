package e2e

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"
	"time"

	"github.com/muster-presence/muster/api"
)

// prompt is a tenant's choice that notices silence after little more than two seconds.
const prompt = `
tenants:
  - key: demo
    settings: {beatDelay: 1s}
`

// metric is the value of a line of the metrics, 0 where there is none.
func (s *server) metric(name string) float64 {
	s.t.Helper()
	response, err := http.Get(s.metrics)
	must(s.t, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	must(s.t, err)
	found := regexp.MustCompile(`(?m)^` + regexp.QuoteMeta(name) + ` (\S+)$`).FindSubmatch(text)
	if found == nil {
		return 0
	}
	value, err := strconv.ParseFloat(string(found[1]), 64)
	must(s.t, err)
	return value
}

// wantMetric expects that a value comes to be within bounds.
func (s *server) wantMetric(name string, least, most float64) {
	s.t.Helper()
	var value float64
	defer func() {
		if s.t.Failed() {
			s.t.Logf("%s is %v", name, value)
		}
	}()
	eventually(s.t, 3*time.Second, fmt.Sprintf("%s is %v to %v", name, least, most), func() bool {
		value = s.metric(name)
		return value >= least && value <= most
	})
}

func TestMetrics_TellOfConnectionsMissedBeatsAndHowLongAgentsWereOfferedInVain(t *testing.T) {
	t.Parallel()
	data := provisioned(t)
	file := filepath.Join(t.TempDir(), "prompt.yaml")
	must(t, os.WriteFile(file, []byte(prompt), 0o600))
	if _, err := muster(t, "", "apply", "--data", data, file); err != nil {
		t.Fatal("the settings could not be applied")
	}
	s := startServerWithMetrics(t, data)
	const missed, vain = "muster_beats_missed_total", "muster_false_available_seconds_total"
	agent, socket := seatedAgent(t, s, "agent@demo.example")
	watcher := openEvents(t, logIn(t, s, "router@demo.example", "Demo"), api.ViewFloor)
	socket.await("a beat", 10*time.Second, func(f tapped) bool { return f.Type == api.FrameTypeBeat })
	s.wantMetric(`muster_stream_connections{transport="socket",view="self"}`, 1, 1)
	s.wantMetric(`muster_stream_connections{transport="sse",view="floor"}`, 1, 1)
	s.wantMetric("muster_stream_lag_seconds_count", 1, 100)
	s.wantMetric("muster_stream_queued_bytes", 0, 0)
	s.wantMetric("muster_stream_queued_items", 0, 0)
	s.wantMetric("muster_stream_queue_fullest_ratio", 0, 0)
	s.wantMetric("muster_stream_overflowed_total", 0, 0)
	if lag, count := s.metric("muster_stream_lag_seconds_sum"), s.metric("muster_stream_lag_seconds_count"); lag < 0 || lag > count {
		t.Errorf("%v events lag %vs", count, lag)
	}
	if n, seconds := s.metric(missed), s.metric(vain); n != 0 || seconds != 0 {
		t.Errorf("before anything happens %v beats are missed, %vs in vain", n, seconds)
	}

	// Silent while ready: 2.4 s pass until that is found out.
	heard := socket.hush(true)
	rowOf := func(connection api.Connection) (at time.Time) {
		eventually(t, 10*time.Second, string(connection), func() bool {
			rows, came := watcher.rowsOf(agent)
			if len(rows) == 0 || rows[len(rows)-1].Connection != connection {
				return false
			}
			at = came[len(came)-1]
			return true
		})
		return at
	}
	// Notice and count are no more than a moment apart.
	silence := rowOf(api.ConnectionSilent).Sub(heard).Seconds()
	s.wantMetric(missed, 1, 20)
	s.wantMetric(vain, 2.3, silence+0.2)

	socket.hush(false)
	rowOf(api.ConnectionLive)
	before := s.metric(vain)
	must(t, socket.conn.CloseNow())
	rowOf(api.ConnectionLost)
	s.wantMetric(vain, before+0.49, before+3)
	s.wantMetric(`muster_stream_connections{transport="socket",view="self"}`, 0, 0)
	s.wantMetric(`muster_stream_closed_total{code="1006",transport="socket",view="self"}`, 1, 1)

	// Whoever is not offered work is offered none in vain.
	_, err := ask[api.PresenceState](agent, "POST", agent.presence(), api.SetStateRequest{State: api.StateNotReady})
	must(t, err)
	settled := s.metric(vain)
	again := openSocket(t, agent, api.ViewSelf, *presenceOf(t, agent).SessionID)
	rowOf(api.ConnectionLive)
	must(t, again.conn.CloseNow())
	rowOf(api.ConnectionLost)
	s.wantMetric(vain, settled, settled)

	request, err := http.NewRequest(http.MethodGet, agent.base+"tenants/"+agent.tenant+"/stream?view=floor", nil)
	must(t, err)
	request.Header.Set("Accept", "text/event-stream")
	request.Header.Set("Authorization", "Token "+agent.token)
	response, err := agent.http.Do(request)
	must(t, err)
	must(t, response.Body.Close())
	s.wantMetric(`muster_stream_refused_total{reason="forbidden"}`, 1, 1)
	watcher.cut()
	s.wantMetric(`muster_stream_closed_total{code="1006",transport="sse",view="floor"}`, 1, 1)
}
