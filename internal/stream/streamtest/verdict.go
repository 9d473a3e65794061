package streamtest

import "github.com/muster-presence/muster/api"

// Verdict is what a client does next.
type Verdict int

// The verdicts.
const (
	// GoOn: wait for the next frame.
	GoOn Verdict = iota
	// Answer: send [Client.Answer], then go on.
	Answer
	// Resume: close, and connect with the cursor.
	Resume
	// ResumeWithToken: as Resume, with a fresh token.
	ResumeWithToken
	// Begin: close, and connect without a cursor; the client has forgotten it.
	Begin
	// Stop: close, and tell.
	Stop
)

// String is a word for messages of tests.
func (v Verdict) String() string {
	return [...]string{"go on", "answer", "resume", "resume with a fresh token", "begin", "stop"}[v]
}

// verdictOf is what a client does when its connection was closed with a code.
func verdictOf(code api.CloseCode) Verdict {
	switch {
	case code >= 4100 && code < 4200:
		return ResumeWithToken
	case code >= 4200 && code < 4300:
		return Stop
	}
	return Resume
}
