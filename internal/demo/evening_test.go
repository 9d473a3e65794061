package demo

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"
)

// evening is a floor that a test watches while it runs in a house.
type evening struct {
	house  *house
	agents int
	rate   float64 // changes a second
	seed   uint64
	length time.Duration
	// during runs beside the floor.
	during func(b *board)
}

// run returns the floor's board and log at the end. It must be in a bubble.
func (e evening) run() (Stats, string) {
	var log bytes.Buffer
	ctx, cancel := context.WithTimeout(context.Background(), e.length)
	defer cancel()
	f := &floor{
		seed: e.seed, desk: e.house, board: &board{},
		complaints: newComplaints(slog.New(slog.NewTextHandler(&log, nil))),
	}
	o := Options{Agents: e.agents, ChangesPerSecond: e.rate}
	done := make(chan struct{})
	go func() {
		defer close(done)
		f.open(ctx, e.agents, o.pace())
	}()
	if e.during != nil {
		e.during(f.board)
	}
	<-done
	return f.board.read(), log.String()
}

// noWrong fails for what nobody may do.
func (h *house) noWrong(t *testing.T) {
	t.Helper()
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, wrong := range h.wrong[:min(len(h.wrong), 5)] {
		t.Error(wrong)
	}
	if h.mostAtOnce > workers {
		t.Errorf("%d requests at once", h.mostAtOnce)
	}
}

func (h *house) set(trouble func(who, what string) error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.trouble = trouble
}

// count is how often something was asked whose name begins so; "" counts all.
func (h *house) count(prefix string) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	sum := 0
	for what, times := range h.asked {
		if strings.HasPrefix(what, prefix) {
			sum += times
		}
	}
	return sum
}
