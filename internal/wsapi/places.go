package wsapi

import (
	"context"
	"net"
	"net/netip"
	"slices"
	"sync"
	"time"

	"github.com/muster-presence/muster/internal/presence"
)

const (
	// strangers is how many sockets an address may have whose clients have not
	// said who they are.
	strangers = 64
	// waitingRoom bounds how many requests wait for such a place, in the process.
	waitingRoom = 4096
	// placeTime is how long one waits.
	placeTime = 5 * time.Second
	// userConnections is how many sockets and streams a user may have together.
	userConnections = 32
)

// addressOf is where a connection counts: its address, or its network of 64 bits,
// all of which one machine can use. What cannot be read is one address.
func addressOf(remote string) netip.Prefix {
	host, _, _ := net.SplitHostPort(remote) // what is no address is none below
	address, err := netip.ParseAddr(host)
	if err != nil {
		return netip.Prefix{}
	}
	address = address.Unmap().WithZone("")
	bits := address.BitLen()
	if address.Is6() {
		bits = 64
	}
	prefix, _ := address.Prefix(bits) // the length fits
	return prefix
}

// addressPlaces are the places of sockets whose clients have not said who they
// are. Whoever finds none free waits in turn.
type addressPlaces struct {
	mu      sync.Mutex // guards the fields below
	of      map[netip.Prefix]*addressPlace
	waiting int
}

type addressPlace struct {
	taken int
	queue []chan struct{} // closed when a place is handed over
}

// enter takes a place, after waiting if it must, and reports whether it has one.
func (p *addressPlaces) enter(ctx context.Context, address netip.Prefix) bool {
	turn, ok := p.take(address)
	if turn == nil {
		return ok
	}
	timer := time.NewTimer(placeTime)
	defer timer.Stop()
	select {
	case <-turn:
		return true
	case <-timer.C:
	case <-ctx.Done():
	}
	return p.giveUp(address, turn)
}

// take takes a place that is free, or a turn in the queue.
func (p *addressPlaces) take(address netip.Prefix) (turn chan struct{}, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	place := p.of[address]
	if place == nil {
		if p.of == nil {
			p.of = make(map[netip.Prefix]*addressPlace)
		}
		place = new(addressPlace)
		p.of[address] = place
	}
	switch {
	case place.taken < strangers:
		place.taken++
		return nil, true
	case p.waiting >= waitingRoom:
		return nil, false
	}
	p.waiting++
	turn = make(chan struct{})
	place.queue = append(place.queue, turn)
	return turn, false
}

// giveUp leaves the queue, and reports whether the turn has come all the same.
func (p *addressPlaces) giveUp(address netip.Prefix, turn chan struct{}) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	select {
	case <-turn:
		return true
	default:
	}
	place := p.of[address]
	i := slices.Index(place.queue, turn)
	place.queue = slices.Delete(place.queue, i, i+1)
	p.waiting--
	return false
}

// leave hands the place to whoever is next.
func (p *addressPlaces) leave(address netip.Prefix) {
	p.mu.Lock()
	defer p.mu.Unlock()
	place := p.of[address]
	if len(place.queue) > 0 {
		close(place.queue[0])
		place.queue = slices.Delete(place.queue, 0, 1)
		p.waiting--
		return
	}
	if place.taken--; place.taken == 0 {
		delete(p.of, address)
	}
}

// userPlaces count connections by user.
type userPlaces struct {
	mu sync.Mutex // guards of
	of map[presence.AgentID]int
}

// enter takes a place and reports whether there was one.
func (p *userPlaces) enter(user presence.AgentID) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.of == nil {
		p.of = make(map[presence.AgentID]int)
	}
	if p.of[user] >= userConnections {
		return false
	}
	p.of[user]++
	return true
}

func (p *userPlaces) leave(user presence.AgentID) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.of[user]--; p.of[user] == 0 {
		delete(p.of, user)
	}
}
