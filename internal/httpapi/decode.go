package httpapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/presence"
)

// maxBody is the size of the largest body, in bytes.
const maxBody = 1 << 20

// body reads the request's body. A missing body is empty.
func (c *call) body(limit int64) ([]byte, error) {
	text, err := io.ReadAll(http.MaxBytesReader(c.w.ResponseWriter, c.r.Body, limit))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return nil, newFault(api.CodeTooLarge, fmt.Sprintf("The body is larger than the %d bytes that this takes.", limit))
	case err != nil:
		f := newFault(api.CodeBadJSON, "The body ended too early.")
		f.cause = err
		return nil, f
	}
	if len(text) == 0 {
		return nil, nil
	}
	if kind := c.r.Header.Get("Content-Type"); kind != "" {
		if media, _, err := mime.ParseMediaType(kind); err != nil || media != "application/json" {
			return nil, newFault(api.CodeUnsupportedMedia, "The body must be application/json, and so must its Content-Type.")
		}
	}
	return text, nil
}

// decode reads the request's JSON object into value and returns the body's text.
// A missing body and null leave value as it is; so do explicit nulls and unknown
// fields.
func (c *call) decode(value any) ([]byte, error) { return c.decodeUpTo(maxBody, value) }

func (c *call) decodeUpTo(limit int64, value any) ([]byte, error) {
	text, err := c.body(limit)
	if err != nil {
		return nil, err
	}
	return text, decodeObject(text, value)
}

func decodeObject(text []byte, value any) error {
	if isNothing(text) {
		return nil
	}
	if !utf8.Valid(text) { // the decoder lets it pass
		return newFault(api.CodeBadJSON, "The body is not UTF-8, which JSON is written in.")
	}
	var wrongType *json.UnmarshalTypeError
	var syntax *json.SyntaxError
	switch err := json.Unmarshal(text, value); {
	case errors.As(err, &wrongType) && wrongType.Field == "":
		return newFault(api.CodeBadJSON, "The body must be a JSON object.")
	case errors.As(err, &wrongType):
		kind, value, _ := strings.Cut(wrongType.Value, " ")
		if value != "" { // a number: right in kind, but not in size or precision
			return badAttribute(api.CodeBadJSON, wrongType.Field, fmt.Sprintf("The field %s must be a whole number, and not as large.", wrongType.Field))
		}
		return badAttribute(api.CodeBadJSON, wrongType.Field, fmt.Sprintf("The field %s must not be a JSON %s.", wrongType.Field, kind))
	case errors.As(err, &syntax):
		return newFault(api.CodeBadJSON, fmt.Sprintf("The body is not valid JSON: it breaks at byte %d of %d.", syntax.Offset, len(text)))
	case err != nil:
		return newFault(api.CodeBadJSON, "The body is not valid JSON.")
	}
	return nil
}

// isNothing reports whether a body says nothing: it is missing, or null.
func isNothing(text []byte) bool {
	text = bytes.TrimSpace(text)
	return len(text) == 0 || string(text) == "null"
}

// missing is the fault of a field that must be there.
func missing(attribute string) *fault {
	return badRequest(attribute, "The field %s is missing.", attribute)
}

// optionalID reads an id of the body; absent is the zero id.
func optionalID(attribute string, text *string) (presence.UUID, error) {
	if text == nil {
		return presence.UUID{}, nil
	}
	id, err := presence.ParseUUID(*text)
	if err != nil {
		return presence.UUID{}, badRequest(attribute, "The field %s is no id. Ids look like 8-4-4-4-12 hexadecimal digits.", attribute)
	}
	return id, nil
}

// oneOf names the values that a field may have.
func oneOf[T ~string](values []T) string {
	texts := make([]string, len(values))
	for i, value := range values {
		texts[i] = string(value)
	}
	return strings.Join(texts, ", ")
}
