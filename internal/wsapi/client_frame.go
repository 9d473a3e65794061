package wsapi

import (
	"bytes"
	"encoding/json"
	"errors"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/stream"
)

// errFrame: a client's frame is not what the contract says.
var errFrame error = closeError{api.CloseBadFrame}

// hello is what a client says first.
type hello struct {
	token   string
	floor   bool
	group   string
	session presence.SessionID // zero: none
	cursor  stream.Cursor      // zero: none
	client  string
}

// maxClient is how much of a client's own name is kept, in bytes.
const maxClient = 64

// parseHello reads a hello, or fails with errFrame.
func parseHello(text []byte) (hello, error) {
	var frame api.HelloFrame
	if json.Unmarshal(text, &frame) != nil || frame.Type != api.FrameTypeHello || frame.Token == "" || !frame.View.Valid() {
		return hello{}, errFrame
	}
	h := hello{token: frame.Token, floor: frame.View == api.ViewFloor, group: said(frame.Group)}
	if h.group != "" && !h.floor {
		return hello{}, errFrame
	}
	client := said(frame.Client)
	h.client = string(bytes.ToValidUTF8([]byte(client[:min(len(client), maxClient)]), nil)) // the cut may go through a character
	var err, wrong error
	if id := said(frame.SessionID); id != "" {
		h.session.UUID, err = presence.ParseUUID(id)
	}
	if cursor := said(frame.Cursor); cursor != "" {
		h.cursor, wrong = stream.ParseCursor(cursor)
	}
	if errors.Join(err, wrong) != nil {
		return hello{}, errFrame
	}
	return h, nil
}

// said is an optional text; null and absent say nothing.
func said(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}

// answer is what a client says after its hello: the number of a beat, or a token.
type answer struct {
	beat  uint64
	token string
}

// parseAnswer reads a frame that follows a hello, or fails with errFrame. It does
// not allocate for what clients send all day: a beat as [json.Marshal] writes it.
func parseAnswer(text []byte) (answer, error) {
	if n, ok := parseBeat(text); ok {
		return answer{beat: n}, nil
	}
	var kind struct {
		Type api.FrameType `json:"type"`
	}
	if json.Unmarshal(text, &kind) != nil {
		return answer{}, errFrame
	}
	switch kind.Type {
	case api.FrameTypeBeat:
		var frame api.BeatAnswerFrame
		if json.Unmarshal(text, &frame) == nil && frame.N > 0 {
			return answer{beat: uint64(frame.N)}, nil
		}
	case api.FrameTypeToken:
		var frame api.TokenFrame
		if json.Unmarshal(text, &frame) == nil && frame.Token != "" {
			return answer{token: frame.Token}, nil
		}
	}
	return answer{}, errFrame
}

const (
	beatHead = `{"type":"beat","n":`
	// beatDigits is how many digits a number surely holds.
	beatDigits = 18
)

// parseBeat reads a beat written the usual way.
func parseBeat(text []byte) (n uint64, ok bool) {
	digits := len(text) - len(beatHead) - 1
	if digits < 1 || digits > beatDigits || string(text[:len(beatHead)]) != beatHead || text[len(text)-1] != '}' || text[len(beatHead)] == '0' {
		return 0, false
	}
	for _, c := range text[len(beatHead) : len(text)-1] {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + uint64(c-'0')
	}
	return n, true
}
