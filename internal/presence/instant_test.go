package presence

import (
	"testing"
	"time"
)

func TestInstantIsCutToMillisecondsAndShownInUTC(t *testing.T) {
	t.Parallel()
	berlin := time.FixedZone("", 3600)
	at := InstantOf(time.Date(2026, time.March, 2, 10, 0, 0, 1_999_999, berlin))
	if got, want := at.String(), "2026-03-02T09:00:00.001Z"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if InstantOf(at.Time()) != at {
		t.Errorf("%s is not what it was after going to time.Time and back", at)
	}
	if later := at.Add(1500 * time.Microsecond); later.Sub(at) != time.Millisecond {
		t.Errorf("1.5 ms later is %s later", later.Sub(at))
	}
}
