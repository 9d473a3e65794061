package demo

import (
	"context"
	"log/slog"
	"time"
)

// complaintEvery is how often one kind of complaint is written at most.
const complaintEvery = 30 * time.Second

// complaints writes what went wrong into the log without flooding it: when the
// server is away, thousands of requests fail in the same way.
type complaints struct {
	log   *slog.Logger
	kinds map[complaint]*complained
}

// complaint is a kind of failure.
type complaint struct {
	asked string
	what  verdict
}

type complained struct {
	until   time.Time // silent until then
	silence int       // complaints kept back
}

func newComplaints(log *slog.Logger) *complaints {
	return &complaints{log: log, kinds: make(map[complaint]*complained)}
}

func (c *complaints) add(now time.Time, asked string, what verdict, err error) {
	kind := complaint{asked, what}
	seen := c.kinds[kind]
	if seen == nil {
		seen = &complained{}
		c.kinds[kind] = seen
	}
	if now.Before(seen.until) {
		seen.silence++
		return
	}
	c.log.Log(context.Background(), what.level(), "a simulated request did not succeed",
		"request", asked, "outcome", what.String(), "error", err, "silenced", seen.silence)
	seen.until, seen.silence = now.Add(complaintEvery), 0
}

// level is how grave a verdict is: a session ended by a supervisor is part of
// the show, a denial is a mistake in it.
func (v verdict) level() slog.Level {
	switch v {
	case denied, unavailable:
		return slog.LevelWarn
	}
	return slog.LevelInfo
}
