package demo

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/muster-presence/muster/api"
)

// What a server does by default, as its tenants' settings say.
const (
	houseDelay      = 15 * time.Second
	houseOfferable  = houseDelay * 3 / 2
	houseLease      = 5 * time.Minute
	houseLatency    = 4 * time.Millisecond
	housePassword   = 25 * time.Millisecond
	housePasswords  = 2
	houseWaitingRow = 16
)

// house is a server in memory that is a [desk]: as much of one as a floor needs,
// and one that looks at who asks. It keeps the clock's time.
type house struct {
	mu     sync.Mutex // guards all fields below
	agents map[string]*resident
	// trouble answers every request instead of the house, where it is not nil
	// and has an answer.
	trouble func(who, what string) error

	// password is how long it takes to check one.
	password time.Duration

	tokens      int
	passwords   int // being checked or waiting
	turnedAway  int // for too many passwords
	underWay    int
	mostAtOnce  int
	asked       map[string]int // by what was asked
	wrong       []string       // what nobody may do
	workHistory map[string][]string
}

// resident is an agent as the house knows one.
type resident struct {
	name      string
	token     string
	underWay  bool
	session   string
	sessions  int
	state     api.State
	reason    string
	since     time.Time
	direction api.Direction
	heard     time.Time
	gaps      []time.Duration // between heartbeats that were longer than asked for
	work      []api.Work
	did       []string
}

func newHouse() *house {
	return &house{password: housePassword, agents: make(map[string]*resident), asked: make(map[string]int), workHistory: make(map[string][]string)}
}

// enter begins a request and answers the house's trouble, if it has any.
func (h *house) enter(who, what string) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.asked[what]++
	h.underWay++
	h.mostAtOnce = max(h.mostAtOnce, h.underWay)
	if agent := h.agent(who); who != routerName {
		if agent.underWay {
			h.wrong = append(h.wrong, who+" asks twice at once")
		}
		agent.underWay = true
	}
	if h.trouble != nil {
		return h.trouble(who, what)
	}
	return nil
}

func (h *house) leave(who string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.underWay--
	h.agent(who).underWay = false
}

// serve answers a request: after the latency, and once its session, if it names
// one, is found to live.
func (h *house) serve(as badge, what, session string, answer func(agent *resident) error) error {
	defer h.leave(as.user)
	if err := h.enter(as.user, what); err != nil {
		time.Sleep(houseLatency)
		return err
	}
	time.Sleep(houseLatency)
	h.mu.Lock()
	defer h.mu.Unlock()
	agent := h.agent(as.user)
	if as.token != agent.token {
		return &refusal{status: http.StatusUnauthorized, code: api.CodeTokenRevoked}
	}
	h.expire(agent)
	switch {
	case session == "":
	case agent.session == "":
		return &refusal{status: http.StatusNotFound, code: api.CodeSessionEnded}
	case agent.session != session:
		return &refusal{status: http.StatusConflict, code: api.CodeSessionSuperseded}
	}
	agent.did = append(agent.did, what)
	return answer(agent)
}

func (h *house) agent(who string) *resident {
	if h.agents[who] == nil {
		h.agents[who] = &resident{name: who}
	}
	return h.agents[who]
}

func (h *house) expire(agent *resident) {
	if agent.session != "" && time.Since(agent.heard) >= houseLease {
		agent.session, agent.work = "", nil
	}
}

