package auth

import (
	"errors"
	"fmt"
	"time"
)

var (
	// ErrBadCredentials: no active user has this name and password and may log in
	// with it. Which of these is wrong is not told.
	ErrBadCredentials = errors.New("wrong username or password")
	// ErrTokenInvalid: the text is no token, or not one that we signed.
	ErrTokenInvalid = errors.New("not a valid token")
	// ErrTokenExpired: the token was ours but its time is over.
	ErrTokenExpired = errors.New("the token has expired")
	// ErrTokenRevoked: the token was taken back, or its user is gone or inactive.
	ErrTokenRevoked = errors.New("the token was revoked")
	// ErrBusy: too many passwords are being checked. Nothing was checked; try
	// again in a second or so.
	ErrBusy = errors.New("too many passwords are being checked at once")
	// ErrPasswordLength: a new password is empty or longer than [MaxPasswordLength].
	ErrPasswordLength = fmt.Errorf("a password has 1 to %d bytes", MaxPasswordLength)
	// ErrHash: the text is no password hash that [Passwords.Matches] would check.
	ErrHash = errors.New("not an argon2id hash with acceptable parameters")
)

// Slowed is the error of a log-in that came too soon after failed ones for the
// same account from the same address. The password was not checked.
type Slowed struct {
	// RetryAfter is how long to wait before the next attempt: above 0, at most 30 s.
	RetryAfter time.Duration
}

func (e *Slowed) Error() string {
	return fmt.Sprintf("too many failed log-ins: try again in %s", e.RetryAfter)
}
