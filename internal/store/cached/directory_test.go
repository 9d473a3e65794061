package cached_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/muster-presence/muster/internal/directory"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
	"github.com/muster-presence/muster/internal/store/cached"
	"github.com/muster-presence/muster/internal/store/memory"
	"github.com/muster-presence/muster/internal/store/storetest"
)

func TestDirectory(t *testing.T) {
	t.Parallel()
	for _, capacity := range []int{1, 1000} {
		t.Run(fmt.Sprintf("with room for %d", capacity), func(t *testing.T) {
			t.Parallel()
			storetest.Directory(t, func(*testing.T) store.Directory {
				return cached.NewDirectory(memory.NewDirectory(memory.NewAudit()), capacity)
			})
		})
	}
}

func TestDirectory_RemembersWhatItRead(t *testing.T) {
	t.Parallel()
	counted := &countingReads{Directory: floor(t, 2)}
	cache := cached.NewDirectory(counted, 10)
	for range 3 {
		readAll(t, cache, 0)
	}
	if counted.reads != 3 {
		t.Errorf("%d reads reached the store, want one each of tenant, user and member", counted.reads)
	}
}

func TestDirectory_ForgetsOnlyWhatAWriteChanges(t *testing.T) {
	t.Parallel()
	counted := &countingReads{Directory: floor(t, 2)}
	cache := cached.NewDirectory(counted, 10)
	readAll(t, cache, 0)
	readAll(t, cache, 1)
	if _, err := cache.RaiseTokenGeneration(t.Context(), agentID(0)); err != nil {
		t.Fatal(err)
	}
	counted.reads = 0
	readAll(t, cache, 0)
	readAll(t, cache, 1)
	if counted.reads != 1 {
		t.Errorf("%d reads reached the store, want one, of the user whose tokens ended", counted.reads)
	}
}

func TestDirectory_RemembersNoMoreThanItHasRoomFor(t *testing.T) {
	t.Parallel()
	counted := &countingReads{Directory: floor(t, 8)}
	cache := cached.NewDirectory(counted, 4)
	for range 2 {
		for i := range 8 {
			if _, err := cache.Member(t.Context(), memberKey(i)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if counted.reads < 8+4 {
		t.Errorf("%d reads of 8 members, twice: more than 4 were remembered", counted.reads)
	}
}

func TestDirectory_ALoadThatBeganBeforeAWriteIsNotRemembered(t *testing.T) {
	t.Parallel()
	held := &heldRead{Directory: floor(t, 1), read: make(chan struct{}), release: make(chan struct{})}
	cache := cached.NewDirectory(held, 10)

	answered := make(chan error)
	go func() {
		_, err := cache.Member(t.Context(), memberKey(0)) // reads the old value and is held up
		answered <- err
	}()
	<-held.read
	if err := cache.SetActiveExtension(t.Context(), memberKey(0), extensionID); err != nil {
		t.Fatal(err)
	}
	close(held.release)
	if err := <-answered; err != nil {
		t.Fatal(err)
	}

	member, err := cache.Member(t.Context(), memberKey(0))
	if err != nil {
		t.Fatal(err)
	}
	if member.ActiveExtension == nil {
		t.Error("the value from before the write was remembered")
	}
}

func BenchmarkDirectory_Member(b *testing.B) {
	cache := cached.NewDirectory(floor(b, 1000), 1000)
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for i := 0; pb.Next(); i++ {
			if _, err := cache.Member(b.Context(), memberKey(i%1000)); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// countingReads counts what reaches the store; for one caller at a time.
type countingReads struct {
	store.Directory
	reads int
}

func (c *countingReads) Tenant(ctx context.Context, id presence.TenantID) (*directory.Tenant, error) {
	c.reads++
	return c.Directory.Tenant(ctx, id)
}

func (c *countingReads) User(ctx context.Context, id presence.AgentID) (*directory.User, error) {
	c.reads++
	return c.Directory.User(ctx, id)
}

func (c *countingReads) Member(ctx context.Context, key presence.Key) (*directory.Member, error) {
	c.reads++
	return c.Directory.Member(ctx, key)
}

// heldRead holds up the answer of the first read of a member until released.
type heldRead struct {
	store.Directory
	read, release chan struct{}
	later         bool
}

func (h *heldRead) Member(ctx context.Context, key presence.Key) (*directory.Member, error) {
	member, err := h.Directory.Member(ctx, key)
	if !h.later {
		h.later = true
		close(h.read)
		<-h.release
	}
	return member, err
}

var (
	tenantID    = presence.TenantID{UUID: presence.UUID{1}}
	extensionID = directory.ExtensionID{UUID: presence.UUID{2}}
)

func agentID(i int) presence.AgentID {
	return presence.AgentID{UUID: presence.UUID{3, byte(i >> 8), byte(i)}}
}

func memberKey(i int) presence.Key { return presence.Key{Tenant: tenantID, Agent: agentID(i)} }

// floor returns a store with that many members of one tenant.
func floor(t testing.TB, members int) store.Directory {
	t.Helper()
	region := &directory.Region{ID: directory.RegionID{UUID: presence.UUID{4}}, Key: "local"}
	contents := &directory.Contents{
		Regions: []*directory.Region{region},
		Tenants: []*directory.Tenant{{ID: tenantID, Key: "demo", Region: region.ID}},
	}
	for i := range members {
		contents.Users = append(contents.Users, &directory.User{ID: agentID(i), Username: fmt.Sprint(i), Active: true})
		contents.Memberships = append(contents.Memberships, &directory.Membership{
			Tenant: tenantID, Agent: agentID(i), Active: true,
			Extensions: []directory.Extension{{ID: extensionID, Type: directory.SIP, Value: "1"}},
		})
	}
	contents.Arrange()
	inner := memory.NewDirectory(memory.NewAudit())
	if err := inner.Apply(t.Context(), 0, directory.Diff(&directory.Contents{}, contents), nil); err != nil {
		t.Fatal(err)
	}
	return inner
}

// readAll reads everything that is remembered of one member.
func readAll(t *testing.T, from store.Directory, i int) {
	t.Helper()
	if _, err := from.Tenant(t.Context(), tenantID); err != nil {
		t.Fatal(err)
	}
	if _, err := from.User(t.Context(), agentID(i)); err != nil {
		t.Fatal(err)
	}
	if _, err := from.Member(t.Context(), memberKey(i)); err != nil {
		t.Fatal(err)
	}
}
