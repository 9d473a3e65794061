package sdk

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/muster-presence/muster/api"
)

// errNoFreshToken is why a request that was refused stays refused.
var errNoFreshToken = errors.New("no fresh token came")

// credentials hold the token, and find a fresh one when it is refused.
type credentials struct {
	fetch     func(ctx context.Context) (string, error) // the user's callback; nil without
	callbacks *callbacks
	log       *slog.Logger
	// refused is told of a token that the server refused, once a token.
	refused func(code api.Code)
	// fresh is told of a token in the place of another.
	fresh func(token string)
	// patience is how long to wait for a fresh token now; 0 for not at all.
	patience func() time.Duration

	fetching chan struct{} // holds one item while the callback runs

	mu       sync.Mutex // guards the fields below
	token    string
	reported string        // the token that refused was told of last
	changed  chan struct{} // closed when the token changes
}

func newCredentials(o Options, b *callbacks) *credentials {
	return &credentials{fetch: o.Token, callbacks: b, log: o.Log, fetching: make(chan struct{}, 1), changed: make(chan struct{})}
}

// Token is the present token, "" for none.
func (k *credentials) Token() string {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.token
}

// set takes a token and tells whether it is another than before.
func (k *credentials) set(token string) bool {
	if !k.put(token) {
		return false
	}
	k.fresh(token)
	return true
}

func (k *credentials) put(token string) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.token == token {
		return false
	}
	k.token = token
	close(k.changed)
	k.changed = make(chan struct{})
	return true
}

// Refused is told of a token that the server refused, and returns another as soon as there is one: from the callback, or because
// somebody sets it. Without a session nothing is worth waiting for but the callback.
func (k *credentials) Refused(ctx context.Context, refused string, code api.Code) (string, error) {
	return k.another(ctx, refused, code, k.patience())
}

// patient are credentials that are always worth waiting for: a floor is watched without a session.
type patient struct {
	*credentials
	patience time.Duration
}

// Refused is that of [credentials] with a patience of its own.
func (p patient) Refused(ctx context.Context, refused string, code api.Code) (string, error) {
	return p.another(ctx, refused, code, p.patience)
}

const (
	// callbackTime is how long a callback may take where there is nothing else to wait for.
	callbackTime = 10 * time.Second
	// callbackPause is how long after a callback that brought nothing the next is called.
	callbackPause = 5 * time.Second
)

func (k *credentials) another(ctx context.Context, refused string, code api.Code, patience time.Duration) (string, error) {
	if fresh := k.Token(); fresh != refused && fresh != "" {
		return fresh, nil
	}
	k.report(refused, code)
	if k.fetch != nil {
		patience = max(patience, callbackTime)
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		fresh, changed := k.look()
		if fresh != refused && fresh != "" {
			return fresh, nil
		}
		if k.renew(ctx, refused) {
			continue
		}
		if err := k.pause(ctx, changed); err != nil {
			return "", err
		}
	}
}

// pause waits until the token changes or the callback may be called again.
func (k *credentials) pause(ctx context.Context, changed <-chan struct{}) error {
	var again <-chan time.Time
	if k.fetch != nil {
		timer := time.NewTimer(callbackPause)
		defer timer.Stop()
		again = timer.C
	}
	select {
	case <-changed:
	case <-again:
	case <-ctx.Done():
		return errNoFreshToken
	}
	return nil
}

// useless tells whether the present token is missing or known to be refused.
func (k *credentials) useless() bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.token == "" || k.token == k.reported
}

// look is the present token, and what tells of the next.
func (k *credentials) look() (token string, changed <-chan struct{}) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.token, k.changed
}

func (k *credentials) report(refused string, code api.Code) {
	k.mu.Lock()
	first := refused != "" && k.reported != refused
	if first {
		k.reported = refused
	}
	k.mu.Unlock()
	if first {
		k.refused(code)
	}
}

// renew asks the callback for another token than old, unless somebody else has, and tells whether there is one now.
func (k *credentials) renew(ctx context.Context, old string) bool {
	if k.fetch == nil || ctx.Err() != nil {
		return false
	}
	renewed, err := answerOf(ctx, k.callbacks, "Options.Token", func() (bool, error) {
		select {
		case k.fetching <- struct{}{}:
			defer func() { <-k.fetching }()
		case <-ctx.Done():
			return false, ctx.Err()
		}
		if k.isRenewed(old) {
			return true, nil
		}
		fresh, err := k.fetch(ctx)
		if err == nil && fresh != "" && fresh != old && !k.isRenewed(old) { // whoever set one meanwhile knows better
			k.set(fresh)
		}
		return k.isRenewed(old), err
	})
	if !renewed {
		k.log.Warn("the callback brings no fresh token", "error", err)
	}
	return renewed
}

// isRenewed tells whether there is another token than old. A token that was cleared is none.
func (k *credentials) isRenewed(old string) bool {
	now := k.Token()
	return now != old && now != ""
}

// renewAhead is how long before its end a token is renewed, or a tenth of its life if that is shorter.
const renewAhead = time.Minute

// renewalOf is when a token is to be renewed by the server's clock, by what it says of itself; zero where it does not say. It is
// read, not verified: that is the server's business.
func renewalOf(token string) time.Time {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return time.Time{}
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return time.Time{}
	}
	var claims struct {
		Expires float64 `json:"exp"`
		Issued  float64 `json:"iat"`
	}
	if err := json.Unmarshal(payload, &claims); err != nil || claims.Expires <= claims.Issued || claims.Issued <= 0 {
		return time.Time{}
	}
	life := time.Duration(claims.Expires-claims.Issued) * time.Second
	return time.Unix(int64(claims.Expires), 0).Add(-min(renewAhead, life/10))
}
