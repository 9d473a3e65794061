package httpapi

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/directory"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

// brokenDirectory fails when the people of North are looked up.
type brokenDirectory struct {
	store.Directory
	fail func() error
}

func (d *brokenDirectory) Member(ctx context.Context, key presence.Key) (*directory.Member, error) {
	if key.Tenant == tenantID(north) && d.fail != nil {
		return nil, d.fail()
	}
	return d.Directory.Member(ctx, key)
}

func TestPanic_OfAHandlerIsOneRequestsFailure(t *testing.T) {
	t.Parallel()
	broken := new(brokenDirectory)
	w := newWorld(t, func(o *Options) { broken.Directory, o.Directory = o.Directory, broken })
	broken.fail = func() error { panic("the secret of the panic") }
	f := w.get(agent, "/v1/tenants/"+north).refused(api.CodeInternal, "")
	if strings.Contains(f.Message, "secret") {
		t.Errorf("the panic is told: %s", f.Message)
	}
	if log := w.log.String(); !strings.Contains(log, "the secret of the panic") || !strings.Contains(log, f.RequestID) || !strings.Contains(log, "getTenant") {
		t.Errorf("logged: %s", log)
	}
	wantEqual(t, w.served.last(), servedAnswer{"getTenant", 500})
	broken.fail = nil
	w.get(agent, "/v1/tenants/"+north).wantStatus(200)
}

func TestUnknownError_IsInternalAndKeptInTheLog(t *testing.T) {
	t.Parallel()
	broken := new(brokenDirectory)
	w := newWorld(t, func(o *Options) { broken.Directory, o.Directory = o.Directory, broken })
	broken.fail = func() error { return errors.New("the cause") }
	f := w.get(agent, "/v1/tenants/"+north).refused(api.CodeInternal, "")
	if strings.Contains(f.Message, "the cause") || !strings.Contains(w.log.String(), "the cause") || !strings.Contains(w.log.String(), f.RequestID) {
		t.Errorf("answered %q, logged %s", f.Message, w.log)
	}
}

func TestStore_ThatCannotBeWrittenIsUnavailable(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.session(agent)
	w.store.FailCommits(&store.Unavailable{Reason: "the disk is full", Hint: "make room", Cause: errors.New("errno 28")})
	w.unchanged(func() {
		r := w.setState(agent, to("ready"), keyHeader, "key")
		if f := r.refused(api.CodeUnavailable, ""); !strings.Contains(f.Message, "the disk is full") || strings.Contains(f.Message, "errno") {
			t.Errorf("the message is %q", f.Message)
		}
		wantEqual(t, r.header.Get("Retry-After"), "1")
	})
	w.store.FailCommits(nil)
	w.caused(north, func() { w.setState(agent, to("ready"), keyHeader, "key").ok() }, presence.KindStateSet)
}

func TestCallerWhoHasLeft_IsCountedAndNotLogged(t *testing.T) {
	t.Parallel()
	left, leave := context.WithCancel(t.Context())
	leave()
	broken := new(brokenDirectory)
	w := newWorld(t, func(o *Options) { broken.Directory, o.Directory = o.Directory, broken })
	broken.fail = func() error { return left.Err() }
	request := newRequest(t, http.MethodGet, "/v1/tenants/"+north, nil, "Authorization", "Token "+w.tokenOf(agent)).WithContext(left)
	// Whoever still listens must not take silence for success.
	w.send(request).refused(api.CodeUnavailable, "")
	wantEqual(t, w.served.last(), servedAnswer{"getTenant", statusClientClosed})
	wantEqual(t, w.log.String(), "")
}

func TestDeadline_IsUnavailable(t *testing.T) {
	t.Parallel()
	late, cancel := context.WithDeadline(t.Context(), time.Now().Add(-time.Second))
	t.Cleanup(cancel)
	broken := new(brokenDirectory)
	w := newWorld(t, func(o *Options) { broken.Directory, o.Directory = o.Directory, broken })
	broken.fail = func() error { return late.Err() }
	request := newRequest(t, http.MethodGet, "/v1/tenants/"+north, nil, "Authorization", "Token "+w.tokenOf(agent)).WithContext(late)
	w.send(request).refused(api.CodeUnavailable, "")
}

func TestObserver_IsToldEveryAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.get(agent, "/v1/me")
	wantEqual(t, w.served.last(), servedAnswer{"listTenantDetails", 200})
	w.get(nobody, "/v1/me")
	wantEqual(t, w.served.last(), servedAnswer{"listTenantDetails", 401})
	w.get(agent, "/v1/nothing")
	wantEqual(t, w.served.last(), servedAnswer{"", 404})
}

func TestRequestIDs_AreEachOnesOwn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	seen := map[string]bool{}
	for range 100 {
		seen[w.get(agent, "/v1/nothing").failure().RequestID] = true
	}
	wantEqual(t, len(seen), 100)
}
