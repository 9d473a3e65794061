package httpapi

import (
	"time"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/wire"
)

const defaultStep = 15 * time.Minute

func listIntervals(c *call) (any, error) {
	from, to, err := c.window()
	if err != nil {
		return nil, err
	}
	found, err := c.server.History.Day(c.ctx(), c.key(), from, to)
	if err != nil {
		return nil, err
	}
	now := c.server.Engine.Now()
	result := api.Intervals{
		ResourceID: c.targetID.String(),
		From:       api.Time(from),
		To:         api.Time(to),
		Intervals:  make([]api.Interval, len(found)),
		Timestamp:  api.Time(now),
	}
	for i, interval := range found {
		result.Intervals[i] = wire.Interval(interval, now)
	}
	return result, nil
}

func countStates(c *call) (any, error) {
	from, to, err := c.window()
	if err != nil {
		return nil, err
	}
	step, err := intQuery(c, "step", 1000, int64(31*24*time.Hour/time.Millisecond), defaultStep.Milliseconds())
	if err != nil {
		return nil, err
	}
	points, err := c.server.History.Counts(c.ctx(), c.tenant.ID, from, to, time.Duration(step)*time.Millisecond)
	if err != nil {
		return nil, err
	}
	// Nobody knows yet who will be there later. The window is cut only now, so
	// that it is checked as it was asked for.
	now := c.server.Engine.Now()
	to = max(from, min(to, now+1))
	result := api.Counts{From: api.Time(from), To: api.Time(to), StepMS: step, Points: []api.CountPoint{}}
	for _, point := range points {
		if point.At <= now {
			result.Points = append(result.Points, api.CountPoint{At: api.Time(point.At), Ready: point.Ready, NotReady: point.NotReady, Unknown: point.Unknown})
		}
	}
	return result, nil
}

// window reads from and to: without them, the present day of the tenant so far.
func (c *call) window() (from, to presence.Instant, err error) {
	begin, given, err := timeQuery(c, "from")
	if err != nil {
		return 0, 0, err
	}
	if from = presence.Instant(begin); !given {
		from = c.tenant.StartOfDay(c.server.Engine.Now())
	}
	end, given, err := timeQuery(c, "to")
	if err != nil {
		return 0, 0, err
	}
	if to = presence.Instant(end); given {
		return from, to, nil
	}
	if to = c.server.Engine.Now(); to == from {
		to++ // the day, or the time asked for, begins just now
	}
	return from, to, nil
}
