package presence

import (
	"encoding/hex"
	"errors"
)

// UUID is the 16 bytes of a universally unique identifier (RFC 9562). Its text
// is the usual one: 36 characters, lower case, groups of 8-4-4-4-12.
type UUID [16]byte

// The kinds of id that the core tells apart. They are distinct types so that
// the compiler refuses to confuse them; the zero value means "none".
type (
	// TenantID names a tenant.
	TenantID struct{ UUID }
	// AgentID names an agent: the user's id.
	AgentID struct{ UUID }
	// SessionID names a session. It is a time-based UUID; see [NewSessionID].
	SessionID struct{ UUID }
	// InteractionID names an interaction, given by whoever reports work.
	InteractionID struct{ UUID }
	// ReasonID names a reason within its list.
	ReasonID struct{ UUID }
	// ReasonListID names a reason list.
	ReasonListID struct{ UUID }
	// SocketID names a socket on which a client can be asked whether it is there.
	SocketID struct{ UUID }
)

// Key names an agent in a tenant: the unit that commands are put in order by.
type Key struct {
	Tenant TenantID
	Agent  AgentID
}

// ErrNotUUID is returned by [ParseUUID] for text that is no UUID.
var ErrNotUUID = errors.New("not a UUID of the form 8-4-4-4-12 hexadecimal digits")

// ParseUUID reads the text of a UUID of any version, in upper or lower case.
func ParseUUID(text string) (UUID, error) {
	var id UUID
	if len(text) != 36 || text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-' {
		return UUID{}, ErrNotUUID
	}
	var digits [32]byte
	copy(digits[0:], text[0:8])
	copy(digits[8:], text[9:13])
	copy(digits[12:], text[14:18])
	copy(digits[16:], text[19:23])
	copy(digits[20:], text[24:36])
	if _, err := hex.Decode(id[:], digits[:]); err != nil {
		return UUID{}, ErrNotUUID
	}
	return id, nil
}

// IsZero reports whether the id is the zero value, "none".
func (id UUID) IsZero() bool { return id == UUID{} }

// String returns the canonical text.
func (id UUID) String() string {
	var text [36]byte
	return string(id.append(text[:0]))
}

// AppendText appends the canonical text to b.
func (id UUID) AppendText(b []byte) ([]byte, error) { return id.append(b), nil }

// MarshalText returns the canonical text.
func (id UUID) MarshalText() ([]byte, error) { return id.append(make([]byte, 0, 36)), nil }

// UnmarshalText reads the text as [ParseUUID] does.
func (id *UUID) UnmarshalText(text []byte) error {
	parsed, err := ParseUUID(string(text))
	if err != nil {
		return err
	}
	*id = parsed
	return nil
}

// Version returns the version digit of the id: 1 for one made from time.
func (id UUID) Version() int { return int(id[6] >> 4) }

func (id UUID) append(b []byte) []byte {
	b = hex.AppendEncode(b, id[0:4])
	b = append(b, '-')
	b = hex.AppendEncode(b, id[4:6])
	b = append(b, '-')
	b = hex.AppendEncode(b, id[6:8])
	b = append(b, '-')
	b = hex.AppendEncode(b, id[8:10])
	b = append(b, '-')
	return hex.AppendEncode(b, id[10:16])
}
