package wsapi

import (
	"context"
	"encoding/binary"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/auth"
	"github.com/muster-presence/muster/internal/directory"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
	"github.com/muster-presence/muster/internal/store/cached"
	"github.com/muster-presence/muster/internal/store/memory"
	"github.com/muster-presence/muster/internal/stream"
)

// countedDirectory counts what is read of a directory, and may hold it up.
type countedDirectory struct {
	store.Directory
	reads  atomic.Int64
	held   atomic.Bool
	opened chan struct{}
}

func (c *countedDirectory) note(ctx context.Context) error {
	c.reads.Add(1)
	if !c.held.Load() {
		return nil
	}
	select {
	case <-c.opened:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (c *countedDirectory) Tenant(ctx context.Context, id presence.TenantID) (*directory.Tenant, error) {
	if err := c.note(ctx); err != nil {
		return nil, err
	}
	return c.Directory.Tenant(ctx, id)
}

func (c *countedDirectory) User(ctx context.Context, id presence.AgentID) (*directory.User, error) {
	if err := c.note(ctx); err != nil {
		return nil, err
	}
	return c.Directory.User(ctx, id)
}

func (c *countedDirectory) Member(ctx context.Context, key presence.Key) (*directory.Member, error) {
	if err := c.note(ctx); err != nil {
		return nil, err
	}
	return c.Directory.Member(ctx, key)
}

func (c *countedDirectory) Load(ctx context.Context) (*directory.Contents, error) {
	if err := c.note(ctx); err != nil {
		return nil, err
	}
	return c.Directory.Load(ctx)
}

// noCarrier is of a watch that nobody serves.
type noCarrier struct{}

func (noCarrier) interrupt() {}

// nthUser is one of those who come on top of the people of the file.
func nthUser(n int) presence.AgentID {
	var id presence.UUID
	binary.BigEndian.PutUint32(id[:], uint32(n+1))
	id[6], id[8] = 0x40, 0x80
	return presence.AgentID{UUID: id}
}

// crowd fills North with agents who watch themselves, and one in a hundred the
// floor, without connections. It returns the watches of each kind.
func (w *world) crowd(size int) (selves, floors []*watch) {
	w.t.Helper()
	tenant, err := w.store.Tenant(context.Background(), keyOf(agent).Tenant)
	if err != nil {
		w.t.Fatal(err)
	}
	var changes []directory.Change
	for n := range size {
		membership := &directory.Membership{Tenant: tenant.ID, Agent: nthUser(n), Active: true, Roles: []directory.RoleID{roleOf(tenant, "agent").ID}}
		if n%100 == 0 {
			membership.Roles = append(membership.Roles, roleOf(tenant, "supervisor").ID)
		}
		changes = append(changes,
			directory.Change{Action: directory.Create, Kind: directory.KindUser, Document: &directory.User{ID: nthUser(n), Username: fmt.Sprint("crowd", n), Active: true}},
			directory.Change{Action: directory.Create, Kind: directory.KindMembership, Tenant: tenant.ID, Document: membership})
	}
	w.apply(changes...)
	expires := presence.InstantOf(time.Now().Add(time.Hour))
	for n := range size {
		made := &watch{
			server: w.server, carrier: noCarrier{}, key: presence.Key{Tenant: tenant.ID, Agent: nthUser(n)},
			view: stream.View{Floor: n%100 == 0},
		}
		made.identity.Store(&auth.Identity{User: nthUser(n), ExpiresAt: expires})
		w.server.add(made)
		if made.view.Floor {
			floors = append(floors, made)
		} else {
			selves = append(selves, made)
		}
	}
	return selves, floors
}

// disperse takes the watches out again, as their carriers would.
func (w *world) disperse(watches ...[]*watch) {
	for _, some := range watches {
		for _, one := range some {
			w.server.remove(one)
		}
	}
}

func roleOf(tenant *directory.Tenant, key string) directory.Role {
	for _, r := range tenant.Roles {
		if r.Key == key {
			return r
		}
	}
	panic("no role " + key)
}

// remembering lets the edge ask a directory that remembers, before one that counts.
func remembering(counted *countedDirectory, cache **cached.Directory) func(*Options) {
	return func(o *Options) {
		kept := o.Directory.(*memory.Store)
		counted.Directory = kept
		*cache = cached.NewDirectory(counted, 50_000)
		o.Directory = *cache
		o.Tokens, _ = auth.OpenTokens(context.Background(), kept, *cache, time.Now) // in memory: does not fail
	}
}

// A change of a role that everybody has is followed by a look at everybody's rights:
// as many reads as there are connections would take seconds.
func TestRecheck_OfALargeTenantReadsNextToNothing(t *testing.T) {
	t.Parallel()
	const size = 2000
	var counted countedDirectory
	var cache *cached.Directory
	inWorld(t, func(w *world) {
		selves, floors := w.crowd(size)
		defer w.disperse(selves, floors)
		w.server.recheckAll(t.Context()) // as it is when all have come
		tenant, err := cache.Tenant(t.Context(), keyOf(agent).Tenant)
		if err != nil {
			t.Fatal(err)
		}
		demoted, renamed := roleOf(tenant, "supervisor"), roleOf(tenant, "agent")
		demoted.Permissions = directory.NewPermissions(nil)
		renamed.Name = "Renamed"
		revision, err := cache.Revision(t.Context())
		if err == nil {
			counted.reads.Store(0)
			err = cache.Apply(t.Context(), revision, directory.Changes{
				{Action: directory.Update, Kind: directory.KindRole, Tenant: tenant.ID, Document: &demoted},
				{Action: directory.Update, Kind: directory.KindRole, Tenant: tenant.ID, Document: &renamed},
			}, nil)
		}
		if err != nil {
			t.Fatal(err)
		}
		w.server.recheckAll(t.Context())
		if reads := counted.reads.Load(); reads > 5 {
			t.Errorf("%d reads to look at the rights of %d", reads, size)
		}
		for _, one := range floors {
			if one.closing() != api.CloseForbidden {
				t.Fatalf("a floor of one who lost the right is closed with %d", one.closing())
			}
		}
		for _, one := range selves {
			if one.closing() != 0 {
				t.Fatalf("somebody's own view is closed with %d", one.closing())
			}
		}
	}, remembering(&counted, &cache))
}

func TestSweep_TokensExpireThoughTheStoreHangs(t *testing.T) {
	t.Parallel()
	counted := &countedDirectory{}
	inWorld(t, func(w *world) {
		c := w.upgraded()
		c.hello(w.token(agent, 70*time.Second), "self")
		c.nextOf(api.FrameTypeSnapshot)
		c.obey(60 * time.Second)
		counted.held.Store(true)
		defer close(counted.opened)
		w.server.Recheck()
		began := time.Now()
		c.wantClose(api.CloseTokenExpired)
		if waited := time.Since(began); waited > 11*time.Second {
			t.Errorf("closed %s late", waited-10*time.Second)
		}
	}, func(o *Options) {
		counted.Directory, counted.opened = o.Directory.(store.Directory), make(chan struct{}) // of this bubble
		o.Directory = counted
	})
}