func (h *house) logIn(_ context.Context, username string) (badge, error) {
	defer h.leave(username)
	if err := h.enter(username, "log in"); err != nil {
		return badge{}, err
	}
	if !h.checkPassword() {
		return badge{}, &refusal{status: http.StatusServiceUnavailable, code: api.CodeUnavailable, retryAfter: time.Second}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.tokens++
	agent := h.agent(username)
	agent.token = fmt.Sprint("token ", h.tokens)
	agent.did = append(agent.did, "log in")
	return badge{token: agent.token, user: username, tenant: "demo", choices: choicesIn(houseLists())}, nil
}

func (h *house) logInRouter(ctx context.Context, username string) (badge, error) {
	return h.logIn(ctx, username)
}

// checkPassword takes what a password takes, two at a time.
func (h *house) checkPassword() bool {
	h.mu.Lock()
	ahead := h.passwords
	if ahead >= housePasswords+houseWaitingRow {
		h.turnedAway++
		h.mu.Unlock()
		return false
	}
	h.passwords++
	h.mu.Unlock()
	time.Sleep(time.Duration(1+ahead/housePasswords) * h.password)
	h.mu.Lock()
	h.passwords--
	h.mu.Unlock()
	return true
}

func (h *house) startSession(_ context.Context, as badge, _ string) (session string, err error) {
	err = h.serve(as, "start a session", "", func(agent *resident) error {
		agent.sessions++
		agent.session = fmt.Sprintf("%s/%d", as.user, agent.sessions)
		agent.state, agent.reason, agent.since = api.StateNotReady, "Logged in", time.Now()
		agent.direction, agent.heard = api.DirectionInbound, time.Now()
		session = agent.session
		return nil
	})
	return session, err
}

func (h *house) heartbeat(_ context.Context, as badge, session string) (time.Duration, error) {
	return houseDelay, h.serve(as, "heartbeat", session, func(agent *resident) error {
		if gap := time.Since(agent.heard); gap > houseDelay+time.Second {
			agent.gaps = append(agent.gaps, gap)
		}
		agent.heard = time.Now()
		return nil
	})
}

func (h *house) setState(_ context.Context, as badge, change api.SetStateRequest, key string) error {
	what := "go " + string(change.State)
	if change.Reason != nil {
		what += " " + *change.Reason
	}
	return h.serve(as, what, *change.SessionID, func(agent *resident) error {
		if key == "" {
			h.wrong = append(h.wrong, as.user+" changes state without a key")
		}
		agent.heard = time.Now()
		if change.State == api.StateOffline {
			if len(agent.work) > 0 && !*change.ForceLogout {
				return &refusal{status: http.StatusConflict, code: api.CodeWorkOpen}
			}
			agent.session, agent.work = "", nil
			return nil
		}
		if agent.state == change.State {
			h.wrong = append(h.wrong, fmt.Sprintf("%s goes %s being so", as.user, change.State))
		}
		agent.state, agent.since, agent.reason = change.State, time.Now(), ""
		return nil
	})
}

func (h *house) setDirection(_ context.Context, as badge, change api.SetDirectionRequest, _ string) error {
	return h.serve(as, "take "+string(change.Direction), *change.SessionID, func(agent *resident) error {
		agent.direction, agent.heard = change.Direction, time.Now()
		return nil
	})
}

func (h *house) floor(_ context.Context, as badge, page floorPage) (found api.FloorPage, err error) {
	err = h.serve(as, "look at the floor", "", func(*resident) error {
		for _, agent := range h.agents {
			if h.expire(agent); agent.name == routerName || agent.name <= page.cursor {
				continue
			}
			offerable := agent.session != "" && agent.state == api.StateReady && len(agent.work) == 0 &&
				time.Since(agent.heard) < houseOfferable
			if page.offerable && !offerable {
				continue
			}
			found.Rows = append(found.Rows, api.FloorRow{
				ResourceID: agent.name, StateSince: new(api.TimeOf(agent.since)), Direction: agent.direction,
				Offerable: offerable, Work: slices.Clone(agent.work),
			})
		}
		slices.SortFunc(found.Rows, func(a, b api.FloorRow) int { return strings.Compare(a.ResourceID, b.ResourceID) })
		if len(found.Rows) > page.limit {
			found.Rows = found.Rows[:page.limit]
			found.Cursor = new(found.Rows[page.limit-1].ResourceID)
		}
		return nil
	})
	return found, err
}

func (h *house) reportWork(_ context.Context, as badge, agent, interaction string, report api.WorkReport) error {
	return h.work(as, agent, interaction, string(report.State), func(a *resident, place int) {
		if report.State == api.WorkStateOffered && (len(a.work) > 0 || a.state != api.StateReady) {
			// A race that real routers lose too, but hardly ever.
			h.asked["offers to agents who are not free"]++
		}
		work := api.Work{InteractionID: interaction, Channel: report.Channel, Direction: report.Direction, State: report.State}
		if place < 0 {
			a.work = append(a.work, work)
			return
		}
		a.work[place] = work
	})
}

func (h *house) endWork(_ context.Context, as badge, agent, interaction string) error {
	return h.work(as, agent, interaction, "ended", func(a *resident, place int) {
		if place >= 0 {
			a.work = slices.Delete(a.work, place, place+1)
		}
	})
}

func (h *house) work(as badge, agent, interaction, state string, change func(a *resident, place int)) error {
	return h.serve(as, "work "+state, "", func(*resident) error {
		a := h.agent(agent)
		h.expire(a)
		if a.session == "" {
			return &refusal{status: http.StatusNotFound, code: api.CodeNoSession}
		}
		h.workHistory[interaction] = append(h.workHistory[interaction], state)
		change(a, slices.IndexFunc(a.work, func(w api.Work) bool { return w.InteractionID == interaction }))
		return nil
	})
}

func houseLists() []api.ReasonList {
	reason := func(id, name string, hierarchy ...string) api.Reason {
		return api.Reason{ReasonID: id, Name: name, Active: true, Hierarchy: hierarchy}
	}
	return []api.ReasonList{
		{ID: "s", Name: systemList, Active: true, Reasons: []api.Reason{reason("0", "Logged in"), reason("1", "Connection lost")}},
		{ID: "b", Name: "Breaks", Active: true, Reasons: []api.Reason{
			reason("2", "Lunch", "Meals"), reason("3", "Coffee", "Short"), reason("4", "Fresh air", "Short"),
		}},
		{ID: "w", Name: "Work", Active: true, Reasons: []api.Reason{reason("5", "Training"), reason("6", "Back office")}},
	}
}

// outage is what a server does that is not there.
var errOutage = errors.New("connection refused")
