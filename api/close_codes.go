package api

import "slices"

// CloseCode says why the server closed a stream: as the code of a WebSocket's
// close frame, and in a [CloseFrame].
type CloseCode int

// The close codes. Those below 4100 say: resume now, from the cursor. Those below
// 4200: resume with a fresh token. The others: stop.
const (
	CloseGoingAway      CloseCode = 4000
	CloseSlowConsumer   CloseCode = 4001
	CloseSilent         CloseCode = 4002
	CloseUnavailable    CloseCode = 4003
	CloseInternal       CloseCode = 4004
	CloseHelloLate      CloseCode = 4005
	CloseTokenExpired   CloseCode = 4100
	CloseTokenRevoked   CloseCode = 4101
	CloseBadCredentials CloseCode = 4102
	CloseBadFrame       CloseCode = 4200
	CloseTooLarge       CloseCode = 4201
	CloseForbidden      CloseCode = 4202
	CloseNotFound       CloseCode = 4203
	CloseTooManySockets CloseCode = 4204
	CloseTooManyFrames  CloseCode = 4205
)

type closeCodeRow struct {
	code   CloseCode
	name   string
	reason string // at most 123 bytes, which is what a close frame has room for
}

var closeCodeRows = []closeCodeRow{
	{CloseGoingAway, "going_away", "The server is stopping. Resume from your cursor."},
	{CloseSlowConsumer, "slow_consumer", "Too much waited for this client. Resume from your cursor."},
	{CloseSilent, "silent", "No beat was answered for too long. Resume from your cursor."},
	{CloseUnavailable, "unavailable", "The server cannot read its store now. Resume from your cursor in a moment."},
	{CloseInternal, "internal", "The server failed. Resume from your cursor."},
	{CloseHelloLate, "hello_late", "No hello came within 5 s. Send it as the first frame."},
	{CloseTokenExpired, "token_expired", "The token has expired. Resume with a fresh one."},
	{CloseTokenRevoked, "token_revoked", "The token was revoked. Log in again, then resume."},
	{CloseBadCredentials, "bad_credentials", "This is no token of this server. Log in, then resume."},
	{CloseBadFrame, "bad_frame", "A frame was not what the protocol says. See docs/protocol.md."},
	{CloseTooLarge, "too_large", "A frame was larger than 8 KiB."},
	{CloseForbidden, "forbidden", "The right to see this view is missing."},
	{CloseNotFound, "not_found", "There is no such tenant for this user."},
	{CloseTooManySockets, "too_many_sockets", "The user has 32 streams open already. Close some first."},
	{CloseTooManyFrames, "too_many_frames", "Too many frames came in a short time."},
}

// CloseCodes lists all close codes, rising.
func CloseCodes() []CloseCode {
	codes := make([]CloseCode, len(closeCodeRows))
	for i, row := range closeCodeRows {
		codes[i] = row.code
	}
	return codes
}

// Valid reports whether the code is listed.
func (c CloseCode) Valid() bool { return c.row().name != "" }

// Name is the code as a snake_case word, for logs and metrics; empty for one that
// is not listed.
func (c CloseCode) Name() string { return c.row().name }

// Reason is a sentence that says what to do; empty for a code that is not listed.
func (c CloseCode) Reason() string { return c.row().reason }

// Resumes reports whether the client should come back by itself, with the token
// that it has or with a fresh one.
func (c CloseCode) Resumes() bool { return c >= 4000 && c < 4200 }

// NeedsToken reports whether the client needs a fresh token to come back.
func (c CloseCode) NeedsToken() bool { return c >= 4100 && c < 4200 }

// row is empty for a code that is not listed.
func (c CloseCode) row() closeCodeRow {
	i := slices.IndexFunc(closeCodeRows, func(row closeCodeRow) bool { return row.code == c })
	if i < 0 {
		return closeCodeRow{}
	}
	return closeCodeRows[i]
}
