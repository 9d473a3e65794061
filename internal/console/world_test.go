package console

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/crypto/argon2"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/auth"
	"github.com/muster-presence/muster/internal/directory"
	"github.com/muster-presence/muster/internal/httpapi"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store/memory"
)

const (
	host   = "muster.example"
	origin = "https://" + host

	password = "correct horse"
)

// world is a console on the model of a store, with two users, at a time of its
// own.
type world struct {
	*Server
	t       *testing.T
	kept    *memory.Store
	tokens  *auth.Tokens
	logins  *auth.Logins
	users   map[string]presence.AgentID
	changed int // how often access was changed

	mu  sync.Mutex // guards now
	now time.Time
}

func newWorld(t *testing.T, allowFrames ...string) *world {
	t.Helper()
	w := &world{t: t, kept: memory.New(), now: time.Unix(1_700_000_000, 0), users: make(map[string]presence.AgentID)}
	passwords, hash := auth.NewPasswords(), cheapHash()
	var people directory.Changes
	for i, name := range []string{"agent", "supervisor"} {
		user := &directory.User{ID: presence.AgentID{UUID: presence.UUID{0xa1, byte(i), 6: 0x40, 8: 0x80}}, Username: name, Active: true, PasswordHash: hash}
		w.users[name] = user.ID
		people = append(people, directory.Change{Action: directory.Create, Kind: directory.KindUser, Document: user})
	}
	if err := w.kept.Apply(t.Context(), 0, people, nil); err != nil {
		t.Fatal(err)
	}
	var err error
	if w.tokens, err = auth.OpenTokens(t.Context(), w.kept, w.kept, w.clock); err != nil {
		t.Fatal(err)
	}
	w.logins = auth.NewLogins(w.kept, passwords, w.tokens, w.clock)
	w.Server = New(Options{
		Logins: w.logins, Tokens: w.tokens, AllowFrames: allowFrames,
		Refuse:        httpapi.New(httpapi.Options{}).Refuse,
		AccessChanged: func() { w.changed++ },
	})
	return w
}

// cheapHash is a hash of the password that costs next to nothing to check.
func cheapHash() string {
	salt := []byte("of the world")
	sum := argon2.IDKey([]byte(password), salt, 1, 8, 1, 16)
	text := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=19$m=8,t=1,p=1$%s$%s", text(salt), text(sum))
}

func (w *world) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *world) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

// get asks for a file, with headers in pairs of name and value.
func (w *world) get(path string, headers ...string) *http.Response {
	w.t.Helper()
	return w.ask(http.MethodGet, path, "", headers...)
}

// ask sends what a browser sends from the console's own page; headers replace
// what it says, and "" takes it away.
func (w *world) ask(method, path, body string, headers ...string) *http.Response {
	w.t.Helper()
	return w.askAt(host, method, path, body, headers...)
}

func (w *world) askAt(host, method, path, body string, headers ...string) *http.Response {
	w.t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Host = host
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Origin", origin)
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	for i := 0; i < len(headers); i += 2 {
		if r.Header.Del(headers[i]); headers[i+1] != "" {
			r.Header.Set(headers[i], headers[i+1])
		}
	}
	if !w.Serves(r) {
		w.t.Fatalf("%s is not the console's", path)
	}
	recorder := httptest.NewRecorder()
	w.ServeHTTP(recorder, r)
	return recorder.Result()
}

// browser keeps cookies, as browsers do.
type browser struct {
	*world
	cookies map[string]string
}

func (w *world) open() *browser { return &browser{w, make(map[string]string)} }

func (b *browser) post(path, body string, headers ...string) *http.Response {
	b.t.Helper()
	return b.postTo(host, path, body, headers...)
}

// postTo asks where the request names another host.
func (b *browser) postTo(host, path, body string, headers ...string) *http.Response {
	b.t.Helper()
	var pairs []string
	for name, value := range b.cookies {
		pairs = append(pairs, name+"="+value)
	}
	r := b.askAt(host, http.MethodPost, path, body, append([]string{"Cookie", strings.Join(pairs, "; ")}, headers...)...)
	for _, c := range r.Cookies() {
		if b.cookies[c.Name] = c.Value; c.MaxAge < 0 {
			delete(b.cookies, c.Name)
		}
	}
	return r
}

// signIn signs in at the desk and returns the page's token.
func (b *browser) signIn(username string) string {
	b.t.Helper()
	return b.mustGive("/console/login", `{"username":"`+username+`","password":"`+password+`"}`).Token
}

// mustGive expects a token.
func (b *browser) mustGive(path, body string) api.TokenResponse {
	b.t.Helper()
	r := b.post(path, body)
	if r.StatusCode != http.StatusOK {
		b.t.Fatalf("%s was answered %s: %s", path, r.Status, text(b.t, r))
	}
	var given api.TokenResponse
	if err := json.Unmarshal([]byte(text(b.t, r)), &given); err != nil || given.Token == "" {
		b.t.Fatalf("%s brought %+v, %v", path, given, err)
	}
	return given
}

func text(t *testing.T, r *http.Response) string {
	t.Helper()
	content, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// wantRefused expects an error as the API words it.
func wantRefused(t *testing.T, r *http.Response, code api.Code) api.Error {
	t.Helper()
	var answer api.ErrorResponse
	if err := json.Unmarshal([]byte(text(t, r)), &answer); err != nil {
		t.Fatalf("%s: %v", r.Status, err)
	}
	wantEqual(t, answer.Error.Code, code)
	wantEqual(t, r.StatusCode, code.Status())
	wantHeader(t, r, "Content-Type", "application/json")
	wantHeader(t, r, "Cache-Control", "no-store")
	wantHeader(t, r, "Set-Cookie", "")
	if answer.Error.RequestID == "" || answer.Error.Message == "" {
		t.Errorf("%+v", answer.Error)
	}
	return answer.Error
}

func wantEqual[T comparable](t *testing.T, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("got %v, want %v", got, want)
	}
}

func wantHeader(t *testing.T, r *http.Response, name, want string) {
	t.Helper()
	if got := strings.Join(r.Header.Values(name), ", "); got != want {
		t.Errorf("%s: %q, want %q", name, got, want)
	}
}
