package engine

import "sync"

// nudges are the agents whose deadline may have become earlier: a socket was
// opened or closed. Deadlines belong to the worker, so it is told. Each agent is
// among them at most once, so there are never more than agents.
type nudges struct {
	wake chan struct{} // one place: a wake-up that nobody has taken yet says it all

	mu      sync.Mutex // guards waiting, and the nudged of residents; taken last
	waiting []*resident
}

func newNudges() nudges { return nudges{wake: make(chan struct{}, 1)} }

func (n *nudges) add(r *resident) {
	n.mu.Lock()
	if !r.nudged {
		r.nudged = true
		n.waiting = append(n.waiting, r)
	}
	n.mu.Unlock()
	select {
	case n.wake <- struct{}{}:
	default:
	}
}

func (n *nudges) take() []*resident {
	n.mu.Lock()
	defer n.mu.Unlock()
	taken := n.waiting
	n.waiting = nil
	for _, r := range taken {
		r.nudged = false
	}
	return taken
}
