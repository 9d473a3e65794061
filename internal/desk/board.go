package desk

import (
	"errors"
	"slices"
	"sync"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/sdk"
)

const (
	recentEvents   = 50
	mostWaiting    = 256 // events of a watcher
	endSessionGone = "session_gone"
	endStopped     = "stopped"
)

// board is what the holder knows, and who is told of it.
type board struct {
	mu       sync.Mutex // guards all below
	agent    Agent
	config   api.Config
	recent   []Event // what people want to know
	ending   *Ending // of the session, nil while it lives
	watchers map[chan Told]struct{}
	closed   bool
}

func newBoard() *board { return &board{watchers: make(map[chan Told]struct{})} }

// identify takes who the agent is, and where.
func (b *board) identify(change func(*Agent)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	change(&b.agent)
}

// status is what is, at the server's time.
func (b *board) status(desk string, now api.Time) Status {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.statusLocked(desk, now)
}

func (b *board) statusLocked(desk string, now api.Time) Status {
	if b.ending != nil {
		return Status{Desk: desk, Ended: b.ending}
	}
	agent := b.agent
	agent.Work = slices.Clone(agent.Work)
	if agent.Work == nil {
		agent.Work = []api.Work{}
	}
	agent.Now = now
	return Status{LoggedIn: true, Desk: desk, Agent: &agent}
}

// configuration is the agent's extensions and reasons.
func (b *board) configuration() api.Config {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.config
}

// take takes an event in and tells the watchers. It returns how the session ended, nil while it lives.
func (b *board) take(desk string, e sdk.Event, now api.Time) *Ending {
	event := Event{At: now, Topic: e.Topic, Error: e.Err, Response: marshalled(e.Response)}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.apply(e, now)
	if Say(event) != "" {
		b.recent = append(b.recent, event)
		b.recent = b.recent[max(0, len(b.recent)-recentEvents):]
	}
	told := Told{Event: event, Status: b.statusLocked(desk, now)}
	for watcher := range b.watchers {
		select {
		case watcher <- told:
		default: // too slow: cut off rather than shown a part
			close(watcher)
			delete(b.watchers, watcher)
		}
	}
	return b.ending
}

// apply changes what is known by what was published.
func (b *board) apply(e sdk.Event, now api.Time) {
	a := &b.agent
	if e.Err != nil {
		if errors.Is(e.Err, sdk.CodeSessionGone) {
			b.end(now, endSessionGone, sayEndCode(endCodeOf(e.Err)))
		}
		return
	}
	switch r := e.Response.(type) {
	case api.Session:
		b.start(r, now)
	case sdk.StateChange:
		a.State, a.StateSince, a.Cause, a.SupervisorName, a.Pending = r.State, r.StateSince, r.Cause, r.SupervisorName, r.Pending
		a.Reason, a.ReasonID, a.ReasonListID = r.Reason, r.ReasonID, r.ReasonListID
		a.Direction, a.AvailableStates = r.Direction, r.AvailableStates
	case sdk.DirectionChange:
		a.Direction, a.AvailableStates = r.Direction, r.AvailableStates
	case api.WorkChangeMessage:
		a.Work = withWork(a.Work, r)
	case sdk.Connection:
		a.Connected, a.ConnectionSince = r.Connected, r.Since
	case api.Config:
		b.config, a.Extension = r, r.ActiveExtension
	case sdk.UserConfig:
		b.config, a.Extension = r.Result, r.Result.ActiveExtension
	case sdk.Ended:
		text := sayEndCode(r.EndCode)
		if r.SupervisorName != "" {
			text = r.SupervisorName + " ended the session"
		}
		b.end(now, string(r.EndCode), text)
	}
}

func (b *board) start(s api.Session, now api.Time) {
	a := &b.agent
	if s.SessionID != nil {
		a.SessionID = *s.SessionID
	}
	a.StartedAt, a.Connected, a.ConnectionSince, a.Work = s.StartedAt, true, now, nil
	a.State, a.StateSince, a.Cause, a.SupervisorName, a.Pending = s.State, s.StateSince, s.Cause, s.SupervisorName, s.Pending
	a.Reason, a.ReasonID, a.ReasonListID = s.Reason, s.ReasonID, s.ReasonListID
	a.Direction, a.AvailableStates = s.Direction, s.AvailableStates
}

func (b *board) end(now api.Time, code, text string) {
	if b.ending == nil {
		b.ending = &Ending{At: now, Username: b.agent.Username, Code: code, Text: text}
	}
}

// endCodeOf tells what ended a session that nobody ended: the server answers 409 where a newer one lives.
func endCodeOf(err *sdk.Error) api.EndCode {
	if r := err.Data.APIResponse; r != nil && r.Status == 409 {
		return api.EndCodeSuperseded
	}
	return api.EndCodeLeaseExpired
}

// withWork is the work after a change of it, oldest first.
func withWork(work []api.Work, m api.WorkChangeMessage) []api.Work {
	work = slices.DeleteFunc(slices.Clone(work), func(w api.Work) bool { return w.InteractionID == m.InteractionID })
	if m.State == api.WorkChangeStateEnded {
		return work
	}
	work = append(work, api.Work{InteractionID: m.InteractionID, Channel: m.Channel, Direction: m.Direction, State: api.WorkState(m.State), Since: m.Since})
	slices.SortStableFunc(work, func(a, b api.Work) int { return int(a.Since - b.Since) })
	return work
}

// watch begins to tell a watcher what happens after what the opening holds. The channel is closed when the board is, or when the
// watcher is too slow.
func (b *board) watch(desk string, now api.Time) (Opening, chan Told) {
	b.mu.Lock()
	defer b.mu.Unlock()
	events := make(chan Told, mostWaiting)
	if b.closed {
		close(events)
	} else {
		b.watchers[events] = struct{}{}
	}
	return Opening{Status: b.statusLocked(desk, now), Config: b.config, Recent: slices.Clone(b.recent)}, events
}

// unwatch ends what watch began.
func (b *board) unwatch(events chan Told) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.watchers, events)
}

// close lets the watchers go, after what waits for them.
func (b *board) close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = true
	for watcher := range b.watchers {
		close(watcher)
		delete(b.watchers, watcher)
	}
}
