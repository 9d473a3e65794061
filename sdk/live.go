package sdk

import (
	"context"
	"encoding/json"
	"net/http"
	"sync"
	"time"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/sdk/internal/follow"
)

const (
	// lossGrace is how long a connection may be lost before that is published: most reconnects are quicker.
	lossGrace = time.Second
	// resumeTime is how long a stream that was there may then take to resume: as long as it ever pauses. After that the answers tell
	// what it does not.
	resumeTime = 30 * time.Second
	// firstHeartbeatDelay holds until the server has said its own.
	firstHeartbeatDelay = 15 * time.Second
	// mostHeld is how many messages wait for the answer to a request. When there are more, a snapshot takes their place.
	mostHeld = 1024
)

// liveSession is the user's session while it lives, with the one stream and the one loop of heartbeats that it has. Its fields
// below core are guarded by core's mutex, but for those that never change.
type liveSession struct {
	core     *core
	tenant   string
	user     string
	id       string
	silent   bool
	began    api.Session // as it was answered
	follower *follow.Follower
	keeper   *keeper
	life     context.Context
	end      context.CancelFunc
	// settled is closed when the first state has been published, which is at the latest when the connection is lost.
	settled chan struct{}
	settle  func()

	judge   judge
	over    bool // nothing of it is published any more
	holding int  // requests under way
	held    []held

	socket  bool        // a socket is open and welcomed
	placed  bool        // the stream has told something, and can resume from there
	stopped bool        // the stream will not come back
	lost    bool        // its loss was published
	away    bool        // and nothing is to be expected of it soon
	grace   *time.Timer // to the one, and then to the other
}

// held is something of the stream that waits for the answer to a request, or what a heartbeat says: the request may be what ended
// the session.
type held struct {
	message json.RawMessage
	row     *api.SelfRow // of a snapshot, in the place of a message
	gone    *APIResponse // to a heartbeat, in the place of a message
	answer  *ownAnswer   // to a request while the stream is away, in the place of a message
	missed  bool         // the stream is away, and what answers told is all that there is
}

// newLiveSession makes a session of what the server answered. It runs nothing yet.
func (c *core) newLiveSession(began api.Session) *liveSession {
	life, end := context.WithCancel(c.life)
	s := &liveSession{
		core: c, tenant: began.TenantID, user: began.ResourceID, id: *began.SessionID, silent: began.SilentMonitoring, began: began,
		life: life, end: end, settled: make(chan struct{}), judge: newJudge(began.ResourceID, stateOf(began)),
	}
	s.settle = sync.OnceFunc(func() { close(s.settled) })
	s.keeper = newKeeper(s)
	s.follower = follow.New(follow.Options{
		Base: c.base, HTTP: c.options.Client, Tenant: s.tenant, View: api.ViewSelf, Session: s.id, Name: c.options.Name,
		Tokens: c.credentials, Receiver: s, Log: c.log, Transport: c.options.Transport,
	})
	return s
}

// run starts the stream and the heartbeats. They end with the session, or with the client.
func (s *liveSession) run() {
	s.core.begin(s.stream)
	s.core.begin(func() { s.keeper.run(s.life) })
}

func (s *liveSession) stream() {
	if err := s.follower.Run(s.life); err != nil {
		s.core.log.Error("the stream has stopped and the session goes on by heartbeats", "error", err)
		s.giveUp()
	}
}

// hold makes what the stream tells wait until the answer to a request is known. Each call needs one of release.
func (s *liveSession) hold() {
	s.core.mu.Lock()
	defer s.core.mu.Unlock()
	s.holding++
}

// release judges what was held, when no request is under way any more.
func (s *liveSession) release() {
	s.core.mu.Lock()
	defer s.core.mu.Unlock()
	s.holding--
	if s.holding > 0 {
		return
	}
	s.flush()
}

// flush judges what is held.
func (s *liveSession) flush() {
	waiting := s.held
	s.held = nil
	for _, h := range waiting {
		s.consider(h)
	}
}

// take judges what the stream tells, now or when no request is under way.
func (s *liveSession) take(h held) {
	s.core.mu.Lock()
	defer s.core.mu.Unlock()
	s.accept(h)
}

// accept is take for whoever holds core's mutex.
func (s *liveSession) accept(h held) {
	switch {
	case s.holding == 0:
		s.consider(h)
	case len(s.held) < mostHeld:
		s.held = append(s.held, h)
	default:
		s.held, s.placed = nil, false
		s.follower.Restart()
	}
}

