package rest

import (
	"encoding/json"
	"errors"
	"time"

	"github.com/muster-presence/muster/api"
)

// Why an answer cannot be read, beside what encoding/json finds.
var (
	errTooLarge = errors.New("the answer is too large")
	errNoJSON   = errors.New("the answer is not JSON")
	errNoResult = errors.New("the answer has no result")
)

// read decodes the body of a success. It fails where there is no telling that the server, and not something on the way to it,
// has answered.
func read(body []byte, result any) error {
	switch {
	case len(body) > largestAnswer:
		return errTooLarge
	case result != nil:
		return json.Unmarshal(body, result)
	case len(body) > 0 && !json.Valid(body):
		return errNoJSON
	}
	return nil
}

// envelope is [api.Result], but cannot be read without a result.
type envelope[T any] struct{ result T }

func (e *envelope[T]) UnmarshalJSON(text []byte) error {
	var got api.Result[json.RawMessage]
	if err := json.Unmarshal(text, &got); err != nil {
		return err
	}
	if got.Result == nil {
		return errNoResult
	}
	return json.Unmarshal(got.Result, &e.result)
}

// sample tells the clock what the server's is, where the answer says. Lists do not, and so cannot be read here.
func (c *Client) sample(body []byte, sent, received time.Time) {
	if c.clock == nil {
		return
	}
	var stamped api.Result[struct {
		Timestamp api.Time `json:"timestamp"`
	}]
	if err := json.Unmarshal(body, &stamped); err == nil && stamped.Result.Timestamp != 0 {
		c.clock(stamped.Result.Timestamp, sent, received)
	}
}
