package wsapi

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/auth"
	"github.com/muster-presence/muster/internal/engine"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
	"github.com/muster-presence/muster/internal/stream"
)

// Codes of RFC 6455 beside the contract's own. The last two are never sent: they
// stand for a client that left and for a connection that broke.
const (
	protocolError api.CloseCode = 1002
	notUTF8       api.CloseCode = 1007
	noCode        api.CloseCode = 1005
	broken        api.CloseCode = 1006
)

// closeError is why a connection has to be closed, as its client will be told.
type closeError struct{ code api.CloseCode }

func (e closeError) Error() string { return fmt.Sprintf("close with %d: %s", e.code, reasonOf(e.code)) }

// reasonOf is the sentence that goes with a code.
func reasonOf(code api.CloseCode) string {
	switch code {
	case protocolError:
		return "This is not the WebSocket protocol."
	case notUTF8:
		return "Text must be UTF-8."
	}
	return code.Reason()
}

// wordOf is the code as metrics show it: by its name, where the contract has one.
func wordOf(code api.CloseCode) string {
	if code.Valid() {
		return code.Name()
	}
	return strconv.Itoa(int(code))
}

// closeCodeOf is the one place where errors of the rooms below become close
// codes.
func closeCodeOf(err error) api.CloseCode {
	var known closeError
	switch {
	case errors.As(err, &known):
		return known.code
	case errors.Is(err, auth.ErrTokenExpired):
		return api.CloseTokenExpired
	case errors.Is(err, auth.ErrTokenRevoked):
		return api.CloseTokenRevoked
	case errors.Is(err, auth.ErrTokenInvalid):
		return api.CloseBadCredentials
	case errors.Is(err, stream.ErrSlow):
		return api.CloseSlowConsumer
	case errors.Is(err, engine.ErrStopped), errors.Is(err, context.Canceled):
		return api.CloseGoingAway
	case errors.Is(err, store.ErrUnavailable), errors.Is(err, context.DeadlineExceeded):
		return api.CloseUnavailable
	}
	return api.CloseInternal
}

// isConnection reports whether an error is the connection's own.
func isConnection(err error) bool {
	var own connectionError
	return errors.As(err, &own)
}

// closingOf says how a socket ended that ends with the code, as evidence. Whoever
// answers no beats has lost the connection, though it is the server that notes it.
func closingOf(code api.CloseCode) presence.Closing {
	switch code {
	case noCode:
		return presence.ClosedByClient
	case broken, api.CloseSilent:
		return presence.ClosedByNetwork
	}
	return presence.ClosedByServer
}
