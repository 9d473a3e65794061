package follow

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/muster-presence/muster/api"
)

// Stopped is why Run stops though its context has not ended: the server said so, or refused the token and there is no other.
type Stopped struct {
	Code   api.CloseCode // of the stream that was closed; 0 where it was refused
	Status int           // of the answer that refused it; 0 where it was closed
	Reason string        // the server's words, for people
}

// Error implements error.
func (s *Stopped) Error() string {
	if s.Code != 0 {
		return fmt.Sprintf("the server closed the stream for good with %d %s: %s", s.Code, s.Code.Name(), s.Reason)
	}
	return fmt.Sprintf("the server refuses the stream with status %d: %s", s.Status, s.Reason)
}

// verdict is how the server, or something on the way to it, ended or refused a stream.
type verdict struct {
	close      api.CloseCode // of a stream that was open
	status     int           // of the answer in the place of a stream
	code       api.Code      // of the server's error in that answer, "" where the answer is not the server's
	reason     string
	retryAfter time.Duration
}

func (v *verdict) Error() string {
	if v.close != 0 {
		return fmt.Sprintf("closed with %d %s", v.close, v.reason)
	}
	return fmt.Sprintf("refused with status %d %s: %s", v.status, v.code, v.reason)
}

func (v *verdict) stopped() *Stopped {
	return &Stopped{Code: v.close, Status: v.status, Reason: v.reason}
}

// stops reports whether not to come back. Only the server can say so: pages of proxies have any status, and pass.
func (v *verdict) stops() bool {
	switch {
	case v.close != 0:
		return v.close >= 4200 && v.close < 4300
	case v.status == http.StatusTooManyRequests, v.status == http.StatusUnauthorized:
		return false
	}
	return v.code != "" && v.status >= 400 && v.status < 500
}

// needsToken reports whether to come back with a fresh token, and what is wrong with the one that there is.
func (v *verdict) needsToken() (api.Code, bool) {
	switch {
	case v.status == http.StatusUnauthorized:
		return v.code, v.code != ""
	case v.close == api.CloseTokenExpired:
		return api.CodeTokenExpired, true
	case v.close == api.CloseTokenRevoked:
		return api.CodeTokenRevoked, true
	}
	return api.CodeBadCredentials, v.close.NeedsToken()
}

// blocksSockets reports whether the answer to a handshake shows that something on the way lets no socket through.
func (v *verdict) blocksSockets() bool {
	switch v.status {
	case 0, http.StatusTooManyRequests, http.StatusServiceUnavailable: // whoever says so, later may be another answer
		return false
	case http.StatusBadRequest, http.StatusUpgradeRequired: // the server's own too: it got a handshake without the Upgrade
		return true
	}
	return v.code == ""
}

// refusalLimit is how much of an answer is read for the error in it.
const refusalLimit = 64 << 10

// readRefusal reads an answer in the place of a stream.
func readRefusal(response *http.Response) *verdict {
	v := &verdict{status: response.StatusCode, reason: http.StatusText(response.StatusCode), retryAfter: retryAfter(response.Header)}
	var body api.ErrorResponse
	text, err := io.ReadAll(io.LimitReader(response.Body, refusalLimit))
	if err == nil && json.Unmarshal(text, &body) == nil && body.Error.Code != "" {
		v.code, v.reason = body.Error.Code, body.Error.Message
	}
	return v
}

// retryAfter is the least to wait that an answer asks for, in seconds or until a time.
func retryAfter(header http.Header) time.Duration {
	text := header.Get("Retry-After")
	if seconds, err := strconv.ParseUint(text, 10, 31); err == nil {
		return time.Duration(seconds) * time.Second
	}
	if at, err := http.ParseTime(text); err == nil {
		return max(0, time.Until(at))
	}
	return 0
}
