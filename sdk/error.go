package sdk

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/sdk/internal/rest"
)

// Error is what a function returns when it fails, and what is published in the place of a response. Its JSON is the one of the
// contract (1.8). Ask for a code with errors.Is(err, sdk.CodeStateRefused), for the rest with errors.As.
type Error struct {
	Code    Code      `json:"code"`
	Context string    `json:"context"`
	Data    ErrorData `json:"data"`
	Level   Level     `json:"level"`
	Message string    `json:"message"`

	cause error
}

// ErrorData is what is known beside the code. A field is empty where its code does not use it.
type ErrorData struct {
	// APIResponse is the answer to the request that failed.
	APIResponse *APIResponse `json:"apiResponse,omitempty"`
	// Problems says which parameters are wrong and what they should be (1000, 1003). It never holds a value.
	Problems string `json:"problems,omitempty"`
	// ValidExtensions are the user's (2005).
	ValidExtensions []api.Extension `json:"validExtensions,omitempty"`
	// ValidReasons are the user's lists (2007).
	ValidReasons []api.ReasonList `json:"validReasons,omitempty"`
	// ActiveInteractions is the open work (2100, 4000).
	ActiveInteractions []api.Work `json:"activeInteractions,omitempty"`
	// InteractionID is the interaction in question (7014, 7022).
	InteractionID string `json:"interactionId,omitempty"`
	// Extensions are the user's (7025).
	Extensions []api.Extension `json:"extensions,omitempty"`
	// NotificationReceived is the message as it came (1005).
	NotificationReceived json.RawMessage `json:"notificationReceived,omitempty"`
	// Logs could not be saved (14000).
	Logs []api.LogLine `json:"logs,omitempty"`
}

// APIResponse is how a request ended.
type APIResponse struct {
	// Status is the HTTP status; 0 for a network failure, -1 for a timeout.
	Status int `json:"status"`
	// Body is what came with it.
	Body ResponseBody `json:"apiResponse"`
}

// ResponseBody is the inner part of [APIResponse].
type ResponseBody struct {
	StatusText string `json:"statusText"`
	// Failure is the server's error code, or "network" or "timeout" where there was no answer, or "error".
	Failure string `json:"failure"`
	// Response is the server's body; null where there was none.
	Response json.RawMessage `json:"response"`
}

// Error gives code, message and cause in a line.
func (e *Error) Error() string {
	text := fmt.Sprintf("%d: %s", e.Code, e.Message)
	if e.Data.Problems != "" {
		text += ": " + e.Data.Problems
	}
	if e.cause != nil {
		text += ": " + e.cause.Error()
	}
	return text
}

// Is makes errors of the same code equal for errors.Is.
func (e *Error) Is(target error) bool {
	switch target := target.(type) {
	case Code:
		return e.Code == target
	case *Error:
		return target != nil && e.Code == target.Code
	}
	return false
}

// Unwrap gives the cause, such as the end of a context.
func (e *Error) Unwrap() error { return e.cause }

// newError returns an error of the code with what is known beside it.
func newError(code Code, data ErrorData) *Error {
	return &Error{Code: code, Context: code.Context(), Level: code.Level(), Message: code.Message(), Data: data}
}

// requestError returns an error of the code for a request that failed.
func requestError(code Code, err error) *Error { return requestErrorWith(code, ErrorData{}, err) }

func requestErrorWith(code Code, data ErrorData, err error) *Error {
	data.APIResponse = apiResponseOf(err)
	e := newError(code, data)
	e.cause = err
	return e
}

func apiResponseOf(err error) *APIResponse {
	var failure *rest.Failure
	if !errors.As(err, &failure) {
		return &APIResponse{Status: 0, Body: ResponseBody{StatusText: "network failure", Failure: "network", Response: json.RawMessage("null")}}
	}
	response := failure.Response
	if response == nil {
		response = json.RawMessage("null")
	}
	return &APIResponse{
		Status: failure.Status,
		Body:   ResponseBody{StatusText: failure.StatusText, Failure: failureWord(failure), Response: response},
	}
}

func failureWord(failure *rest.Failure) string {
	switch {
	case failure.Status == 0:
		return "network"
	case failure.Status < 0:
		return "timeout"
	case failure.Code != "":
		return string(failure.Code)
	}
	return "error"
}
