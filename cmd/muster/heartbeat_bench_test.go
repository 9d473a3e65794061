package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/textproto"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/examples"
	"github.com/muster-presence/muster/internal/auth"
	"github.com/muster-presence/muster/internal/engine"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/provision"
)

const heartbeatClients = 16

// BenchmarkHeartbeat compares the whole server answering heartbeats (request 12
// of the contract: token, rights, lease) with two handlers of net/http: one that
// reads the JSON body and writes a JSON answer and does nothing else, which is
// the limit for any such server, and one that answers a constant text without
// reading. All get the same bytes from the same clients over loopback, in turns.
func BenchmarkHeartbeat(b *testing.B) {
	node := openBenchNode(b)
	heartbeat := heartbeatRequest(b, node)
	empty := serve(b, emptyHandler)
	constant := serve(b, constantHandler)
	for b.Loop() {
		var ours, limit, bare rate
		for range benchRounds {
			ours = ours.with(requestsPerSecond(b, node.address(), heartbeat))
			limit = limit.with(requestsPerSecond(b, empty, heartbeat))
			bare = bare.with(requestsPerSecond(b, constant, heartbeat))
		}
		b.ReportMetric(0, "ns/op")
		b.ReportMetric(ours.median(), "heartbeats/s")
		b.ReportMetric(limit.median(), "empty_handler/s")
		b.ReportMetric(bare.median(), "constant_handler/s")
		b.ReportMetric(100*ours.over(limit).median(), "%_of_empty")
		b.ReportMetric(100*ours.over(bare).median(), "%_of_constant")
	}
}

// openBenchNode runs a whole server on the example's data.
func openBenchNode(b *testing.B) *node {
	b.Helper()
	flags := serverFlags{Listen: "127.0.0.1:0", MetricsListen: "none"}
	n, err := openNode(b.Context(), b.TempDir(), flags, slog.New(slog.DiscardHandler))
	must(b, err)
	_, err = provision.Apply(b.Context(), n.directory, n.passwords, []provision.File{{Name: "demo.yaml", Content: examples.Demo()}}, provision.Options{})
	must(b, err)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- n.run(ctx) }()
	b.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			b.Error(err)
		}
		must(b, n.close())
	})
	return n
}

// heartbeatRequest starts a session and returns the bytes of its heartbeat.
func heartbeatRequest(b *testing.B, n *node) []byte {
	b.Helper()
	user, err := n.directory.UserByName(b.Context(), "agent@demo.example")
	must(b, err)
	tokens, err := auth.OpenTokens(b.Context(), n.database, n.directory, time.Now)
	must(b, err)
	token, _, err := tokens.Issue(user, 0)
	must(b, err)
	key := presence.Key{Tenant: user.Memberships[0].Tenant, Agent: user.ID}
	answer, err := n.engine.Do(b.Context(), engine.Request{Key: key, Command: presence.StartSession{By: benchActor(key), Random: engine.NewSessionRandom()}})
	must(b, err)
	body := fmt.Sprintf(`{"sessionId":%q}`, answer.Agent.Session.ID)
	return fmt.Appendf(nil, "POST /v1/tenants/%s/presence/%s/heartbeat HTTP/1.1\r\nHost: muster\r\nAuthorization: Token %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
		key.Tenant, key.Agent, token, len(body), body)
}

// emptyHandler is JSON in, JSON out, and nothing between.
func emptyHandler(w http.ResponseWriter, r *http.Request) {
	var request api.HeartbeatRequest
	if err := json.NewDecoder(r.Body).Decode(&request); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(api.Result[api.HeartbeatResponse]{Result: api.HeartbeatResponse{HeartbeatDelay: 15, Timestamp: api.TimeOf(time.Now())}})
}

// constantHandler does not even read.
func constantHandler(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, `{"result":{"heartbeatDelay":15,"timestamp":"2026-03-01T08:00:00.000Z"}}`)
}

// serve serves a handler and returns its address.
func serve(b *testing.B, handle http.HandlerFunc) string {
	b.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(b, err)
	server := newHTTPServer(handle, slog.New(slog.DiscardHandler))
	go func() { _ = server.Serve(listener) }() // ends with Close
	b.Cleanup(func() { must(b, server.Close()) })
	return listener.Addr().String()
}

// requestsPerSecond lets the clients send a request again and again.
func requestsPerSecond(b *testing.B, address string, request []byte) float64 {
	b.Helper()
	var answered atomic.Int64
	began := time.Now()
	var clients sync.WaitGroup
	for range heartbeatClients {
		clients.Go(func() {
			connection, err := net.Dial("tcp", address)
			if err != nil {
				b.Error(err)
				return
			}
			defer connection.Close()
			reader := bufio.NewReader(connection)
			for time.Since(began) < benchTime {
				if err := roundTrip(connection, reader, request); err != nil {
					b.Error(err)
					return
				}
				answered.Add(1)
			}
		})
	}
	clients.Wait()
	return float64(answered.Load()) / time.Since(began).Seconds()
}

// roundTrip is as little of a client as there can be, so that the figure is the
// server's.
func roundTrip(w io.Writer, r *bufio.Reader, request []byte) error {
	if _, err := w.Write(request); err != nil {
		return err
	}
	lines := textproto.NewReader(r)
	status, err := lines.ReadLine()
	if err != nil {
		return err
	}
	if status != "HTTP/1.1 200 OK" {
		return fmt.Errorf("answered %s", status)
	}
	length := 0
	for {
		line, err := lines.ReadLine()
		if err != nil {
			return err
		}
		if line == "" {
			break
		}
		if value, ok := strings.CutPrefix(line, "Content-Length: "); ok {
			if length, err = strconv.Atoi(value); err != nil {
				return err
			}
		}
	}
	_, err = r.Discard(length)
	return err
}
