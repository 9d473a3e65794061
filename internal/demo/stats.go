package demo

import (
	"fmt"
	"sync"
)

// Stats is how a simulated floor stands, as its own people know it: what others
// change counts as soon as it is pushed.
type Stats struct {
	// Agents is how many there are at all.
	Agents int
	// LoggedIn agents have a session and a browser that runs.
	LoggedIn int
	// Ready agents are those of LoggedIn who are ready, on a call or not.
	Ready int
	// OnCalls agents have an open interaction, wrap-up included.
	OnCalls int
	// BrowsersDown is how many agents' browsers have died and not come back. They
	// are not in LoggedIn.
	BrowsersDown int
	// Changes is how many changes of presence the server has accepted since the
	// beginning: sessions begun and ended, states, directions, and every step of
	// a call.
	Changes uint64
}

// String is the line for people, as in "21 of 24 agents logged in, 15 ready, 9
// on calls, 1 browser down".
func (s Stats) String() string {
	browsers := "browsers"
	if s.BrowsersDown == 1 {
		browsers = "browser"
	}
	return fmt.Sprintf("%d of %d agents logged in, %d ready, %d on calls, %d %s down",
		s.LoggedIn, s.Agents, s.Ready, s.OnCalls, s.BrowsersDown, browsers)
}

// replace takes one agent's look out and puts another in.
func (s *Stats) replace(before, now Stats) {
	s.Agents += now.Agents - before.Agents
	s.LoggedIn += now.LoggedIn - before.LoggedIn
	s.Ready += now.Ready - before.Ready
	s.OnCalls += now.OnCalls - before.OnCalls
	s.BrowsersDown += now.BrowsersDown - before.BrowsersDown
}

// board keeps the statistics of a floor.
type board struct {
	mu    sync.Mutex // guards stats
	stats Stats
}

func (b *board) read() Stats {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.stats
}

func (b *board) changed() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.stats.Changes++
}

func (b *board) replace(before, now Stats) {
	if before == now {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.stats.replace(before, now)
}
