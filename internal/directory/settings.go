package directory

import (
	"fmt"
	"time"
)

// Settings are the timers and habits of a tenant. Durations are whole
// milliseconds.
type Settings struct {
	// HeartbeatDelay is the time between two heartbeats of a client without a
	// socket. Default 15 s; 0.5 s to 60 s.
	HeartbeatDelay time.Duration `json:"heartbeatDelay"`
	// HeartbeatGrace is how many delays may pass without a heartbeat until the
	// agent is not offerable. Default 1.5; more than 1, at most 10.
	HeartbeatGrace float64 `json:"heartbeatGrace"`
	// BeatDelay is the time between two beats, the server's questions on a socket.
	// Default 4 s; 1 s to 30 s.
	BeatDelay time.Duration `json:"beatDelay"`
	// BeatGrace is how many beat delays may pass without an answer until the agent
	// is not offerable. Default 2.4, which is two beats missed and some time for
	// the answer to the second; more than 1, at most 10.
	BeatGrace float64 `json:"beatGrace"`
	// LostAfter is how long an agent is still taken for live when the last socket
	// of its client has closed: a page that is reloaded is back by then. Default
	// 0.5 s; 0 to 10 s, and no longer than NotReadyAfter.
	LostAfter time.Duration `json:"lostAfter"`
	// NotReadyAfter is the silence after which the system makes the agent not
	// ready with the reason `Connection lost`. Default 60 s; longer than
	// HeartbeatDelay times HeartbeatGrace and BeatDelay times BeatGrace, at most
	// 1 h.
	NotReadyAfter time.Duration `json:"notReadyAfter"`
	// EndAfter is the silence after which the session ends. Default 5 min; longer
	// than NotReadyAfter, at most 24 h.
	EndAfter time.Duration `json:"endAfter"`
	// OfflineWithWork says what becomes of a log-out while work is open. Default
	// [Refuse].
	OfflineWithWork OfflineWithWork `json:"offlineWithWork"`
	// WorkLimit is the number of open interactions at which an agent is busy.
	// Default 1; 1 to 100.
	WorkLimit int `json:"workLimit"`
}

// OfflineWithWork is what becomes of a log-out while work is open.
type OfflineWithWork string

const (
	// Refuse answers that work is open, and nothing changes.
	Refuse OfflineWithWork = "refuse"
	// Wait logs the agent out when the work has ended.
	Wait OfflineWithWork = "wait"
)

// The ranges of the settings.
const (
	MinHeartbeatDelay = 500 * time.Millisecond
	MaxHeartbeatDelay = 60 * time.Second
	MaxHeartbeatGrace = 10
	MinBeatDelay      = time.Second
	MaxBeatDelay      = 30 * time.Second
	MaxBeatGrace      = 10
	MaxLostAfter      = 10 * time.Second
	MaxNotReadyAfter  = time.Hour
	MaxEndAfter       = 24 * time.Hour
	MaxWorkLimit      = 100
)

// DefaultSettings returns the settings of a tenant that chose nothing.
func DefaultSettings() Settings {
	return Settings{
		HeartbeatDelay:  15 * time.Second,
		HeartbeatGrace:  1.5,
		BeatDelay:       4 * time.Second,
		BeatGrace:       2.4,
		LostAfter:       500 * time.Millisecond,
		NotReadyAfter:   60 * time.Second,
		EndAfter:        5 * time.Minute,
		OfflineWithWork: Refuse,
		WorkLimit:       1,
	}
}

// OfferableFor is the silence after which an agent without a socket is not
// offered work any more: the delay times the grace, in whole milliseconds.
func (s Settings) OfferableFor() time.Duration { return times(s.HeartbeatDelay, s.HeartbeatGrace) }

// SilentAfterBeats is the silence after which an agent with a socket is not
// offered work any more: the beats' delay times their grace, in whole
// milliseconds.
func (s Settings) SilentAfterBeats() time.Duration { return times(s.BeatDelay, s.BeatGrace) }

func times(delay time.Duration, grace float64) time.Duration {
	return time.Duration(float64(delay) * grace).Round(time.Microsecond).Truncate(time.Millisecond)
}

// Violation is a rule that a value breaks.
type Violation struct {
	// Field is the attribute's name as in files and on the wire.
	Field string
	// Text says what is wrong and what to do about it.
	Text string
}

// Validate returns what is wrong with the settings, nil if nothing is. First
// every range is checked; the order of the timers only if the ranges hold.
func (s Settings) Validate() []Violation {
	var found []Violation
	check := func(ok bool, field, format string, args ...any) {
		if !ok {
			found = append(found, Violation{Field: field, Text: fmt.Sprintf(format, args...)})
		}
	}
	check(within(s.HeartbeatDelay, MinHeartbeatDelay, MaxHeartbeatDelay), "heartbeatDelay",
		"must be from %s to %s in whole milliseconds", MinHeartbeatDelay, MaxHeartbeatDelay)
	check(s.HeartbeatGrace > 1 && s.HeartbeatGrace <= MaxHeartbeatGrace, "heartbeatGrace",
		"must be more than 1 and at most %d", MaxHeartbeatGrace)
	check(within(s.BeatDelay, MinBeatDelay, MaxBeatDelay), "beatDelay",
		"must be from %s to %s in whole milliseconds", MinBeatDelay, MaxBeatDelay)
	check(s.BeatGrace > 1 && s.BeatGrace <= MaxBeatGrace, "beatGrace",
		"must be more than 1 and at most %d", MaxBeatGrace)
	check(within(s.LostAfter, 0, MaxLostAfter), "lostAfter",
		"must be from 0s to %s in whole milliseconds", MaxLostAfter)
	check(within(s.NotReadyAfter, time.Millisecond, MaxNotReadyAfter), "notReadyAfter",
		"must be more than 0 and at most %s in whole milliseconds", MaxNotReadyAfter)
	check(within(s.EndAfter, time.Millisecond, MaxEndAfter), "endAfter",
		"must be more than 0 and at most %s in whole milliseconds", MaxEndAfter)
	check(s.OfflineWithWork == Refuse || s.OfflineWithWork == Wait, "offlineWithWork",
		"must be %q or %q", Refuse, Wait)
	check(s.WorkLimit >= 1 && s.WorkLimit <= MaxWorkLimit, "workLimit",
		"must be from 1 to %d", MaxWorkLimit)
	if found != nil {
		return found
	}
	check(s.OfferableFor() < s.NotReadyAfter, "notReadyAfter",
		"must be longer than heartbeatDelay times heartbeatGrace, which is %s", s.OfferableFor())
	check(s.SilentAfterBeats() < s.NotReadyAfter, "notReadyAfter",
		"must be longer than beatDelay times beatGrace, which is %s", s.SilentAfterBeats())
	check(s.LostAfter <= s.NotReadyAfter, "lostAfter",
		"must not be longer than notReadyAfter, which is %s", s.NotReadyAfter)
	check(s.NotReadyAfter < s.EndAfter, "endAfter",
		"must be longer than notReadyAfter, which is %s", s.NotReadyAfter)
	return found
}

func within(d, shortest, longest time.Duration) bool {
	return d >= shortest && d <= longest && d%time.Millisecond == 0
}
