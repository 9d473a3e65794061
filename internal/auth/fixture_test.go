package auth

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/muster-presence/muster/internal/directory"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
	"github.com/muster-presence/muster/internal/store/memory"
)

// password is that of every user in a fixture who has one.
const password = "correct horse"

var (
	agentID    = presence.AgentID{UUID: presence.UUID{0xa1, 6: 0x40, 8: 0x80}}
	otherID    = presence.AgentID{UUID: presence.UUID{0xa2, 6: 0x40, 8: 0x80}}
	inactiveID = presence.AgentID{UUID: presence.UUID{0xa3, 6: 0x40, 8: 0x80}}
	hashlessID = presence.AgentID{UUID: presence.UUID{0xa4, 6: 0x40, 8: 0x80}}
	brokenID   = presence.AgentID{UUID: presence.UUID{0xa5, 6: 0x40, 8: 0x80}}
	ssoID      = presence.AgentID{UUID: presence.UUID{0xa6, 6: 0x40, 8: 0x80}}
	mixedID    = presence.AgentID{UUID: presence.UUID{0xa7, 6: 0x40, 8: 0x80}}
	formerID   = presence.AgentID{UUID: presence.UUID{0xa8, 6: 0x40, 8: 0x80}}
	ghostID    = presence.AgentID{UUID: presence.UUID{0xff, 6: 0x40, 8: 0x80}}

	regionID   = directory.RegionID{UUID: presence.UUID{0x01}}
	passwordID = presence.TenantID{UUID: presence.UUID{0x11}} // tenant with password log-in
	signOnID   = presence.TenantID{UUID: presence.UUID{0x12}} // tenant without
)

// fixture is everything that package auth works with, in memory, at a fixed time.
type fixture struct {
	clock     *clock
	directory *memory.Directory
	kept      *memory.Tokens
	tokens    *Tokens
	passwords *Passwords
	logins    *Logins
}

func newFixture(tb testing.TB) *fixture {
	tb.Helper()
	f := &fixture{
		clock:     newClock(),
		directory: memory.NewDirectory(memory.NewAudit()),
		kept:      memory.NewTokens(),
		passwords: NewPasswords(),
	}
	if err := f.directory.Apply(context.Background(), 0, population(), nil); err != nil {
		tb.Fatal(err)
	}
	f.tokens = f.open(tb)
	f.logins = NewLogins(f.directory, f.passwords, f.tokens, f.clock.now)
	return f
}

// open returns what a process that starts now would have.
func (f *fixture) open(tb testing.TB) *Tokens {
	tb.Helper()
	tokens, err := OpenTokens(context.Background(), f.kept, f.directory, f.clock.now)
	if err != nil {
		tb.Fatal(err)
	}
	return tokens
}

// issue returns a token of the user, which must exist.
func (f *fixture) issue(tb testing.TB, id presence.AgentID, ttl time.Duration) string {
	tb.Helper()
	user, err := f.directory.User(context.Background(), id)
	if err != nil {
		tb.Fatal(err)
	}
	token, _, err := f.tokens.Issue(user, ttl)
	if err != nil {
		tb.Fatal(err)
	}
	return token
}

// change applies changes to the directory.
func (f *fixture) change(t *testing.T, changes ...directory.Change) {
	t.Helper()
	contents, err := f.directory.Load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := f.directory.Apply(t.Context(), contents.Revision, changes, nil); err != nil {
		t.Fatal(err)
	}
}

func population() directory.Changes {
	return directory.Changes{
		create(directory.KindRegion, &directory.Region{ID: regionID, Key: "local"}),
		create(directory.KindTenant, newTenant(passwordID, "password", true)),
		create(directory.KindTenant, newTenant(signOnID, "sign-on", false)),
		create(directory.KindUser, newUser(agentID, "Agent@Demo.example")),
		create(directory.KindUser, newUser(otherID, "other@demo.example")),
		create(directory.KindUser, inactive(newUser(inactiveID, "inactive@demo.example"))),
		create(directory.KindUser, withHash(newUser(hashlessID, "hashless@demo.example"), "")),
		create(directory.KindUser, withHash(newUser(brokenID, "broken@demo.example"), "$argon2id$broken")),
		create(directory.KindUser, newUser(ssoID, "sso@demo.example")),
		create(directory.KindUser, newUser(mixedID, "mixed@demo.example")),
		create(directory.KindUser, newUser(formerID, "former@demo.example")),
		membership(agentID, passwordID, true),
		membership(ssoID, signOnID, true),
		membership(mixedID, passwordID, true),
		membership(mixedID, signOnID, true),
		membership(formerID, passwordID, false),
		membership(formerID, signOnID, true),
	}
}

func newTenant(id presence.TenantID, key string, passwordLogin bool) *directory.Tenant {
	return &directory.Tenant{
		ID: id, Key: key, Name: key, Active: true, Timezone: "UTC", Region: regionID,
		PasswordLogin: passwordLogin, Settings: directory.DefaultSettings(),
	}
}

func newUser(id presence.AgentID, username string) *directory.User {
	// A cheap hash keeps the tests quick; its parameters are the least accepted.
	h := hash{memory: minMemoryLane, passes: 1, lanes: 1, salt: id.UUID[:]}
	h.sum = h.compute(password, sumSize)
	return &directory.User{ID: id, Username: username, Active: true, PasswordHash: h.String()}
}

func inactive(user *directory.User) *directory.User {
	user.Active = false
	return user
}

func withHash(user *directory.User, hash string) *directory.User {
	user.PasswordHash = hash
	return user
}

func membership(agent presence.AgentID, tenant presence.TenantID, active bool) directory.Change {
	change := create(directory.KindMembership, &directory.Membership{Tenant: tenant, Agent: agent, Active: active})
	change.Tenant = tenant
	return change
}

func create(kind directory.Kind, document directory.Document) directory.Change {
	return directory.Change{Action: directory.Create, Kind: kind, Document: document}
}

// clock shows the time it was set to.
type clock struct{ at atomic.Pointer[time.Time] }

func newClock() *clock {
	c := new(clock)
	c.set(time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC))
	return c
}

func (c *clock) now() time.Time          { return *c.at.Load() }
func (c *clock) set(at time.Time)        { c.at.Store(&at) }
func (c *clock) advance(d time.Duration) { c.set(c.now().Add(d)) }

// failing is a directory and a store of tokens that cannot do it now.
type failing struct {
	store.Directory
	store.Tokens
}

var errFailing = &store.Unavailable{Reason: "the disk is full"}

func (failing) User(context.Context, presence.AgentID) (*directory.User, error) {
	return nil, errFailing
}

func (failing) UserByName(context.Context, string) (*directory.User, error) {
	return nil, errFailing
}

func (failing) RaiseTokenGeneration(context.Context, presence.AgentID) (int64, error) {
	return 0, errFailing
}

func (failing) RevokeToken(context.Context, store.RevokedToken, presence.Instant) error {
	return errFailing
}
