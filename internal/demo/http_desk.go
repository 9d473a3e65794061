package demo

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/muster-presence/muster/api"
)

// httpDesk is the desk of a real server.
type httpDesk struct {
	client   *http.Client
	base     *url.URL // ends with /v1/ or /v1
	tenant   string   // id or name
	password string
}

// newClient keeps a connection for each worker. It does not follow redirects: a
// server that answers with one is not the one that was meant.
func newClient() *http.Client {
	return &http.Client{
		Transport: &http.Transport{
			Proxy:               http.ProxyFromEnvironment,
			MaxIdleConnsPerHost: workers,
			IdleConnTimeout:     time.Minute,
		},
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
