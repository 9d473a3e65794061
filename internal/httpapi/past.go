package httpapi

import (
	"slices"

	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

const (
	// longestChain is how many changes an explanation has at most.
	longestChain = 100
	// furthestBack is how many of an agent's newest records are read at most to
	// find the begin of a session. What others may not see at the log's end comes
	// on top of it, up to mostHidden, so that a silent session before which
	// somebody asks changes nothing of the answer.
	furthestBack = 6400
	mostHidden   = 10_000
)

// past is what led to an agent's present state.
type past struct {
	// records are of one session: the live one or, of an agent who is offline,
	// the last one. Others get those that they may see; see [presence.Event].
	records []store.Record
	// truncated: records are missing after the first one, the session's begin.
	truncated bool
}

// past reads back in ever larger steps, until the session's begin.
func (c *call) past(agent presence.Agent) (past, error) {
	hidden := 0
	if !c.own() {
		hidden = int(min(agent.Version-agent.RowVersion, mostHidden))
		agent = agent.SeenByOthers()
	}
	session := lastSession(agent)
	if session.IsZero() {
		return past{}, nil
	}
	for limit := longestChain; ; limit = min(4*limit, furthestBack) {
		records, err := c.server.Storage.LatestOfAgent(c.ctx(), c.key(), hidden+limit)
		if err != nil {
			return past{}, err
		}
		exhausted := len(records) < hidden+limit
		records = c.seen(records, session)
		switch {
		case exhausted, len(records) > 0 && begins(records[0]):
			return cut(records), nil
		case limit == furthestBack:
			past := cut(c.withBegin(records))
			past.truncated = true // by what lies even further back
			return past, nil
		}
	}
}

// lastSession is the live session, else the one that ended last; zero without any.
func lastSession(agent presence.Agent) presence.SessionID {
	switch {
	case agent.Session != nil:
		return agent.Session.ID
	case agent.Ended != nil:
		return agent.Ended.Session
	}
	return presence.SessionID{}
}

// seen are the records of a session that the caller may see.
func (c *call) seen(records []store.Record, session presence.SessionID) []store.Record {
	return slices.DeleteFunc(slices.Clone(records), func(r store.Record) bool {
		mayBeSeen := c.own() || r.After.RowVersion == r.Event.Version
		return r.Event.Session != session || !mayBeSeen
	})
}

func begins(record store.Record) bool {
	return record.Event.Change.Kind() == presence.KindSessionStarted
}

// withBegin puts the begin of a session that is too far back before its records,
// as they tell of it: when it was, and that agents start their own sessions.
func (c *call) withBegin(records []store.Record) []store.Record {
	if len(records) == 0 || records[0].After.Session == nil {
		return records
	}
	session := records[0].After.Session
	begin := store.Record{Key: c.key(), Event: presence.Event{
		At:      session.StartedAt,
		Session: session.ID,
		By:      presence.Actor{Cause: presence.ByAgent, ID: c.targetID, Name: c.target.Name()},
		Change:  presence.SessionStarted{Silent: session.Silent, WorkLimit: session.WorkLimit},
	}}
	return slices.Insert(records, 0, begin)
}

// cut leaves of too many records the first and the newest.
func cut(records []store.Record) past {
	if len(records) <= longestChain {
		return past{records: records}
	}
	return past{records: slices.Delete(records, 1, len(records)-longestChain+1), truncated: true}
}
