package presence

import (
	"encoding/json"
	"fmt"
)

// eventBody is the stored form of what an event says beside its number and time.
type eventBody struct {
	Session SessionID       `json:"session"`
	By      Actor           `json:"by"`
	Change  json.RawMessage `json:"change"`
}

// EncodeEvent returns the stored form of an event's session, actor and change.
// Its kind, version and time are stored beside it and are not part of it.
func EncodeEvent(e Event) ([]byte, error) {
	o := object{b: make([]byte, 0, 512)}
	o.begin()
	o.id("session", e.Session.UUID)
	o.actor("by", e.By)
	o.member("change")
	o.value(e.Change)
	o.end()
	if o.err != nil {
		return nil, fmt.Errorf("encode %s: %w", e.Change.Kind(), o.err)
	}
	return o.b, nil
}

// DecodeEvent is the opposite of [EncodeEvent]. It fails for a kind that this
// version does not know and for a body that is not of its kind.
func DecodeEvent(kind Kind, version uint64, at Instant, body []byte) (Event, error) {
	var stored eventBody
	if err := json.Unmarshal(body, &stored); err != nil {
		return Event{}, fmt.Errorf("decode %s: %w", kind, err)
	}
	decode, ok := decoders[kind]
	if !ok {
		return Event{}, fmt.Errorf("decode event: kind %q is unknown", kind)
	}
	if string(stored.Change) == "null" { // which would read as a change without content
		return Event{}, fmt.Errorf("decode %s: no change", kind)
	}
	change, err := decode(stored.Change)
	if err != nil {
		return Event{}, fmt.Errorf("decode %s: %w", kind, err)
	}
	return Event{Version: version, At: at, Session: stored.Session, By: stored.By, Change: change}, nil
}

var decoders = map[Kind]func([]byte) (Change, error){
	KindSessionStarted:    decodeAs[SessionStarted],
	KindStateSet:          decodeAs[StateSet],
	KindLogoutDeferred:    decodeAs[LogoutDeferred],
	KindDirectionSet:      decodeAs[DirectionSet],
	KindWorkReported:      decodeAs[WorkReported],
	KindWorkEnded:         decodeAs[WorkEnded],
	KindConnectionChanged: decodeAs[ConnectionChanged],
	KindHeld:              decodeAs[Held],
	KindReleased:          decodeAs[Released],
	KindLeaseTaken:        decodeAs[LeaseTaken],
	KindMonitoringStarted: decodeAs[MonitoringStarted],
	KindMonitoringEnded:   decodeAs[MonitoringEnded],
	KindSessionEnded:      decodeAs[SessionEnded],
}

func decodeAs[C Change](data []byte) (Change, error) {
	var change C
	if err := json.Unmarshal(data, &change); err != nil {
		return nil, err
	}
	return change, nil
}
