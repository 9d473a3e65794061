package presence

// Closing says how a socket was closed.
type Closing string

// The closings.
const (
	// ClosedByClient: the client said that it goes.
	ClosedByClient Closing = "client"
	// ClosedByNetwork: the connection broke, or nothing came through any more.
	ClosedByNetwork Closing = "network"
	// ClosedByServer: the server closed it, with a code that says why.
	ClosedByServer Closing = "server"
)

// SocketEvidence is what the socket shows on which an agent's client was heard
// last. The zero value is no socket: the client was heard by its requests.
type SocketEvidence struct {
	ID SocketID `json:"id,omitzero"`
	// Client is what the client calls itself.
	Client string `json:"client,omitempty"`
	// Beat is the first beat that was not answered, and BeatAt when it was sent;
	// 0 if none.
	Beat   uint64  `json:"beat,omitempty"`
	BeatAt Instant `json:"beatAt,omitempty"`
	// ClosedAt is when the socket was closed, 0 while it is open, and Closing how.
	ClosedAt Instant `json:"closedAt,omitempty"`
	Closing  Closing `json:"closing,omitempty"`
}
