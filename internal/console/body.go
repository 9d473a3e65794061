package console

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"

	"github.com/muster-presence/muster/api"
)

// maxBody is far above what a username and a password take, in bytes.
const maxBody = 8 << 10

// decode reads the request's JSON object into value. Unknown fields are passed
// over. The type of the content must be said: a form of another page's could send
// text that looks like JSON, but not say so.
func decode(w http.ResponseWriter, r *http.Request, value any) error {
	if media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || media != "application/json" {
		return refused(api.CodeUnsupportedMedia, "The body must be application/json, and so must its Content-Type.")
	}
	text, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	switch {
	case errors.As(err, new(*http.MaxBytesError)):
		return refused(api.CodeTooLarge, fmt.Sprintf("The body is larger than the %d bytes that this takes.", maxBody))
	case err != nil:
		return refused(api.CodeBadJSON, "The body ended too early.")
	case len(text) == 0: // says nothing, as {} does
		return nil
	}
	if err := json.Unmarshal(text, value); err != nil {
		return refused(api.CodeBadJSON, "The body must be a JSON object with fields of the right types.")
	}
	return nil
}
