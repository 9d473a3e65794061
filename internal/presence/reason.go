package presence

// Reason is why an agent is not ready: an entry of a reason list, with the name
// it had when it was chosen. The zero value means "no reason given".
type Reason struct {
	Name string       `json:"name,omitempty"`
	ID   ReasonID     `json:"id,omitzero"`
	List ReasonListID `json:"list,omitzero"`
}

// IsZero reports whether no reason was given.
func (r Reason) IsZero() bool { return r == Reason{} }

// SystemListName is the name of the system's own reason list in every tenant.
const SystemListName = "System Presence Reasons"

// The ids of the system's reason list and its reasons are the same in every
// tenant and every installation, so that the core can name them by itself and
// reports can tell them apart from a tenant's reasons of the same name.
var (
	SystemListID           = ReasonListID{UUID{0x6d, 0x75, 0x73, 0x74, 0x65, 0x72, 0x40, 0x00, 0x80, 0, 0, 0, 0, 0, 0, 0}}
	systemReasonLoggedIn   = ReasonID{UUID{0x6d, 0x75, 0x73, 0x74, 0x65, 0x72, 0x40, 0x00, 0x80, 0, 0, 0, 0, 0, 0, 1}}
	systemReasonConnection = ReasonID{UUID{0x6d, 0x75, 0x73, 0x74, 0x65, 0x72, 0x40, 0x00, 0x80, 0, 0, 0, 0, 0, 0, 2}}
)

// LoggedIn is the reason with which every session begins.
func LoggedIn() Reason {
	return Reason{Name: "Logged in", ID: systemReasonLoggedIn, List: SystemListID}
}

// ConnectionLost is the reason shown while the system holds an agent not ready
// because its client is silent.
func ConnectionLost() Reason {
	return Reason{Name: "Connection lost", ID: systemReasonConnection, List: SystemListID}
}
