// Package bustest is the suite that every bus must pass. Typical use, in the
// bus's own test:
//
//	func TestBus(t *testing.T) { bustest.Run(t, func(t *testing.T) bus.Bus { return … }) }
package bustest

import (
	"sync"
	"testing"
	"time"

	"github.com/muster-presence/muster/internal/bus"
	"github.com/muster-presence/muster/internal/presence"
)

// patience is how long an announcement may take before a test gives up; a bus
// that works needs a tiny part of it.
const patience = 10 * time.Second

// Run runs the suite; open returns a bus of the test's own.
func Run(t *testing.T, open func(t *testing.T) bus.Bus) {
	announcement := bus.Announcement{Tenant: presence.TenantID{UUID: presence.UUID{1}}, Seq: 7}

	t.Run("every subscriber hears an announcement", func(t *testing.T) {
		t.Parallel()
		b := open(t)
		var heard []<-chan bus.Announcement
		for range 3 {
			c, cancel := subscribe(b)
			defer cancel()
			heard = append(heard, c)
		}
		b.Announce(announcement)
		for _, c := range heard {
			if got := receive(t, c); got != announcement {
				t.Errorf("heard %v, want %v", got, announcement)
			}
		}
	})

	t.Run("a cancelled subscriber hears nothing more", func(t *testing.T) {
		t.Parallel()
		b := open(t)
		gone, cancelGone := subscribe(b)
		stays, cancel := subscribe(b)
		defer cancel()
		cancelGone()
		b.Announce(announcement)
		receive(t, stays)
		select {
		case got := <-gone:
			t.Errorf("heard %v after cancel", got)
		default:
		}
	})

	t.Run("announcing, subscribing and cancelling at once is safe", func(t *testing.T) {
		t.Parallel()
		b := open(t)
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				for range 100 {
					_, cancel := subscribe(b)
					b.Announce(announcement)
					cancel()
				}
			})
		}
		wg.Wait()
	})
}

func subscribe(b bus.Bus) (<-chan bus.Announcement, func()) {
	c := make(chan bus.Announcement, 1)
	return c, b.Subscribe(func(a bus.Announcement) {
		select {
		case c <- a:
		default:
		}
	})
}

func receive(t *testing.T, c <-chan bus.Announcement) bus.Announcement {
	t.Helper()
	select {
	case a := <-c:
		return a
	case <-time.After(patience):
		t.Fatal("no announcement came")
		return bus.Announcement{}
	}
}
