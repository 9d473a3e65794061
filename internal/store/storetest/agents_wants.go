package storetest

import (
	"testing"

	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

func receipt(n int) store.Receipt {
	return store.Receipt{Key: [16]byte{byte(n), 15: 1}, Body: [16]byte{byte(n), 15: 2}, At: nine + presence.Instant(n), Seq: store.Seq(n)}
}

func wantAgent(t testing.TB, s store.Agents, key presence.Key, want presence.Agent) {
	t.Helper()
	wantSame(t, "agent", want, get[store.Stored](t)(s.Agent(t.Context(), key)).Agent)
}

func wantReceipts(t testing.TB, s store.Agents, key presence.Key, want ...store.Receipt) {
	t.Helper()
	wantSame(t, "receipts", want, get[store.Stored](t)(s.Agent(t.Context(), key)).Receipts)
}

func wantLive(t testing.TB, s store.Agents, r *Recorder, keys ...presence.Key) {
	t.Helper()
	want := make(map[presence.Key]presence.Agent)
	for _, key := range keys {
		want[key] = r.Agent(key)
	}
	got := make(map[presence.Key]presence.Agent)
	for _, stored := range get[[]store.Stored](t)(s.Live(t.Context())) {
		if _, twice := got[stored.Key]; twice {
			t.Errorf("agent %s is listed twice", stored.Key.Agent)
		}
		got[stored.Key] = stored.Agent
	}
	wantSame(t, "live agents", want, got)
}

func wantHead(t testing.TB, s store.Log, tenant presence.TenantID, want store.Seq) {
	t.Helper()
	if got := get[store.Position](t)(s.Head(t.Context(), tenant)).Seq; got != want {
		t.Fatalf("the log's head is %d, want %d", got, want)
	}
}
