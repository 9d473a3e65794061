package demo

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/muster-presence/muster/api"
)

const (
	// requestTimeout is how long an answer is waited for.
	requestTimeout = 10 * time.Second
	// largestAnswer bounds what is read of one: a page of the floor is 1 MiB.
	largestAnswer = 16 << 20
)

// httpDesk is the desk of a real server. Errors are as [desk] says; redirects
// are not followed but refused.
type httpDesk struct {
	client   *http.Client
	base     *url.URL // ends with /v1/ or /v1
	tenant   string   // id or name
	password string
}

func newClient() *http.Client {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = workers
	return &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

func (d *httpDesk) logInRouter(ctx context.Context, username string) (badge, error) {
	var token api.TokenResponse
	credentials := api.TokenRequest{Username: username, Password: d.password}
	if err := d.exchange(ctx, ask{method: http.MethodPost, path: []string{"tokens"}, body: credentials}, &token); err != nil {
		return badge{}, err
	}
	var who api.Result[api.UserIdentity]
	if err := d.exchange(ctx, ask{method: http.MethodPost, path: []string{"login"}, token: token.Token}, &who); err != nil {
		return badge{}, err
	}
	for _, membership := range who.Result.Tenants {
		if membership.TenantID == d.tenant || strings.EqualFold(membership.TenantName, d.tenant) {
			return badge{token: token.Token, user: who.Result.UserID, tenant: membership.TenantID}, nil
		}
	}
	return badge{}, &refusal{
		status: http.StatusForbidden, code: api.CodeForbidden,
		message: fmt.Sprintf("%s is no member of the tenant %s", username, d.tenant),
	}
}

func (d *httpDesk) logIn(ctx context.Context, username string) (badge, error) {
	as, err := d.logInRouter(ctx, username)
	if err != nil {
		return badge{}, err
	}
	var config api.Result[api.Config]
	if err := d.exchange(ctx, as.get("users", as.user, "config"), &config); err != nil {
		return badge{}, err
	}
	if extensions := config.Result.Extensions; config.Result.ActiveExtension == nil && len(extensions) > 0 {
		first := api.UpdateMemberRequest{ActiveExtension: api.ExtensionChoice{ID: &extensions[0].ID}}
		if err := d.exchange(ctx, as.put(first, "users", as.user), nil); err != nil {
			return badge{}, err
		}
	}
	as.choices = choicesIn(config.Result.ReasonLists)
	return as, nil
}

func (d *httpDesk) startSession(ctx context.Context, as badge, key string) (string, error) {
	var started api.Result[api.Session]
	if err := d.exchange(ctx, as.post(nil, "presence", as.user, "session").once(key), &started); err != nil {
		return "", err
	}
	if started.Result.SessionID == nil {
		return "", errors.New("a session was started and its id is missing")
	}
	return *started.Result.SessionID, nil
}

func (d *httpDesk) heartbeat(ctx context.Context, as badge, session string) (time.Duration, error) {
	var heard api.Result[api.HeartbeatResponse]
	beat := api.HeartbeatRequest{SessionID: &session}
	if err := d.exchange(ctx, as.post(beat, "presence", as.user, "heartbeat"), &heard); err != nil {
		return 0, err
	}
	return time.Duration(heard.Result.HeartbeatDelay * float64(time.Second)), nil
}

func (d *httpDesk) setState(ctx context.Context, as badge, change api.SetStateRequest, key string) error {
	return d.exchange(ctx, as.post(change, "presence", as.user).once(key), nil)
}

func (d *httpDesk) setDirection(ctx context.Context, as badge, change api.SetDirectionRequest, key string) error {
	return d.exchange(ctx, as.post(change, "presence", as.user, "direction").once(key), nil)
}

func (d *httpDesk) floor(ctx context.Context, as badge, page floorPage) (api.FloorPage, error) {
	wanted := as.get("presence")
	wanted.query = url.Values{"limit": {strconv.Itoa(page.limit)}}
	if page.offerable {
		wanted.query.Set("offerable", "true")
	}
	if page.cursor != "" {
		wanted.query.Set("cursor", page.cursor)
	}
	var found api.Result[api.FloorPage]
	err := d.exchange(ctx, wanted, &found)
	return found.Result, err
}

func (d *httpDesk) reportWork(ctx context.Context, as badge, agent, interaction string, report api.WorkReport) error {
	return d.exchange(ctx, as.put(report, "presence", agent, "interactions", interaction), nil)
}

func (d *httpDesk) endWork(ctx context.Context, as badge, agent, interaction string) error {
	ending := as.get("presence", agent, "interactions", interaction)
	ending.method = http.MethodDelete
	return d.exchange(ctx, ending, nil)
}

// ask is a request before it is sent.
type ask struct {
	method string
	path   []string // below the base, not yet escaped
	query  url.Values
	token  string // empty without
	key    string // for idempotency, empty without
	body   any    // nil without
}

func (b badge) ask(method string, body any, path ...string) ask {
	return ask{method: method, path: append([]string{"tenants", b.tenant}, path...), token: b.token, body: body}
}

func (b badge) get(path ...string) ask            { return b.ask(http.MethodGet, nil, path...) }
func (b badge) put(body any, path ...string) ask  { return b.ask(http.MethodPut, body, path...) }
func (b badge) post(body any, path ...string) ask { return b.ask(http.MethodPost, body, path...) }

func (a ask) once(key string) ask {
	a.key = key
	return a
}

// exchange sends a request and reads a success into answer, unless that is nil.
func (d *httpDesk) exchange(ctx context.Context, a ask, answer any) error {
	ctx, cancel := context.WithTimeout(ctx, requestTimeout)
	defer cancel()
	sent, err := d.request(ctx, a)
	if err != nil {
		return err
	}
	got, err := d.client.Do(sent)
	if err != nil {
		return err
	}
	defer got.Body.Close()
	body, err := io.ReadAll(io.LimitReader(got.Body, largestAnswer))
	switch {
	case err != nil:
		return fmt.Errorf("reading an answer: %w", err)
	case got.StatusCode < 200 || got.StatusCode > 299:
		return refusalIn(got, body)
	case answer == nil:
		return nil
	}
	if err := json.Unmarshal(body, answer); err != nil {
		return fmt.Errorf("an answer that is not as agreed: %w", err)
	}
	return nil
}

func (d *httpDesk) request(ctx context.Context, a ask) (*http.Request, error) {
	var body io.Reader
	if a.method != http.MethodGet && a.method != http.MethodDelete {
		text, err := json.Marshal(a.body)
		if err != nil {
			return nil, fmt.Errorf("writing a request: %w", err)
		}
		body = bytes.NewReader(text)
	}
	for i, segment := range a.path {
		a.path[i] = url.PathEscape(segment)
	}
	where := d.base.JoinPath(a.path...)
	where.RawQuery = a.query.Encode()
	r, err := http.NewRequestWithContext(ctx, a.method, where.String(), body)
	if err != nil {
		return nil, fmt.Errorf("making a request: %w", err)
	}
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if a.token != "" {
		r.Header.Set("Authorization", "Token "+a.token)
	}
	if a.key != "" {
		r.Header.Set("Idempotency-Key", a.key)
	}
	return r, nil
}

// refusalIn reads an answer that is not a success. A body that is not as agreed
// leaves the status to speak for itself.
func refusalIn(got *http.Response, body []byte) *refusal {
	r := &refusal{status: got.StatusCode, message: got.Status}
	var told api.ErrorResponse
	if err := json.Unmarshal(body, &told); err == nil {
		r.code, r.message = told.Error.Code, told.Error.Message
	}
	if seconds, err := strconv.Atoi(got.Header.Get("Retry-After")); err == nil && seconds > 0 {
		r.retryAfter = time.Duration(min(seconds, 300)) * time.Second
	}
	return r
}
