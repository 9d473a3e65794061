package desk

import (
	"encoding/json"
	"errors"
	"strings"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/sdk"
)

// Problem is why something was not done: the SDK's error for programs, and a text for people.
type Problem struct {
	Err  *sdk.Error
	Text string
}

// Error is the text for people.
func (p *Problem) Error() string { return p.Text }

// Unwrap gives the SDK's error.
func (p *Problem) Unwrap() error { return p.Err }

// problem is a mistake that the desk itself finds. Its code is the SDK's for the same mistake, 0 where there is none.
func problem(code sdk.Code, text string) *Problem {
	err := &sdk.Error{Code: code, Context: "desk", Level: sdk.LevelError, Message: text}
	if code != 0 {
		err.Context = code.Context()
	}
	return &Problem{Err: err, Text: text}
}

// ProblemOf is any error as a problem.
func ProblemOf(err error) *Problem {
	var known *Problem
	if errors.As(err, &known) {
		return known
	}
	var told *sdk.Error
	if errors.As(err, &told) {
		return &Problem{Err: told, Text: explain(told)}
	}
	return problem(0, err.Error())
}

// explain is an error of the SDK in a sentence: what failed, and what the server said to it.
func explain(err *sdk.Error) string {
	text := err.Message
	if r := err.Data.APIResponse; r != nil && r.Body.Failure == "network" {
		text = "the server does not answer" // what could not be done for that reason, whoever asked knows
	}
	if err.Data.Problems != "" {
		text += ": " + err.Data.Problems
	}
	if said := serverSaid(err.Data.APIResponse); said != "" {
		text += ": " + said
	} else if cause := errors.Unwrap(err); cause != nil {
		text += ": " + cause.Error()
	}
	if len(err.Data.ActiveInteractions) > 0 {
		text += " (" + workText(err.Data.ActiveInteractions) + ")"
	}
	if len(err.Data.ValidExtensions) > 0 {
		values := make([]string, len(err.Data.ValidExtensions))
		for i, e := range err.Data.ValidExtensions {
			values[i] = e.Value
		}
		text += ": " + strings.Join(values, ", ")
	}
	return text
}

// serverSaid is the message in the server's answer.
func serverSaid(response *sdk.APIResponse) string {
	if response == nil {
		return ""
	}
	var body api.ErrorResponse
	if json.Unmarshal(response.Body.Response, &body) != nil {
		return ""
	}
	return body.Error.Message
}
