package httpapi

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/auth"
	"github.com/muster-presence/muster/internal/directory"
	"github.com/muster-presence/muster/internal/engine"
	"github.com/muster-presence/muster/internal/history"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
	"github.com/muster-presence/muster/internal/wire"
)

// fault is an error as the caller gets to see it.
type fault struct {
	body       api.Error
	retryAfter time.Duration // 0: the default of a second, where the code wants one
	allow      string        // the Allow header, with method_not_allowed
	cause      error         // for the log only
}

func (f *fault) Error() string {
	if f.cause != nil {
		return fmt.Sprintf("%s: %v", f.body.Code, f.cause)
	}
	return fmt.Sprintf("%s: %s", f.body.Code, f.body.Message)
}

func (f *fault) Unwrap() error { return f.cause }

func newFault(code api.Code, message string) *fault {
	return &fault{body: api.Error{Code: code, Message: message}}
}

// badRequest names the attribute that is wrong. Messages never hold a value of
// the request.
func badRequest(attribute, format string, args ...any) *fault {
	return badAttribute(api.CodeBadRequest, attribute, fmt.Sprintf(format, args...))
}

func badAttribute(code api.Code, attribute, message string) *fault {
	return &fault{body: api.Error{Code: code, Attribute: attribute, Message: message}}
}

func rateLimited(retryAfter time.Duration, message string) *fault {
	f := newFault(api.CodeRateLimited, message)
	f.retryAfter = retryAfter
	return f
}

// notFound is one and the same for everything that the caller may not know of.
func notFound() *fault {
	return newFault(api.CodeNotFound, "There is nothing here, or nothing that you may know of.")
}

func forbidden(permission api.Permission) *fault {
	return newFault(api.CodeForbidden, fmt.Sprintf("This needs the permission %s, which none of your roles gives you here.", permission))
}

// Stated is an error that says itself what the contract makes of it.
type Stated interface {
	error
	// Contract is the error's body, without its request id.
	Contract() api.Error
}

// faultOf is the one place where errors of the rooms below become the
// contract's. What it does not know is internal.
func faultOf(err error) *fault {
	var known *fault
	if errors.As(err, &known) {
		return known
	}
	var stated Stated
	if errors.As(err, &stated) {
		return &fault{body: stated.Contract(), cause: err}
	}
	f := translate(err)
	f.cause = err
	return f
}

func translate(err error) *fault {
	var (
		refusal     *presence.Refusal
		slowed      *auth.Slowed
		reason      *directory.ReasonError
		window      *history.RangeError
		unavailable *store.Unavailable
	)
	switch {
	case errors.As(err, &refusal):
		return &fault{body: wire.Refusal(refusal)}
	case errors.As(err, &reason):
		return reasonFault(reason)
	case errors.As(err, &window):
		return badRequest(window.Attribute, "The parameter %s %s.", window.Attribute, window.Text)
	case errors.As(err, &slowed):
		return rateLimited(slowed.RetryAfter, "Too many failed attempts for this account from here. Wait as long as Retry-After says, then try again.")
	case errors.Is(err, auth.ErrBadCredentials):
		return newFault(api.CodeBadCredentials, "User name and password do not fit together.")
	case errors.Is(err, auth.ErrTokenInvalid):
		return newFault(api.CodeBadCredentials, "This is no token of this server's. Log in to get one.")
	case errors.Is(err, auth.ErrTokenExpired):
		return newFault(api.CodeTokenExpired, "The token has expired. Log in to get a new one.")
	case errors.Is(err, auth.ErrTokenRevoked):
		return newFault(api.CodeTokenRevoked, "The token was revoked. Log in to get a new one.")
	case errors.Is(err, auth.ErrBusy):
		return newFault(api.CodeUnavailable, "Too many log-ins at once. Try again in a moment.")
	case errors.Is(err, engine.ErrReceiptMismatch):
		return badAttribute(api.CodeIdempotencyKeyReused, "Idempotency-Key", "This idempotency key came before with another body. Use a new key for a new request.")
	case errors.Is(err, engine.ErrInteractionUnknown):
		return newFault(api.CodeNotFound, "Nobody in this tenant has this interaction open.")
	case errors.Is(err, engine.ErrStopped):
		return newFault(api.CodeUnavailable, "The server is stopping. Try again in a moment.")
	case errors.As(err, &unavailable):
		return newFault(api.CodeUnavailable, fmt.Sprintf("The server cannot store anything now: %s. Nothing was changed; try again.", unavailable.Reason))
	case errors.Is(err, store.ErrStale):
		return newFault(api.CodeUnavailable, "Others changed the same at the same time. Nothing was changed; try again.")
	case errors.Is(err, store.ErrUnavailable), errors.Is(err, context.DeadlineExceeded):
		return newFault(api.CodeUnavailable, "The server cannot do this now. Try again in a moment.")
	case errors.Is(err, store.ErrNotFound), errors.Is(err, engine.ErrNotEntitled):
		return notFound()
	}
	return newFault(api.CodeInternal, "The server failed to do this, and it is not your fault. Tell its operators the requestId.")
}

func reasonFault(err *directory.ReasonError) *fault {
	code := api.CodeReasonUnknown
	if errors.Is(err, directory.ErrReasonInactive) {
		code = api.CodeReasonInactive
	}
	return badAttribute(code, err.Attribute, fmt.Sprintf("The field %s %s.", err.Attribute, err.Text))
}