// consider publishes what a message or a snapshot means.
func (s *liveSession) consider(h held) {
	if s.over {
		return
	}
	if h.gone != nil {
		s.gone(h.gone)
		return
	}
	var findings []finding
	switch {
	case h.row != nil:
		findings = s.judge.snapshot(*h.row)
	case h.answer != nil || h.missed:
		findings = s.alone(h)
	default:
		findings = s.judge.message(h.message)
	}
	for _, f := range findings {
		switch {
		case f.end != nil:
			s.ended(*f.end)
		case f.gone != 0:
			s.gone(goneResponse(f.gone))
		case f.topic == TopicMonitoringStarted, f.topic == TopicMonitoringEnded:
			s.core.monitored = s.judge.monitored
			s.core.publish(f.topic, f.response)
		case f.doubt:
			s.keeper.suspect()
		case f.err != nil:
			s.core.publishError(f.topic, f.err)
		default:
			s.core.publish(f.topic, f.response)
		}
	}
	if s.judge.shown != nil {
		s.settle()
	}
}

// ended publishes the end of the session, once, and stops everything that ran for it.
func (s *liveSession) ended(how Ended) {
	if s.stop() {
		s.core.publish(TopicEnded, how)
	}
}

// gone publishes that the session is gone without a log-out, once, and stops everything that ran for it.
func (s *liveSession) gone(answer *APIResponse) {
	if s.stop() {
		s.core.publishError(TopicHeartbeat, newError(CodeSessionGone, ErrorData{APIResponse: answer}))
	}
}

// goneResponse is the answer that a request would have got from a server that does not know the session any more.
func goneResponse(status int) *APIResponse {
	code := api.CodeSessionEnded
	if status == http.StatusConflict {
		code = api.CodeSessionSuperseded
	}
	return &APIResponse{Status: status, Body: ResponseBody{StatusText: http.StatusText(status), Failure: string(code), Response: json.RawMessage("null")}}
}

// stop makes the session over and tells whether it was not. Its goroutines end by themselves: one of them may be calling.
func (s *liveSession) stop() bool {
	if s.over {
		return false
	}
	s.over = true
	s.held = nil
	if s.grace != nil {
		s.grace.Stop()
	}
	s.end()
	s.settle()
	if s.core.session == s {
		s.core.session, s.core.last = nil, sessionName{user: s.user, tenant: s.tenant, id: s.id}
		s.core.memory.put(ResumePoint{})
	}
	return true
}

// judgeFailure ends the session when the server says to a request that a newer one lives.
func (s *liveSession) judgeFailure(err error) {
	if failureCode(err) == api.CodeSessionSuperseded {
		s.core.mu.Lock()
		defer s.core.mu.Unlock()
		s.gone(apiResponseOf(err))
	}
}

// Welcomed is told by the stream that it is connected.
func (s *liveSession) Welcomed(_ time.Duration, server api.Time, sent, received time.Time, socket bool) {
	s.core.clock.sample(server, sent, received)
	s.core.mu.Lock()
	defer s.core.mu.Unlock()
	s.socket = socket
	if s.grace != nil {
		s.grace.Stop()
		s.grace = nil
	}
	s.away = false
	if s.lost && !s.over {
		s.lost = false
		s.core.publish(TopicConnection, Connection{Connected: true, Since: api.TimeOf(s.core.clock.now())})
	}
	if !socket {
		s.keeper.suspect() // events come, but nothing in them speaks for the client
	}
}

// Snapshot is told by the stream what is.
func (s *liveSession) Snapshot(rows []json.RawMessage) {
	s.core.mu.Lock()
	s.placed = true
	s.core.mu.Unlock()
	for _, text := range rows {
		var row api.SelfRow
		if err := json.Unmarshal(text, &row); err != nil {
			s.Unreadable(text, err)
			continue
		}
		s.take(held{row: &row})
	}
}

// Event is told by the stream what happened.
func (s *liveSession) Event(message json.RawMessage) { s.take(held{message: message}) }

// Unreadable is told by the stream what it passes over.
func (s *liveSession) Unreadable(text []byte, _ error) {
	s.core.mu.Lock()
	defer s.core.mu.Unlock()
	if f := unknownMessage(text); !s.over {
		s.core.publishError(f.topic, f.err)
	}
}

// Disconnected is told by the stream that it is not connected.
func (s *liveSession) Disconnected(reason error) {
	s.core.log.Info("the stream is not connected", "reason", reason)
	s.core.options.Client.CloseIdleConnections() // which went the same way
	s.core.mu.Lock()
	defer s.core.mu.Unlock()
	s.socket = false
	if s.over || s.lost || s.grace != nil {
		return
	}
	since := api.TimeOf(s.core.clock.now())
	s.grace = time.AfterFunc(lossGrace, func() { s.miss(since) })
	s.keeper.probeAfter(2 * lossGrace)
}

// live tells whether beats over a socket are what keeps the session alive now.
func (s *liveSession) live() bool {
	s.core.mu.Lock()
	defer s.core.mu.Unlock()
	return s.socket
}
