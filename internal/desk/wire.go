package desk

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/sdk"
)

// protocolVersion rises with every change that an older binary would get wrong.
const protocolVersion = 1

const (
	longestRequest = 64 << 10
	longestAnswer  = 8 << 20 // the reason lists of a large tenant, twice
)

// Verb is what a request asks for.
type Verb string

// The verbs, with what the answer's result holds.
const (
	DoStatus    Verb = "status"    // Status
	DoReady     Verb = "ready"     // api.PresenceState
	DoNotReady  Verb = "not-ready" // api.PresenceState
	DoDirection Verb = "direction" // DirectionSet
	DoWhy       Verb = "why"       // api.Why
	DoLogout    Verb = "logout"    // api.PresenceState
	DoWatch     Verb = "watch"     // Opening, and then events
)

// DirectionSet is the direction after [DoDirection].
type DirectionSet = sdk.DirectionSet

// Request is what a command asks of the holder.
type Request struct {
	Version int  `json:"version"`
	Do      Verb `json:"do"`
	// Extension is where to be ready; "" for the active extension.
	Extension string `json:"extension,omitempty"`
	// Reason names the reason not to be ready; "" for none.
	Reason    string        `json:"reason,omitempty"`
	Direction api.Direction `json:"direction,omitempty"`
	// Force logs out whatever work is open.
	Force bool `json:"force,omitempty"`
}

// answer is what the holder answers: a result, or an error with a text for people.
type answer struct {
	Version int             `json:"version"`
	Result  json.RawMessage `json:"result,omitempty"`
	Error   *sdk.Error      `json:"error,omitempty"`
	Text    string          `json:"text,omitempty"`
}

// Opening is what a watcher needs to know first.
type Opening struct {
	Status Status `json:"status"`
	// Config holds the extensions and reasons to choose from.
	Config api.Config `json:"config"`
	// Recent is what happened last, oldest first.
	Recent []Event `json:"recent"`
}

// Told is a line of the stream that follows an [Opening].
type Told struct {
	Event Event `json:"event"`
	// Status is what is after the event.
	Status Status `json:"status"`
}

// Event is something that the SDK published.
type Event struct {
	At       api.Time        `json:"at"` // by the server's clock
	Topic    sdk.Topic       `json:"topic"`
	Error    *sdk.Error      `json:"error"`
	Response json.RawMessage `json:"response"`
}

var (
	errTooLong = errors.New("the line is longer than the protocol allows")
	errVersion = errors.New("this desk was opened by another version of muster: log out with that one, or end its process")
)

// readLine reads a line of JSON that is no longer than limit.
func readLine(r *bufio.Reader, limit int, into any) error {
	var line []byte
	for {
		piece, err := r.ReadSlice('\n')
		if len(line)+len(piece) > limit {
			return errTooLong
		}
		line = append(line, piece...)
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case errors.Is(err, io.EOF) && len(line) > 0:
			return io.ErrUnexpectedEOF
		case err != nil:
			return err
		}
		break
	}
	if err := json.Unmarshal(line, into); err != nil {
		return fmt.Errorf("read a line of the desk's socket: %w", err)
	}
	return nil
}

// writeLine writes a line of JSON.
func writeLine(w io.Writer, value any) error {
	line, err := json.Marshal(value)
	if err == nil {
		_, err = w.Write(append(line, '\n'))
	}
	return err
}
