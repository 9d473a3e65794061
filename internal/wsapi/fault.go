package wsapi

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"sync/atomic"

	"github.com/muster-presence/muster/api"
)

// fault is an error that is answered before anything is streamed.
type fault struct {
	body   api.Error
	status int         // 0: that of the code
	header http.Header // what else the answer says
	cause  error       // for the log only
}

func newFault(code api.Code, message string) *fault {
	return &fault{body: api.Error{Code: code, Message: message}, header: make(http.Header)}
}

func badAttribute(attribute, message string) *fault {
	f := newFault(api.CodeBadRequest, message)
	f.body.Attribute = attribute
	return f
}

func (f *fault) with(name, value string) *fault {
	f.header.Set(name, value)
	return f
}

// faultOf is the answer to a request whose stream would end with the code at
// once.
func faultOf(code api.CloseCode) *fault {
	switch code {
	case api.CloseTokenExpired:
		return newFault(api.CodeTokenExpired, "The token has expired. Log in to get a new one.").with("WWW-Authenticate", "Bearer")
	case api.CloseTokenRevoked:
		return newFault(api.CodeTokenRevoked, "The token was revoked. Log in to get a new one.").with("WWW-Authenticate", "Bearer")
	case api.CloseBadCredentials:
		return newFault(api.CodeBadCredentials, "This needs a token of this server's, in the header Authorization: Token <token>.").with("WWW-Authenticate", "Bearer")
	case api.CloseForbidden:
		return newFault(api.CodeForbidden, fmt.Sprintf("The floor needs the permission %s, which none of your roles gives you here.", api.PermissionViewAllPresence))
	case api.CloseNotFound:
		return newFault(api.CodeNotFound, "There is nothing here, or nothing that you may know of.")
	case api.CloseTooManySockets:
		return newFault(api.CodeRateLimited, fmt.Sprintf("You have %d streams open. Close one, then try again.", userConnections)).with("Retry-After", "5")
	case api.CloseGoingAway:
		return newFault(api.CodeUnavailable, "The server is stopping. Try again in a moment.").with("Retry-After", "1")
	case api.CloseUnavailable:
		return newFault(api.CodeUnavailable, "The server cannot do this now. Try again in a moment.").with("Retry-After", "1")
	}
	return newFault(api.CodeInternal, "The server failed to do this, and it is not your fault. Tell its operators the requestId.")
}

// refuse answers a request that is not streamed to.
func (s *Server) refuse(w http.ResponseWriter, f *fault) {
	s.observer.Refused(string(f.body.Code))
	f.body.RequestID = s.requests.next()
	status := f.body.Code.Status()
	if f.status != 0 {
		status = f.status
	}
	if status >= http.StatusInternalServerError {
		s.log.Warn("a stream was refused", "code", f.body.Code, "requestId", f.body.RequestID, "error", f.cause)
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(api.ErrorResponse{Error: f.body}) // of plain texts: cannot fail
	header := w.Header()
	for name, values := range f.header {
		header[name] = values
	}
	header.Set("Content-Type", "application/json")
	header.Set("Cache-Control", "no-store")
	header.Set("Content-Length", strconv.Itoa(text.Len()))
	w.WriteHeader(status)
	_, _ = w.Write(text.Bytes()) // the caller may be gone: nobody is left to tell
}

// requestIDs names requests that were refused: a random word of the process and a
// count.
type requestIDs struct {
	process string
	count   atomic.Uint64
}

func newRequestIDs() *requestIDs {
	var word [4]byte
	_, _ = rand.Read(word[:]) // never fails: crypto/rand ends the program instead
	return &requestIDs{process: hex.EncodeToString(word[:])}
}

func (r *requestIDs) next() string {
	return r.process + "-s" + strconv.FormatUint(r.count.Add(1), 10)
}
