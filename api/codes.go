package api

// Code is a word of the closed list that every failure carries in error.code. Codes are added, never renamed or given another
// status: clients branch on them.
type Code string

// The codes, in the order of their statuses.
const (
	CodeBadJSON              Code = "bad_json"
	CodeBadRequest           Code = "bad_request"
	CodeUnknownState         Code = "unknown_state"
	CodeReasonUnknown        Code = "reason_unknown"
	CodeReasonInactive       Code = "reason_inactive"
	CodeExtensionUnknown     Code = "extension_unknown"
	CodeNoExtension          Code = "no_extension"
	CodeIdempotencyKeyReused Code = "idempotency_key_reused"
	CodeBadCredentials       Code = "bad_credentials"
	CodeTokenExpired         Code = "token_expired"
	CodeTokenRevoked         Code = "token_revoked"
	CodeForbidden            Code = "forbidden"
	CodeNotFound             Code = "not_found"
	CodeNoSession            Code = "no_session"
	CodeSessionEnded         Code = "session_ended"
	CodeMethodNotAllowed     Code = "method_not_allowed"
	CodeSessionSuperseded    Code = "session_superseded"
	CodeWorkOpen             Code = "work_open"
	CodeTooLarge             Code = "too_large"
	CodeUnsupportedMedia     Code = "unsupported_media"
	CodeRateLimited          Code = "rate_limited"
	CodeInternal             Code = "internal"
	CodeUnavailable          Code = "unavailable"
)

// codeRow is what is fixed about a code. Retryable means that the very same request, sent again later, may succeed.
type codeRow struct {
	code       Code
	status     int
	retryable  bool
	retryAfter bool
	meaning    string
}

// codeRows has one row for each code; TestCode_EveryCodeHasACompleteRow holds it to the constants above.
var codeRows = [...]codeRow{
	{CodeBadJSON, 400, false, false, "the body is not JSON, or not of the types that the operation takes"},
	{CodeBadRequest, 400, false, false, "a field, parameter or header is missing or has a value that it cannot have"},
	{CodeUnknownState, 400, false, false, "there is no such state"},
	{CodeReasonUnknown, 400, false, false, "the reason is in none of the agent's lists, or not in the one that was named"},
	{CodeReasonInactive, 400, false, false, "the reason or its list is not in use"},
	{CodeExtensionUnknown, 400, false, false, "the extension is not among the user's"},
	{CodeNoExtension, 400, false, false, "being ready needs an active extension and the agent has none"},
	{CodeIdempotencyKeyReused, 400, false, false, "the idempotency key came before with another body"},
	{CodeBadCredentials, 401, false, false, "user name and password do not fit, or the token is none of ours"},
	{CodeTokenExpired, 401, false, false, "the token's life is over"},
	{CodeTokenRevoked, 401, false, false, "the token was revoked"},
	{CodeForbidden, 403, false, false, "the caller is a member of the tenant but lacks the right"},
	{CodeNotFound, 404, false, false, "there is no such thing, or none that the caller may know of"},
	{CodeNoSession, 404, false, false, "the agent has no live session"},
	{CodeSessionEnded, 404, false, false, "the named session has ended and no newer one lives"},
	{CodeMethodNotAllowed, 405, false, false, "the path exists but not with this method"},
	{CodeSessionSuperseded, 409, false, false, "a newer session of the agent lives"},
	{CodeWorkOpen, 409, false, false, "the agent has open work that guards the logout"},
	{CodeTooLarge, 413, false, false, "the body is larger than the operation takes"},
	{CodeUnsupportedMedia, 415, false, false, "the body is not application/json"},
	{CodeRateLimited, 429, true, true, "too many requests or failed attempts"},
	{CodeInternal, 500, true, false, "a fault of the server's"},
	{CodeUnavailable, 503, true, true, "the server cannot do it now and has acknowledged nothing"},
}

// Codes returns all codes in the order of their statuses.
func Codes() []Code {
	codes := make([]Code, len(codeRows))
	for i, row := range codeRows {
		codes[i] = row.code
	}
	return codes
}

// Valid tells whether the code is on the list.
func (c Code) Valid() bool { return c.row().code == c }

// Status is the HTTP status that goes with the code. A code that is not on the list counts as [CodeInternal].
func (c Code) Status() int { return c.row().status }

// Retryable tells whether the very same request, sent again later, may succeed.
func (c Code) Retryable() bool { return c.row().retryable }

// RetryAfter tells whether the answer carries a Retry-After header, in whole seconds.
func (c Code) RetryAfter() bool { return c.row().retryAfter }

// Meaning says in one line, without a full stop, what the code tells a client.
func (c Code) Meaning() string { return c.row().meaning }

// row falls back to that of [CodeInternal]: an unlisted code is a fault of the server's and must not look like the client's.
func (c Code) row() codeRow {
	for _, row := range codeRows {
		if row.code == c {
			return row
		}
	}
	return CodeInternal.row()
}
