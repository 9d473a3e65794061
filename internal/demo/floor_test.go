package demo

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os"
	"testing"
	"testing/synctest"
	"time"
)

// run opens a floor in the house for so long, and returns its board. during, if
// not nil, runs beside it.
func run(h *house, agents int, changesPerSecond float64, seed uint64, length time.Duration, during func(b *board)) (*board, string) {
	var log bytes.Buffer
	ctx, cancel := context.WithTimeout(context.Background(), length)
	defer cancel()
	f := &floor{
		seed: seed, desk: h, board: &board{},
		complaints: newComplaints(slog.New(slog.NewTextHandler(&log, nil))),
	}
	o := Options{Agents: agents, ChangesPerSecond: changesPerSecond}
	done := make(chan struct{})
	go func() {
		defer close(done)
		f.open(ctx, agents, o.pace())
	}()
	if during != nil {
		during(f.board)
	}
	<-done
	return f.board, log.String()
}

func TestCalibrate(t *testing.T) {
	if os.Getenv("CALIBRATE") == "" {
		t.Skip()
	}
	for _, c := range []struct {
		n int
		r float64
		s uint64
		l time.Duration
	}{{24, 2, 1, time.Hour}, {24, 2, 2, time.Hour}, {24, 2, 3, time.Hour}, {200, 20, 1, 30 * time.Minute}, {24, .18, 1, 12 * time.Hour}, {24, 20, 1, 20 * time.Minute}, {1, .1, 1, time.Hour}, {1000, 20, 1, 30 * time.Minute}} {
		start := time.Now()
		synctest.Test(t, func(t *testing.T) {
			h := newHouse()
			b, log := run(h, c.n, c.r, c.s, c.l, func(b *board) {
				var in, ready, calls, down float64
				k := 0.0
				time.Sleep(c.l / 10)
				before := b.read().Changes
				for i := 0; i < 90; i++ {
					time.Sleep(c.l / 100)
					s := b.read()
					in += float64(s.LoggedIn)
					ready += float64(s.Ready)
					calls += float64(s.OnCalls)
					down += float64(s.BrowsersDown)
					k++
				}
				n := float64(c.n) * k
				fmt.Printf("n=%d r=%g seed=%d: got %.3f/s in %.2f ready %.2f oncalls %.2f down %.3f\n", c.n, c.r, c.s, float64(b.read().Changes-before)/(c.l.Seconds()*.9), in/n, ready/n, calls/n, down/n)
			})
			fmt.Println(b.read(), h.asked, h.wrong[:min(len(h.wrong), 5)], h.mostAtOnce, h.turnedAway)
			fmt.Println(log)
		})
		fmt.Println(time.Since(start))
	}
}
