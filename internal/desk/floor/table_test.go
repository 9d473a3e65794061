package floor

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/sdk"
)

// begins is 14:03:12 on a Wednesday.
const begins api.Time = 1764165792000

func after(seconds int) api.Time { return begins + api.Time(seconds*1000) }

func pointer[T any](value T) *T { return &value }

// people are a floor of five.
func people() []*api.FloorRow {
	return []*api.FloorRow{
		{ResourceID: "a1", SessionID: pointer("s1"), Name: "Zoë Adams", State: "ready", StateSince: pointer(after(-30)), Direction: "inbound", Connection: "live", Offerable: true, Groups: []string{"Sales"}},
		{ResourceID: "a2", SessionID: pointer("s2"), Name: "Avery Agent", State: "notready", StateSince: pointer(after(-3700)), Reason: pointer("Lunch"), Direction: "outbound", Connection: "live"},
		{
			ResourceID: "a3", SessionID: pointer("s3"), Name: "Bo Long-Name Whose Bearer Has Three More", State: "ready", StateSince: pointer(after(-100)), Direction: "agent-initiated", Connection: "silent",
			Work: []api.Work{{InteractionID: "i1", Channel: "voice", State: "active"}, {InteractionID: "i2", Channel: "chat", State: "wrapup"}},
		},
		{ResourceID: "a4", Name: "Cleo Away", State: "offline", Connection: "lost", Direction: "inbound"},
		{ResourceID: "a5", SessionID: pointer("s5"), Name: "東京 太郎", State: "notready", StateSince: pointer(after(-5)), Reason: pointer("Short break"), Direction: "inbound", Connection: "live", Pending: &api.Pending{State: "offline"}},
	}
}

func floor() table {
	t := newTable()
	t.take(sdk.FloorUpdate{Reset: true, Rows: people()})
	return t
}

func names(t table) string {
	var ids []string
	for _, row := range t.shown() {
		ids = append(ids, row.ResourceID)
	}
	return strings.Join(ids, " ")
}

func TestTable_IsOrderedByAnyColumn(t *testing.T) {
	t.Parallel()
	for c, want := range map[column]string{
		byName:      "a2 a3 a4 a1 a5",
		byState:     "a3 a1 a2 a5 a4",
		byTime:      "a2 a3 a1 a5 a4",
		byReason:    "a2 a5 a3 a4 a1",
		byDirection: "a3 a1 a5 a2 a4",
		byWork:      "a3 a2 a4 a1 a5",
		byLink:      "a2 a1 a5 a3 a4",
		byOffer:     "a1 a2 a3 a4 a5",
	} {
		f := floor()
		f.order = c
		if got := names(f); got != want {
			t.Errorf("by %s: %s, want %s", columns[c].title, got, want)
		}
	}
	f := floor()
	f.order, f.reversed = byTime, true
	if got, want := names(f), "a4 a5 a1 a3 a2"; got != want {
		t.Errorf("turned round: %s, want %s", got, want)
	}
}

func TestTable_ShowsWhatPassesTheFilter(t *testing.T) {
	t.Parallel()
	for filter, want := range map[string]string{
		"":               "a3 a1 a2 a5 a4",
		"AVERY":          "a2",
		"not ready":      "a2 a5",
		"lunch outbound": "a2",
		"sales":          "a1",
		"voice":          "a3",
		"silent":         "a3",
		"nobody":         "",
	} {
		f := floor()
		f.filter = filter
		if got := names(f); got != want {
			t.Errorf("%q: %s, want %s", filter, got, want)
		}
	}
	f := floor()
	f.present = true
	if got, want := names(f), "a3 a1 a2 a5"; got != want {
		t.Errorf("without who is offline: %s, want %s", got, want)
	}
}

func TestTable_TakesChangesAndBeginnings(t *testing.T) {
	t.Parallel()
	f := floor()
	f.take(sdk.FloorUpdate{Rows: []*api.FloorRow{{ResourceID: "a4", Name: "Cleo Away", State: "ready", Offerable: true}}})
	ready, notReady, offline, offerable := f.counts()
	if diff := cmp.Diff([]int{3, 2, 0, 2}, []int{ready, notReady, offline, offerable}); diff != "" {
		t.Error(diff)
	}
	f.take(sdk.FloorUpdate{Reset: true, Rows: people()[:1]})
	if got := names(f); got != "a1" {
		t.Errorf("of the floor before there is %s", got)
	}
}

func TestWidths_LeaveOutTheLastColumnsWhereThereIsLittleRoom(t *testing.T) {
	t.Parallel()
	for room := range 200 {
		shares := widths(room, people(), begins)
		total := max(0, len(shares)-1)
		for i, share := range shares {
			total += share
			if share < columns[i].least || share > columns[i].most {
				t.Fatalf("%d columns: %s has %d", room, columns[i].title, share)
			}
		}
		if total > room {
			t.Fatalf("%d columns: %d are taken", room, total)
		}
	}
	if n := len(widths(78, people(), begins)); n != len(columns) {
		t.Errorf("a terminal of 80 columns shows %d of them", n)
	}
	if n := len(widths(30, people(), begins)); n != 3 {
		t.Errorf("a terminal of 32 columns shows %d of them", n)
	}
}
