package api

// Result is the envelope of every success but that of POST /v1/tokens, which answers at the top level. Failures come as
// [ErrorResponse].
type Result[T any] struct {
	Result T `json:"result"`
}
