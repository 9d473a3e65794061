package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coder/websocket"
	"golang.org/x/sync/errgroup"

	"github.com/muster-presence/muster/sdk"
)

// BenchmarkSDK_Clients is what an idle client in a session costs its own process: thousands of clients of the SDK in one process,
// whose sockets answer beats, against one server; beside as many bare sockets of the library that the SDK uses, which say hello to the
// same server and answer beats. Clients have an http.Client each, as they do by themselves, or share one.
func BenchmarkSDK_Clients(b *testing.B) {
	floor := newBenchFloor(b, benchAgents(b, 5000))
	for b.Loop() {
		own := clientCosts(b, floor, "sdk", crowdOrder{})
		shared := clientCosts(b, floor, "sdk", crowdOrder{Shared: true})
		bare := clientCosts(b, floor, "sockets", crowdOrder{})
		b.ReportMetric(0, "ns/op")
		b.ReportMetric(own.Memory/1024, "KiB/client")
		b.ReportMetric(shared.Memory/1024, "shared_KiB")
		b.ReportMetric(bare.Memory/1024, "bare_KiB")
		b.ReportMetric(own.Memory/bare.Memory, "x_bare")
		b.ReportMetric(shared.Memory/bare.Memory, "shared_x_bare")
		b.ReportMetric(own.Early/1024, "first_minute_KiB")
		b.ReportMetric(own.Live/1024, "live_KiB")
		b.ReportMetric(bare.Live/1024, "bare_live_KiB")
		b.ReportMetric(own.Goroutines, "goroutines/client")
		b.ReportMetric(bare.Goroutines, "bare_goroutines")
		b.ReportMetric(own.CPU*60, "cpu_s/minute")
		b.ReportMetric(bare.CPU*60, "bare_cpu_s/minute")
	}
}

// crowdOrder says what a process of clients is to be.
type crowdOrder struct {
	Address, Path, Tenant string
	Tokens, Hellos        []string
	Shared                bool // one http.Client for all
}

// crowdCosts are what each client costs: memory in bytes, processor time in seconds a second of all.
type crowdCosts struct {
	Early      float64 // resident, while connections of the first requests are still kept
	Memory     float64 // resident
	Live       float64 // objects and stacks in use
	Goroutines float64
	CPU        float64
	Connected  int
}

func clientCosts(b *testing.B, floor *benchFloor, role string, order crowdOrder) (costs crowdCosts) {
	b.Helper()
	server := startServer(b, floor.folder)
	defer server.end()
	order.Address, order.Path, order.Tenant = server.address, floor.path(), floor.tenant
	if role == "sockets" {
		floor.logIn(b, server.address)
	}
	for _, agent := range floor.agents {
		order.Tokens, order.Hellos = append(order.Tokens, agent.token), append(order.Hellos, floor.hello(agent, ""))
	}
	text, err := json.Marshal(order)
	must(b, err)
	file := filepath.Join(b.TempDir(), "order.json")
	must(b, os.WriteFile(file, text, 0o600))
	clients := startRole(b, role, file)
	defer clients.end()
	report := func() {
		line, err := clients.lines.ReadString('\n')
		must(b, err)
		must(b, json.Unmarshal([]byte(line), &costs))
	}
	report() // they are all there, for long enough
	const window = 30 * time.Second
	before := clients.cpu()
	time.Sleep(window)
	used := clients.cpu() - before
	report()
	costs.CPU = used.Seconds() / window.Seconds()
	if costs.Connected != len(floor.agents) {
		b.Errorf("%d of %d %s are connected in the end", costs.Connected, len(floor.agents), role)
	}
	return costs
}

// keptFor is longer than connections of requests are kept.
const keptFor = 70 * time.Second

