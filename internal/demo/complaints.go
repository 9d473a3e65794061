package demo

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// complaintEvery is how often one kind of complaint is written at most.
const complaintEvery = 30 * time.Second

// complaints writes what went wrong into the log without flooding it: when the
// server is away, thousands of requests fail in the same way.
type complaints struct {
	log *slog.Logger

	mu    sync.Mutex // guards kinds
	kinds map[complaint]*complained
}

// complaint is a kind of failure: of a request, or what the SDK says.
type complaint struct{ what, outcome string }

type complained struct {
	until   time.Time // silent until then
	silence int       // complaints kept back
}

func newComplaints(log *slog.Logger) *complaints {
	return &complaints{log: log, kinds: make(map[complaint]*complained)}
}

func (c *complaints) add(now time.Time, asked string, what verdict, err error) {
	if silenced, ok := c.due(now, complaint{asked, what.String()}); ok {
		c.log.Log(context.Background(), what.level(), "a simulated request did not succeed",
			"request", asked, "outcome", what.String(), "error", err, "silenced", silenced)
	}
}

// due tells whether a complaint is to be written, and how many of its kind were
// kept back before.
func (c *complaints) due(now time.Time, kind complaint) (silenced int, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	seen := c.kinds[kind]
	if seen == nil {
		seen = &complained{}
		c.kinds[kind] = seen
	}
	if now.Before(seen.until) {
		seen.silence++
		return 0, false
	}
	silenced = seen.silence
	seen.until, seen.silence = now.Add(complaintEvery), 0
	return silenced, true
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

// sdkLog is the log of all the SDK's clients, which say the same by the thousand
// when the server is away.
func (c *complaints) sdkLog() *slog.Logger { return slog.New(sdkHandler{c.log.Handler(), c}) }

type sdkHandler struct {
	slog.Handler
	complaints *complaints
}

// Handle implements [slog.Handler].
func (h sdkHandler) Handle(ctx context.Context, r slog.Record) error {
	silenced, ok := h.complaints.due(time.Now(), complaint{r.Message, r.Level.String()})
	if !ok {
		return nil
	}
	r = r.Clone()
	r.AddAttrs(slog.Int("silenced", silenced))
	return h.Handler.Handle(ctx, r)
}

// WithAttrs implements [slog.Handler].
func (h sdkHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return sdkHandler{h.Handler.WithAttrs(attrs), h.complaints}
}

// WithGroup implements [slog.Handler].
func (h sdkHandler) WithGroup(name string) slog.Handler {
	return sdkHandler{h.Handler.WithGroup(name), h.complaints}
}
