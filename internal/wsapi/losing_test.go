package wsapi

import (
	"io"
	"testing"
	"time"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/directory"
)

// theLosses are what a supervisor who watches may lose.
func theLosses() map[string]struct {
	lose func(w *world)
	want api.CloseCode
} {
	membership := func(alter func(*directory.Membership)) func(*world) {
		return func(w *world) {
			contents, err := w.store.Load(w.t.Context())
			if err != nil {
				w.t.Fatal(err)
			}
			for _, m := range contents.Memberships {
				if m.Key() == keyOf(supervisor) {
					after := *m
					alter(&after)
					w.apply(directory.Change{Action: directory.Update, Kind: directory.KindMembership, Document: &after})
				}
			}
		}
	}
	return map[string]struct {
		lose func(w *world)
		want api.CloseCode
	}{
		"all tokens": {func(w *world) {
			if err := w.tokens.RevokeAll(w.t.Context(), keyOf(supervisor).Agent); err != nil {
				w.t.Fatal(err)
			}
		}, api.CloseTokenRevoked},
		"the right":      {membership(func(m *directory.Membership) { m.Roles = nil }), api.CloseForbidden},
		"the membership": {membership(func(m *directory.Membership) { m.Active = false }), api.CloseNotFound},
		"the tenant": {func(w *world) {
			tenant, err := w.store.Tenant(w.t.Context(), keyOf(agent).Tenant)
			if err != nil {
				w.t.Fatal(err)
			}
			after := *tenant
			after.Active = false
			w.apply(directory.Change{Action: directory.Update, Kind: directory.KindTenant, Document: &after})
		}, api.CloseNotFound},
	}
}

func TestEvents_LoseWhatTheirUserLosesWithinASecond(t *testing.T) {
	t.Parallel()
	for name, c := range theLosses() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inWorld(t, func(w *world) {
				quiet, busy := w.events(supervisor, "?view=floor"), w.events(supervisor, "?view=floor")
				busy.eventOf(api.FrameTypeBeat)
				c.lose(w)
				w.server.Recheck()
				began := time.Now()
				quiet.wantLastEvent(c.want)
				if waited := time.Since(began); waited > time.Second {
					t.Errorf("it ends after %s", waited)
				}
				busy.wantLastEvent(c.want)
			})
		})
	}
}

// wantLastEvent expects the reason, after whatever comes before, and then the end.
func (c *client) wantLastEvent(code api.CloseCode) {
	c.t.Helper()
	got, id := c.eventOf(api.FrameTypeClose)
	if got.Code != int(code) || got.Reason != code.Reason() || id != "" {
		c.t.Errorf("events end with %+v, id %q, want %d", got, id, code)
	}
	if rest, err := io.ReadAll(c.from); err != nil || len(rest) != 0 {
		c.t.Errorf("then %q, %v", rest, err)
	}
}

func TestEvents_OfOneselfOutliveTheLossOfTheFloor(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		w.login(supervisor)
		c := w.events(supervisor, "")
		c.eventOf(api.FrameTypeSnapshot)
		tenant, err := w.store.Tenant(t.Context(), keyOf(agent).Tenant)
		if err != nil {
			t.Fatal(err)
		}
		demoted := roleOf(tenant, "supervisor")
		demoted.Permissions = directory.NewPermissions([]api.Permission{api.PermissionArtifactsCreateAll})
		w.apply(directory.Change{Action: directory.Update, Kind: directory.KindRole, Tenant: tenant.ID, Document: &demoted})
		w.server.Recheck()
		time.Sleep(2 * time.Second)
		w.turn(supervisor)
		c.eventOf(api.FrameTypeEvents)
	})
}

func TestEvents_EndWhenTheirTokenExpires(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		c := w.connect()
		c.send(eventsRequest(north, "", w.token(agent, 70*time.Second)))
		began := time.Now()
		c.eventsBegin()
		c.wantLastEvent(api.CloseTokenExpired)
		if waited := time.Since(began); waited < 70*time.Second || waited > 71*time.Second {
			t.Errorf("a token of 70s ends its events after %s", waited)
		}
	})
}

func TestEvents_OfARevokedTokenEndAndThoseOfAnotherGoOn(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		token := w.token(agent, 0)
		revoked, other := w.connect(), w.events(agent, "")
		revoked.send(eventsRequest(north, "", token))
		revoked.eventsBegin()
		identity, err := w.tokens.Verify(t.Context(), token)
		if err == nil {
			err = w.tokens.Revoke(t.Context(), identity)
		}
		if err != nil {
			t.Fatal(err)
		}
		w.server.Recheck()
		began := time.Now()
		revoked.wantLastEvent(api.CloseTokenRevoked)
		if waited := time.Since(began); waited > time.Second {
			t.Errorf("it ends after %s", waited)
		}
		heard := time.Now()
		for time.Since(heard) < time.Minute {
			if got, _ := other.event(); got.Type == api.FrameTypeClose {
				t.Fatalf("the other ends with %+v", got)
			}
		}
	})
}
