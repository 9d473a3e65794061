package wire

import (
	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

// Interval is an interval of history; an open one is measured until now.
func Interval(i store.Interval, now presence.Instant) api.Interval {
	wire := api.Interval{
		SessionID: i.Session.String(),
		State:     api.IntervalState(i.State),
		Direction: api.Direction(i.Direction),
		Cause:     api.Cause(i.Cause),
		From:      api.Time(i.From),
	}
	wire.Reason, wire.ReasonID, wire.ReasonListID = reason(i.Reason)
	end := max(now, i.From)
	if i.To != 0 {
		end = i.To
		wire.To = moment(i.To)
	}
	wire.DurationMS = end.Sub(i.From).Milliseconds()
	return wire
}
