package auth_test

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"time"

	"github.com/muster-presence/muster/internal/auth"
	"github.com/muster-presence/muster/internal/directory"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store/memory"
)

// A process opens everything once. An agent then logs in, is known by the token,
// and logs out.
func Example() {
	ctx := context.Background()
	passwords := auth.NewPasswords()
	hash, err := passwords.Hash(ctx, "correct horse")
	if err != nil {
		fmt.Println(err)
		return
	}
	users := memory.NewDirectory(memory.NewAudit())
	err = users.Apply(ctx, 0, directory.Changes{{
		Action: directory.Create,
		Kind:   directory.KindUser,
		Document: &directory.User{
			ID:       presence.AgentID{UUID: presence.UUID{0xa1, 6: 0x40, 8: 0x80}},
			Username: "agent@demo.example", Active: true, PasswordHash: hash,
		},
	}}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	tokens, err := auth.OpenTokens(ctx, memory.NewTokens(), users, time.Now)
	if err != nil {
		fmt.Println(err)
		return
	}
	logins := auth.NewLogins(users, passwords, tokens, time.Now)

	attempt := auth.Attempt{
		Username: "agent@demo.example",
		Password: "correct horse",
		Address:  netip.MustParseAddr("192.0.2.1"),
	}
	token, life, err := logins.Login(ctx, attempt)
	fmt.Println("logged in for", life, err)
	identity, err := tokens.Verify(ctx, token)
	fmt.Println("known as", identity.User, err)
	fmt.Println("logged out", tokens.Revoke(ctx, identity))
	_, err = tokens.Verify(ctx, token)
	fmt.Println(err)

	attempt.Password = "wrong horse"
	_, _, err = logins.Login(ctx, attempt)
	fmt.Println(err)
	var slowed *auth.Slowed
	_, _, err = logins.Login(ctx, attempt)
	fmt.Println("must wait:", errors.As(err, &slowed))
	// Output:
	// logged in for 24h0m0s <nil>
	// known as a1000000-0000-4000-8000-000000000000 <nil>
	// logged out <nil>
	// the token was revoked
	// wrong username or password
	// must wait: true
}
