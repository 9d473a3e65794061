package auth

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"time"

	"github.com/muster-presence/muster/internal/directory"
	"github.com/muster-presence/muster/internal/store"
)

// Logins exchanges usernames and passwords for tokens.
type Logins struct {
	directory store.DirectoryReader
	passwords *Passwords
	tokens    *Tokens
	slowing   *slowing
}

// Attempt is what somebody presents to log in.
type Attempt struct {
	// Username in any case of its letters.
	Username string
	Password string
	// Address is where the attempt comes from; the zero value means unknown.
	Address netip.Addr
	// TTL is the life asked for; see [Tokens.Issue].
	TTL time.Duration
}

// NewLogins returns the log-ins of a process. now is the clock; its monotonic
// reading, if it has one, decides how long a wait is.
func NewLogins(directory store.DirectoryReader, passwords *Passwords, tokens *Tokens, now func() time.Time) *Logins {
	return &Logins{directory: directory, passwords: passwords, tokens: tokens, slowing: newSlowing(now)}
}

// Login returns a new token and its life. It fails with [ErrBadCredentials];
// with [*Slowed] after failures, and with [ErrBusy], both without looking at the
// password; or with the context's or the directory's error.
func (l *Logins) Login(ctx context.Context, attempt Attempt) (token string, life time.Duration, err error) {
	// Known accounts and unknown ones are slowed by the same name, so that the
	// slowing tells nothing; the folding keeps other spellings from being fresh
	// accounts.
	from := newOrigin(directory.FoldUsername(attempt.Username), attempt.Address)
	if err := l.slowing.begin(ctx, from); err != nil {
		return "", 0, err
	}
	how := undecided
	defer func() { l.slowing.end(from, how) }()

	user, err := l.user(ctx, attempt.Username)
	if err != nil {
		return "", 0, fmt.Errorf("log in: %w", err)
	}
	matches, err := l.passwords.Matches(ctx, user.PasswordHash, attempt.Password)
	if err != nil {
		return "", 0, fmt.Errorf("log in: %w", err)
	}
	if !matches {
		how = denied
		return "", 0, ErrBadCredentials
	}
	how = succeeded
	return l.tokens.Issue(user, attempt.TTL)
}

// user returns the user of that name. One who may not log in with a password, or
// does not exist, is nobody: a user without a password hash.
func (l *Logins) user(ctx context.Context, username string) (*directory.User, error) {
	nobody := &directory.User{}
	user, err := l.directory.UserByName(ctx, username)
	if errors.Is(err, store.ErrNotFound) {
		return nobody, nil
	}
	if err != nil {
		return nil, err
	}
	allowed, err := l.passwordAllowed(ctx, user)
	if err != nil {
		return nil, err
	}
	if !allowed || !user.Active || CheckHash(user.PasswordHash) != nil {
		return nobody, nil
	}
	return user, nil
}

// passwordAllowed reports whether one of the tenants that the user is an active
// member of has password log-in, or there is no such tenant.
func (l *Logins) passwordAllowed(ctx context.Context, user *directory.User) (bool, error) {
	allowed := true
	for _, membership := range user.Memberships {
		if !membership.Active {
			continue
		}
		tenant, err := l.directory.Tenant(ctx, membership.Tenant)
		if err != nil {
			return false, err
		}
		if tenant.PasswordLogin {
			return true, nil
		}
		allowed = false
	}
	return allowed, nil
}
