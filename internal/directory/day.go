package directory

import (
	"time"

	"github.com/muster-presence/muster/internal/presence"
)

// StartOfDay returns the first instant of the tenant's day that holds the given
// one. That is midnight, but for days on which the clocks skip midnight or show it
// twice.
func (t *Tenant) StartOfDay(at presence.Instant) presence.Instant {
	zone, err := time.LoadLocation(t.Timezone)
	if err != nil {
		zone = time.UTC // provisioning checks zones; a zone unknown to this build is not worth a failure
	}
	year, month, day := at.Time().In(zone).Date()
	midnight := time.Date(year, month, day, 0, 0, 0, 0, zone)
	if midnight.Day() != day {
		// The clocks skip midnight, and [time.Date] chose an hour before it: the
		// day begins when they change.
		_, midnight = midnight.ZoneBounds()
	}
	return presence.InstantOf(firstMidnight(midnight))
}

// firstMidnight is the earlier one of two midnights, where the clocks went back
// from after midnight and [time.Date] chose the later one.
func firstMidnight(midnight time.Time) time.Time {
	changed, _ := midnight.ZoneBounds()
	if changed.IsZero() {
		return midnight
	}
	_, before := changed.Add(-time.Second).Zone()
	_, after := midnight.Zone()
	first := midnight.Add(time.Duration(after-before) * time.Second)
	if first.Before(changed) && first.Day() == midnight.Day() {
		return first
	}
	return midnight
}
