package sdk

import (
	"testing"

	"github.com/muster-presence/muster/api"
)

func TestSessionID_TellsWhenTheSessionBegan(t *testing.T) {
	t.Parallel()
	// RFC 9562, appendix A.1: 2022-02-22T19:22:22Z.
	const example = "C232AB00-9414-11EC-B3C8-9F6BDECED846"
	if at := sessionStart(example); at.String() != "2022-02-22T19:22:22.000Z" {
		t.Errorf("it began at %s", at)
	}
	for _, id := range []string{"", "nonsense", "0197a3c2-7e10-7c3a-9d51-3b8f5e2a4c11", "c232ab00-9414-41ec-b3c8-9f6bdeced846", "c232ab00_9414-11ec-b3c8-9f6bdeced846"} {
		if at := sessionStart(id); at != api.Time(0) {
			t.Errorf("%q began at %s", id, at)
		}
	}
}

func TestSessionID_OrdersSessionsByTimeNotByText(t *testing.T) {
	t.Parallel()
	rising := []string{ // the low bits stand first
		"ffffffff-0000-11f1-8a5c-7d9e3f60a2b4",
		"00000000-0001-11f1-8a5c-7d9e3f60a2b4",
		"00000001-0001-11f1-0000-000000000000",
		"00000000-0000-11f2-8a5c-7d9e3f60a2b4",
		"00000000-0000-1ff2-8a5c-7d9e3f60a2b4",
	}
	for i, a := range rising {
		for j, b := range rising {
			if isOlderSession(a, b) != (i < j) {
				t.Errorf("%s is older than %s: %t", a, b, i >= j)
			}
		}
	}
	for _, other := range []string{"", "nonsense", "0197a3c2-7e10-7c3a-9d51-3b8f5e2a4c11"} {
		if isOlderSession(other, rising[0]) || isOlderSession(rising[0], other) {
			t.Errorf("%q has an age", other)
		}
	}
}
