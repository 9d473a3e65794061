package directory_test

import (
	"testing"
	"time"
	_ "time/tzdata" // the zones' rules are the same on every machine

	"github.com/muster-presence/muster/internal/directory"
	"github.com/muster-presence/muster/internal/presence"
)

func TestStartOfDay_IsTheDaysFirstInstantInTheTenantsZone(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ zone, at, want string }{
		{"UTC", "2026-03-29T00:00:00Z", "2026-03-29T00:00:00Z"},
		{"UTC", "2026-03-29T23:59:59.999Z", "2026-03-29T00:00:00Z"},

		{"Europe/Berlin", "2026-03-28T22:59:59.999Z", "2026-03-27T23:00:00Z"},
		{"Europe/Berlin", "2026-03-28T23:00:00Z", "2026-03-28T23:00:00Z"},
		{"Europe/Berlin", "2026-03-29T12:00:00Z", "2026-03-28T23:00:00Z"}, // a day of 23 hours
		{"Europe/Berlin", "2026-03-29T22:00:00Z", "2026-03-29T22:00:00Z"},
		{"Europe/Berlin", "2026-10-25T22:59:59Z", "2026-10-24T22:00:00Z"}, // a day of 25 hours
		{"Europe/Berlin", "2026-10-25T23:00:00Z", "2026-10-25T23:00:00Z"},

		{"America/New_York", "2026-03-08T12:00:00Z", "2026-03-08T05:00:00Z"},
		{"America/New_York", "2026-03-09T03:59:59Z", "2026-03-08T05:00:00Z"},
		{"America/New_York", "2026-03-09T04:00:00Z", "2026-03-09T04:00:00Z"},
		{"America/New_York", "2026-11-02T04:59:59Z", "2026-11-01T04:00:00Z"},

		// On 24 April 2026 the clocks of Cairo go from 00:00 to 01:00, on 29
		// October from 24:00 to 23:00.
		{"Africa/Cairo", "2026-04-23T21:59:59.999Z", "2026-04-22T22:00:00Z"},
		{"Africa/Cairo", "2026-04-23T22:00:00Z", "2026-04-23T22:00:00Z"},
		{"Africa/Cairo", "2026-04-24T12:00:00Z", "2026-04-23T22:00:00Z"},
		{"Africa/Cairo", "2026-04-24T21:00:00Z", "2026-04-24T21:00:00Z"},
		{"Africa/Cairo", "2026-10-29T21:30:00Z", "2026-10-28T21:00:00Z"},
		{"Africa/Cairo", "2026-10-29T22:00:00Z", "2026-10-29T22:00:00Z"},

		// On 29 March 2026 those of Beirut go from 00:00 to 01:00, on 24 October
		// from 24:00 to 23:00.
		{"Asia/Beirut", "2026-03-28T21:59:59.999Z", "2026-03-27T22:00:00Z"},
		{"Asia/Beirut", "2026-03-28T22:00:00Z", "2026-03-28T22:00:00Z"},
		{"Asia/Beirut", "2026-03-29T12:00:00Z", "2026-03-28T22:00:00Z"},
		{"Asia/Beirut", "2026-10-24T21:30:00Z", "2026-10-23T21:00:00Z"},
		{"Asia/Beirut", "2026-10-25T12:00:00Z", "2026-10-24T22:00:00Z"},

		// Apia had no 30 December 2011.
		{"Pacific/Apia", "2011-12-30T09:59:59.999Z", "2011-12-29T10:00:00Z"},
		{"Pacific/Apia", "2011-12-30T10:00:00Z", "2011-12-30T10:00:00Z"},
		{"Pacific/Apia", "2011-12-31T09:59:59Z", "2011-12-30T10:00:00Z"},
		{"Pacific/Apia", "2011-12-31T10:00:00Z", "2011-12-31T10:00:00Z"},

		// In Havana and Amman the clocks go, or went, from 01:00 back to 00:00.
		{"America/Havana", "2026-11-01T05:30:00Z", "2026-11-01T04:00:00Z"},
		{"Asia/Amman", "2021-10-28T21:30:00Z", "2021-10-28T21:00:00Z"},
		{"Asia/Amman", "2021-10-29T12:00:00Z", "2021-10-28T21:00:00Z"},

		{"No/Where", "2026-03-29T12:00:00Z", "2026-03-29T00:00:00Z"},
	} {
		tenant := directory.Tenant{Timezone: c.zone}
		if got := tenant.StartOfDay(instant(t, c.at)); got != instant(t, c.want) {
			t.Errorf("%s at %s: the day began at %s, want %s", c.zone, c.at, got, c.want)
		}
	}
}

func instant(t *testing.T, text string) presence.Instant {
	t.Helper()
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return presence.InstantOf(at)
}
