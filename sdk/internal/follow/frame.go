package follow

import (
	"encoding/json"
	"errors"

	"github.com/muster-presence/muster/api"
)

// frame is a frame of the server, of any type.
type frame struct {
	Type      api.FrameType     `json:"type"`
	Cursor    cursor            `json:"cursor"`
	BeatMS    int64             `json:"beatMs"`
	Timestamp api.Time          `json:"timestamp"`
	Part      int               `json:"part"`
	Last      bool              `json:"last"`
	Rows      []json.RawMessage `json:"rows"`
	Events    []api.StreamEvent `json:"events"`
	N         int64             `json:"n"`
	Seq       *int64            `json:"seq"`
	Sum       *int64            `json:"sum"`
	Code      api.CloseCode     `json:"code"`
	Reason    string            `json:"reason"`
}

var errNoType = errors.New("a frame has a type")

// readFrame reads a frame. Of one whose type is not known it reads nothing else: its fields may mean anything.
func readFrame(text []byte) (frame, error) {
	var f frame
	err := json.Unmarshal(text, &f)
	switch {
	case err == nil && f.Type == "":
		return frame{}, errNoType
	case err == nil:
		return f, nil
	}
	var kind struct {
		Type api.FrameType `json:"type"`
	}
	if json.Unmarshal(text, &kind) == nil && kind.Type != "" && !kind.Type.Valid() {
		return frame{Type: kind.Type}, nil
	}
	return frame{}, err
}
