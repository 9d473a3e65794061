package console

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/auth"
)

// pageLife is the life of a page's token, unless it asks for another. It is asked
// for again without anybody noticing.
const pageLife = time.Hour

// codeForeign is what other origins' pages get.
const codeForeign = api.CodeForbidden

// pageNames are the pages that somebody can be signed in at.
var pageNames = []string{"desk", "floor"}

// signInRequest is the body of all three requests. Each reads what it needs.
type signInRequest struct {
	// Page is which page asks, "desk" if it does not say.
	Page     string `json:"page"`
	Username string `json:"username"`
	Password string `json:"password"`
	// TTL is how many seconds the page's token is to live.
	TTL *int64 `json:"ttl"`
	// UserID is whom the page shows.
	UserID string `json:"userId"`
}

// asked is a request of one of this server's pages.
type asked struct {
	*http.Request
	signInRequest
	origin *url.URL
}

// cookie is that of the page that asks.
func (a *asked) cookie() *http.Cookie { return cookie(a.Page, a.origin) }

// presented is the token that the cookie holds, "" for none.
func (a *asked) presented() string {
	kept, err := a.Request.Cookie(a.cookie().Name)
	if err != nil {
		return ""
	}
	return kept.Value
}

// act lets a request of one of this server's pages through to a handler, which
// answers it or says why not.
func (s *Server) act(handle func(http.ResponseWriter, *asked) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		a := &asked{Request: r}
		err := a.read(w)
		if err == nil {
			err = handle(w, a)
		}
		if err != nil {
			s.Refuse(w, r, err)
		}
	}
}

// read checks method, origin and body, in this order.
func (a *asked) read(w http.ResponseWriter) (err error) {
	if a.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		return refused(api.CodeMethodNotAllowed, "This path takes another method: POST.")
	}
	if a.origin, err = pageOrigin(a.Request); err != nil {
		return err
	}
	if err := decode(w, a.Request, &a.signInRequest); err != nil {
		return err
	}
	if a.Page == "" {
		a.Page = pageNames[0]
	}
	if !slices.Contains(pageNames, a.Page) {
		return badAttribute("page", "The field page must be desk or floor.")
	}
	return nil
}

// logIn signs somebody in with a password: the browser keeps a token that lives
// for a working day, and the page gets its first one.
func (s *Server) logIn(w http.ResponseWriter, a *asked) error {
	switch "" {
	case a.Username:
		return badAttribute("username", "The field username is missing.")
	case a.Password:
		return badAttribute("password", "The field password is missing.")
	}
	kept, life, err := s.Logins.Login(a.Context(), auth.Attempt{
		Username: a.Username, Password: a.Password, Address: auth.AddressOf(a.RemoteAddr), TTL: cookieLife,
	})
	if err != nil {
		return err
	}
	identity, err := s.Tokens.Verify(a.Context(), kept)
	if err != nil {
		return err
	}
	token, ttl, err := s.derive(a, identity)
	if err != nil {
		return err
	}
	keep(w, a.cookie(), kept, life)
	answer(w, api.TokenResponse{Token: token, TTL: int64(ttl / time.Second)})
	return nil
}

// token gives the page a fresh token, if somebody is signed in.
func (s *Server) token(w http.ResponseWriter, a *asked) error {
	kept := a.presented()
	if kept == "" {
		return refused(api.CodeBadCredentials, "Nobody is signed in at this page. Sign in.")
	}
	identity, err := s.Tokens.Verify(a.Context(), kept)
	if err != nil {
		return err
	}
	if a.UserID != "" && a.UserID != identity.User.String() {
		return refused(api.CodeBadCredentials, "Somebody else has signed in at this page meanwhile. Sign in again.")
	}
	token, ttl, err := s.derive(a, identity)
	if err != nil {
		return err
	}
	answer(w, api.TokenResponse{Token: token, TTL: int64(ttl / time.Second)})
	return nil
}

// derive makes a page's token.
func (s *Server) derive(a *asked, identity auth.Identity) (string, time.Duration, error) {
	ttl := pageLife
	if a.TTL != nil {
		ttl = max(auth.Seconds(*a.TTL), auth.ShortestLife) // 0 would ask for the default
	}
	return s.Tokens.Derive(identity, ttl)
}

// logOut signs out: the cookie's token ends, and all that were derived from it. It
// is repeatable.
func (s *Server) logOut(w http.ResponseWriter, a *asked) error {
	identity, err := s.Tokens.Verify(a.Context(), a.presented())
	switch {
	case err == nil:
		if err := s.Tokens.Revoke(a.Context(), identity); err != nil {
			return err
		}
		s.AccessChanged()
	case !isOver(err):
		return err
	}
	forget(w, a.cookie())
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// isOver reports whether an error says that a token is worth nothing any more.
func isOver(err error) bool {
	return errors.Is(err, auth.ErrTokenInvalid) || errors.Is(err, auth.ErrTokenExpired) || errors.Is(err, auth.ErrTokenRevoked)
}

func answer(w http.ResponseWriter, body api.TokenResponse) {
	text, err := json.Marshal(body)
	if err != nil {
		panic(err) // of a text and a number: cannot fail
	}
	header := w.Header()
	header.Set("Content-Type", "application/json")
	header.Set("Content-Length", strconv.Itoa(len(text)))
	_, _ = w.Write(text) // the caller may be gone
}
