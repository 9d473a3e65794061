package auth_test

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"testing"

	"github.com/muster-presence/muster/internal/auth"
)

func TestPasswords_AHashMatchesItsPasswordOnly(t *testing.T) {
	t.Parallel()
	passwords := auth.NewPasswords()
	hash := hashOf(t, passwords, "correct horse")
	for password, want := range map[string]bool{
		"correct horse":  true,
		"correct horse ": false,
		"Correct horse":  false,
		"":               false,
	} {
		if got := matches(t, passwords, hash, password); got != want {
			t.Errorf("password %q matches: %t, want %t", password, got, want)
		}
	}
}

func TestPasswords_AHashSaysHowItWasMade(t *testing.T) {
	t.Parallel()
	hash := hashOf(t, auth.NewPasswords(), "correct horse")
	form := regexp.MustCompile(`^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$`)
	if !form.MatchString(hash) {
		t.Errorf("hash %q", hash)
	}
	if err := auth.CheckHash(hash); err != nil {
		t.Errorf("our own hash is refused: %v", err)
	}
}

func TestPasswords_EqualPasswordsHaveDifferentHashes(t *testing.T) {
	t.Parallel()
	passwords := auth.NewPasswords()
	if hashOf(t, passwords, "same") == hashOf(t, passwords, "same") {
		t.Error("the salt is not random")
	}
}

func TestPasswords_RefuseEmptyAndEndlessOnes(t *testing.T) {
	t.Parallel()
	passwords := auth.NewPasswords()
	for _, password := range []string{"", strings.Repeat("x", auth.MaxPasswordLength+1)} {
		if _, err := passwords.Hash(t.Context(), password); !errors.Is(err, auth.ErrPasswordLength) {
			t.Errorf("%d bytes: error %v, want ErrPasswordLength", len(password), err)
		}
	}
}

func TestPasswords_NothingMatchesAnAbsentHash(t *testing.T) {
	t.Parallel()
	passwords := auth.NewPasswords()
	for _, password := range []string{"", "correct horse"} {
		if matches(t, passwords, "", password) {
			t.Errorf("password %q matches", password)
		}
	}
}

func TestPasswords_DoNotCheckAHashOutOfBounds(t *testing.T) {
	t.Parallel()
	const costly = "$argon2id$v=19$m=4194304,t=100,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
	if _, err := auth.NewPasswords().Matches(t.Context(), costly, "password"); !errors.Is(err, auth.ErrHash) {
		t.Errorf("error %v, want ErrHash", err)
	}
}

func hashOf(tb testing.TB, passwords *auth.Passwords, password string) string {
	tb.Helper()
	hash, err := passwords.Hash(context.Background(), password)
	if err != nil {
		tb.Fatal(err)
	}
	return hash
}

func matches(t *testing.T, passwords *auth.Passwords, hash, password string) bool {
	t.Helper()
	matches, err := passwords.Matches(t.Context(), hash, password)
	if err != nil {
		t.Fatal(err)
	}
	return matches
}

func BenchmarkPasswords_Matches(b *testing.B) {
	passwords := auth.NewPasswords()
	hash := hashOf(b, passwords, "correct horse")
	for b.Loop() {
		if _, err := passwords.Matches(b.Context(), hash, "wrong horse"); err != nil {
			b.Fatal(err)
		}
	}
}
