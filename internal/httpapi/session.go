package httpapi

import (
	"encoding/json"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/engine"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
	"github.com/muster-presence/muster/internal/wire"
)

// maxMetadata bounds what a client may keep with its session, in bytes: it is
// stored with every event of the session.
const maxMetadata = 16 << 10

func startSession(c *call) (any, error) {
	var request api.StartSessionRequest
	body, err := c.decode(&request)
	if err != nil {
		return nil, err
	}
	silent := request.SilentMonitoring != nil && *request.SilentMonitoring
	var entry *store.AuditEntry
	needed := c.route.right.own
	if silent {
		needed = c.route.right.silently
		entry = c.audited("start_silent_session", nil)
	}
	if err := c.needs(needed); err != nil {
		return nil, err
	}
	idempotency, err := c.idempotency(body)
	if err != nil {
		return nil, err
	}
	given, err := metadataOf(request.Metadata)
	if err != nil {
		return nil, err
	}
	answer, err := c.do(presence.StartSession{
		By:        c.actor(),
		Silent:    silent,
		Metadata:  given,
		WorkLimit: c.tenant.Settings.WorkLimit,
		Random:    engine.NewSessionRandom(),
	}, idempotency, entry)
	if err != nil {
		return nil, err
	}
	session, ok := wire.Session(c.key(), answer.Agent, answer.Last, c.server.Engine.Now())
	if !ok {
		return nil, newFault(api.CodeInternal, "The session did not start. Tell the server's operators the requestId.")
	}
	return session, nil
}

// metadataOf checks what a client wants to find in its session again.
func metadataOf(given json.RawMessage) (json.RawMessage, error) {
	switch {
	case isNothing(given):
		return nil, nil
	case given[0] != '{':
		return nil, badAttribute(api.CodeBadJSON, "metadata", "The field metadata must be a JSON object.")
	case len(given) > maxMetadata:
		return nil, badRequest("metadata", "The field metadata has at most %d bytes.", maxMetadata)
	}
	return given, nil
}

func heartbeat(c *call) (any, error) {
	var request api.HeartbeatRequest
	if _, err := c.decode(&request); err != nil {
		return nil, err
	}
	session, err := optionalID("sessionId", request.SessionID)
	if err != nil {
		return nil, err
	}
	delay, err := c.server.Engine.Heartbeat(c.ctx(), c.key(), presence.SessionID{UUID: session})
	if err != nil {
		return nil, err
	}
	return api.HeartbeatResponse{HeartbeatDelay: delay.Seconds(), Timestamp: c.timestamp()}, nil
}
