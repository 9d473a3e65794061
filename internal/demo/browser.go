package demo

import (
	"context"
	"strings"
	"sync"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/sdk"
)

// browser is what somebody sits at: a client of the SDK that is logged in. All methods may be called by workers.
type browser struct {
	client       *sdk.Client
	user, tenant string
}

// welcome is what somebody finds at the beginning of a session.
type welcome struct {
	session   string
	state     api.State
	extension string // to take calls at, "" where the agent has none
	choices   choices
}

// enter begins a session, or takes up the one that the bookmark remembers if it still lives.
func (b *browser) enter(ctx context.Context, resume bool) (welcome, error) {
	where := sdk.SetActiveTenantParams{TenantID: b.tenant, Resume: resume}
	if _, err := b.client.Session.SetActiveTenant(ctx, where); err != nil {
		return welcome{}, err
	}
	now := b.client.DumpState().Session
	if now.SessionID == nil || now.Config == nil {
		return welcome{}, errEnded
	}
	w := welcome{session: *now.SessionID, state: api.StateNotReady, choices: choicesIn(now.Config.ReasonLists)}
	if now.State != nil {
		w.state = now.State.State
	}
	if first := b.client.Session.GetDefaultExtension(ctx); first != nil {
		w.extension = first.Value
	}
	return w, nil
}

func (b *browser) goReady(ctx context.Context, extension string) error {
	_, err := b.client.Session.GoReady(ctx, sdk.GoReadyParams{ExtensionValue: extension})
	return err
}

// goNotReady gives a reason, or none for nil.
func (b *browser) goNotReady(ctx context.Context, why *choice) error {
	var p sdk.GoNotReadyParams
	if why != nil {
		p.ReasonInfo = &sdk.ReasonInfo{Reason: why.name, ReasonID: why.reason, ReasonListID: why.list}
	}
	_, err := b.client.Session.GoNotReady(ctx, p)
	return err
}

func (b *browser) setDirection(ctx context.Context, direction api.Direction) error {
	_, err := b.client.Session.SetDirection(ctx, sdk.SetDirectionParams{Direction: direction})
	return err
}

// logOut ends the session. With force it ends whatever work is open.
func (b *browser) logOut(ctx context.Context, force bool) error {
	if force {
		_, err := b.client.Session.SetPresenceState(ctx, sdk.SetPresenceStateParams{State: api.StateOffline, ForceLogout: true})
		return err
	}
	state, err := b.client.Authentication.Logout(ctx)
	if err == nil && state.State != api.StateOffline {
		return errWaits
	}
	return err
}

// bookmark remembers a session from one browser to the next. It is a [sdk.Resumption].
type bookmark struct {
	mu    sync.Mutex // guards point
	point sdk.ResumePoint
}

// Load returns what was saved last.
func (m *bookmark) Load() (sdk.ResumePoint, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.point, nil
}

// leave remembers a session of before for whoever has just logged in.
func (m *bookmark) leave(c *clients, b *browser, session string) {
	base := strings.TrimSuffix(c.options.BaseURL, "/") + "/" // as the SDK has it
	m.mu.Lock()
	defer m.mu.Unlock()
	m.point = sdk.ResumePoint{BaseURL: base, UserID: b.user, TenantID: b.tenant, SessionID: session}
}

// Save remembers a session.
func (m *bookmark) Save(point sdk.ResumePoint) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.point = point
	return nil
}