// crowdOfClients is a process of clients. It reports what they cost when all have come and a minute later.
func crowdOfClients(role, file string) {
	fmt.Println("http://begun/")
	var order crowdOrder
	text, err := os.ReadFile(file)
	if err == nil {
		err = json.Unmarshal(text, &order)
	}
	if err != nil {
		panic(err)
	}
	var costs crowdCosts
	memory, live, goroutines := takeStock()
	connected := gatherSDK
	if role == "sockets" {
		connected = gatherSockets
	}
	count, err := connected(order)
	if err != nil {
		panic(err)
	}
	n := float64(len(order.Tokens))
	cost := func() {
		memoryNow, liveNow, goroutinesNow := takeStock()
		costs.Memory, costs.Live, costs.Goroutines = (memoryNow-memory)/n, (liveNow-live)/n, (goroutinesNow-goroutines)/n
		costs.Connected = count()
	}
	time.Sleep(settle)
	cost()
	costs.Early = costs.Memory
	time.Sleep(keptFor - settle)
	for range 2 {
		cost()
		line, err := json.Marshal(costs)
		if err != nil {
			panic(err)
		}
		fmt.Println(string(line))
		time.Sleep(35 * time.Second) // the processor time in between is measured from outside
	}
	time.Sleep(time.Hour)
}

// takeStock is what the process needs, when it has given back what it can.
func takeStock() (resident, live, goroutines float64) {
	debug.FreeOSMemory()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		panic(err)
	}
	var size, pages float64
	if _, err := fmt.Sscan(string(text), &size, &pages); err != nil {
		panic(err)
	}
	return pages * float64(os.Getpagesize()), float64(m.HeapAlloc + m.StackInuse), float64(runtime.NumGoroutine())
}

// gatherSDK brings clients of the SDK into their sessions, each with a subscriber, and counts those that are connected.
func gatherSDK(order crowdOrder) (connected func() int, err error) {
	clients := make([]*sdk.Client, len(order.Tokens))
	options := sdk.Options{BaseURL: "http://" + order.Address + "/v1/"}
	if order.Shared {
		options.Client = new(http.Client)
	}
	var group errgroup.Group
	group.SetLimit(32)
	for i, token := range order.Tokens {
		group.Go(func() (err error) {
			if clients[i], err = sdk.New(options); err != nil {
				return err
			}
			if _, err := clients[i].Subscribe(sdk.TopicAll, func(sdk.Event) {}); err != nil {
				return err
			}
			if _, err := clients[i].Authentication.Login(context.Background(), sdk.LoginParams{Token: token}); err != nil {
				return err
			}
			_, err = clients[i].Session.SetActiveTenant(context.Background(), sdk.SetActiveTenantParams{TenantID: order.Tenant})
			return err
		})
	}
	return func() (n int) {
		for _, c := range clients {
			if c.DumpState().Session.Connected {
				n++
			}
		}
		return n
	}, group.Wait()
}

// gatherSockets opens bare sockets that say hello and answer beats, and counts those that are open.
func gatherSockets(order crowdOrder) (connected func() int, err error) {
	var open atomic.Int64
	var group errgroup.Group
	group.SetLimit(32)
	for _, hello := range order.Hellos {
		group.Go(func() error {
			conn, _, err := websocket.Dial(context.Background(), "ws://"+order.Address+order.Path, nil)
			if err != nil {
				return err
			}
			if err := conn.Write(context.Background(), websocket.MessageText, []byte(hello)); err != nil {
				return err
			}
			if _, _, err := conn.Read(context.Background()); err != nil {
				return err
			}
			open.Add(1)
			go func() {
				defer open.Add(-1)
				answerBeats(conn)
			}()
			return nil
		})
	}
	return func() int { return int(open.Load()) }, group.Wait()
}

func answerBeats(conn *websocket.Conn) {
	for {
		_, text, err := conn.Read(context.Background())
		if err != nil || !strings.HasPrefix(string(text), `{"type":"`) {
			return
		}
		if n, ok := beatNumber(text); ok {
			if conn.Write(context.Background(), websocket.MessageText, fmt.Appendf(nil, `{"type":"beat","n":%d}`, n)) != nil {
				return
			}
		}
	}
}
