package storetest

import (
	"encoding/json"
	"time"

	"pgregory.net/rapid"

	"github.com/muster-presence/muster/internal/presence"
)

// Step is something that happens in an agent's life: a command at a time. The
// command may depend on what the agent is then.
type Step struct {
	Now     presence.Instant
	Command func(presence.Agent) presence.Command
}

// limits are the silences of the lives that are drawn.
var limits = presence.Limits{Silent: 10 * time.Second, NotReady: time.Minute, End: 5 * time.Minute}

// DrawLife draws at most longest steps of an agent's life: requests of its own
// and of a supervisor, work, silence, restarts of the server, and a clock that
// mostly goes on and sometimes stands still, jumps or goes back.
func DrawLife(r *rapid.T, self presence.AgentID, longest int) []Step {
	life := make([]Step, rapid.IntRange(0, longest).Draw(r, "steps"))
	now := nine
	for i := range life {
		now += drawPassing(r)
		life[i] = Step{Now: now, Command: drawCommand(r, self, now)}
	}
	return life
}

// drawPassing draws how far the clock goes between two steps.
func drawPassing(r *rapid.T) presence.Instant {
	return rapid.OneOf(
		rapid.Just(presence.Instant(0)),
		rapid.Custom(func(r *rapid.T) presence.Instant {
			return presence.Instant(rapid.Int64Range(1, 90_000).Draw(r, "ms"))
		}),
		rapid.Custom(func(r *rapid.T) presence.Instant {
			return presence.Instant(rapid.Int64Range(-400_000, 4_000_000).Draw(r, "ms"))
		}),
	).Draw(r, "passing")
}

func drawCommand(r *rapid.T, self presence.AgentID, now presence.Instant) func(presence.Agent) presence.Command {
	actor := rapid.SampledFrom([]presence.Actor{
		{Cause: presence.ByAgent, ID: self, Name: "Self"}, bySue, presence.System(),
	}).Draw(r, "by")
	own := presence.Actor{Cause: presence.ByAgent, ID: self, Name: "Self"}
	interaction := presence.InteractionID{UUID: presence.UUID{0xa0, 15: rapid.ByteRange(1, 2).Draw(r, "interaction")}}
	heard := now - presence.Instant(rapid.Int64Range(-1000, 100_000).Draw(r, "heard ago"))
	always := func(c presence.Command) func(presence.Agent) presence.Command {
		return func(presence.Agent) presence.Command { return c }
	}
	switch rapid.IntRange(0, 13).Draw(r, "command") {
	case 0, 1:
		return always(presence.StartSession{
			By:        own,
			Silent:    rapid.IntRange(0, 3).Draw(r, "silent") == 0,
			Metadata:  rapid.SampledFrom([]json.RawMessage{nil, json.RawMessage(`{"desk":4}`)}).Draw(r, "metadata"),
			WorkLimit: rapid.IntRange(1, 2).Draw(r, "work limit"),
			Random:    [8]byte(rapid.SliceOfN(rapid.Byte(), 8, 8).Draw(r, "random")),
		})
	case 2, 3:
		return always(presence.GoReady{By: actor, HasExtension: true})
	case 4, 5:
		return always(presence.GoNotReady{By: actor, Reason: drawReason(r)})
	case 6:
		return always(presence.SetDirection{By: actor, Direction: rapid.SampledFrom(presence.Directions()).Draw(r, "direction")})
	case 7:
		return always(presence.GoOffline{By: actor, Force: rapid.Bool().Draw(r, "force"), Wait: true})
	case 8:
		return always(presence.ReportWork{By: presence.System(), Work: presence.Work{
			Interaction: interaction, Channel: "voice", Direction: presence.Inbound,
			State: rapid.SampledFrom(presence.WorkStates()).Draw(r, "work state"),
		}})
	case 9:
		return always(presence.EndWork{By: presence.System(), Interaction: interaction})
	case 10:
		return always(presence.Hear{})
	case 11:
		return always(presence.TakeLease{HeardAt: heard})
	case 12:
		return always(presence.StartMonitoring{By: own, Interaction: interaction})
	}
	silence := rapid.SampledFrom([]time.Duration{limits.Silent, limits.NotReady, limits.End}).Draw(r, "silence")
	return func(a presence.Agent) presence.Command {
		return presence.Elapse{Fence: a.Fence, Silence: silence, HeardAt: heard, Limits: limits}
	}
}

func drawReason(r *rapid.T) presence.Reason {
	return rapid.SampledFrom([]presence.Reason{
		{},
		presence.LoggedIn(),
		{Name: "Lunch", ID: presence.ReasonID{UUID: presence.UUID{0x55, 15: 1}}, List: breaksList},
		{Name: "Lunch", ID: presence.ReasonID{UUID: presence.UUID{0x55, 15: 2}}, List: workList},
	}).Draw(r, "reason")
}
