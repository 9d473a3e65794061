package auth

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

var testKey = store.SigningKey{1, 2, 3}

func TestSigner_ReadsWhatItSigned(t *testing.T) {
	t.Parallel()
	s := newSigner(testKey)
	want := anIdentity()
	if got, err := s.read(sign(t, s, want)); got != want || err != nil {
		t.Errorf("read %v and error %v, want %v", got, err, want)
	}
}

func TestSigner_RefusesEveryOtherAlgorithm(t *testing.T) {
	t.Parallel()
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	ecKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for _, other := range []struct {
		method jwt.SigningMethod
		key    any
	}{
		{jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType},
		{jwt.SigningMethodHS384, testKey[:]},
		{jwt.SigningMethodHS512, testKey[:]},
		{jwt.SigningMethodRS256, rsaKey},
		{jwt.SigningMethodPS256, rsaKey},
		{jwt.SigningMethodES256, ecKey},
	} {
		text, err := jwt.NewWithClaims(other.method, ownClaims()).SignedString(other.key)
		if err != nil {
			t.Fatal(err)
		}
		wantInvalid(t, other.method.Alg(), text)
	}
}

func TestSigner_RefusesAHeaderThatNamesAnotherAlgorithmThanTheSignatures(t *testing.T) {
	t.Parallel()
	for _, header := range []string{
		`{"alg":"none","typ":"JWT"}`, `{"alg":"None"}`, `{"alg":""}`, `{}`, `{"alg":null}`,
		`{"alg":"hs256"}`, `{"alg":"HS384"}`, `{"alg":"RS256"}`, `{"alg":["HS256"]}`, `null`, `[]`, ``,
	} {
		payload := strings.Split(sign(t, newSigner(testKey), anIdentity()), ".")[1]
		signed := base64.RawURLEncoding.EncodeToString([]byte(header)) + "." + payload
		signature, err := jwt.SigningMethodHS256.Sign(signed, testKey[:])
		if err != nil {
			t.Fatal(err)
		}
		wantInvalid(t, header, signed+"."+base64.RawURLEncoding.EncodeToString(signature))
		wantInvalid(t, header+" without a signature", signed+".")
	}
}

func TestSigner_RefusesAnotherKeysTokens(t *testing.T) {
	t.Parallel()
	for name, key := range map[string]store.SigningKey{"another key": {3, 2, 1}, "no key": {}} {
		wantInvalid(t, name, sign(t, newSigner(key), anIdentity()))
	}
}

func TestSigner_RefusesClaimsThatAreNotOurs(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(jwt.MapClaims){
		"no expiry":               func(c jwt.MapClaims) { delete(c, "exp") },
		"no time of issue":        func(c jwt.MapClaims) { delete(c, "iat") },
		"no id":                   func(c jwt.MapClaims) { delete(c, "jti") },
		"no subject":              func(c jwt.MapClaims) { delete(c, "sub") },
		"no user id":              func(c jwt.MapClaims) { delete(c, "user-id") },
		"an expiry that is text":  func(c jwt.MapClaims) { c["exp"] = "tomorrow" },
		"an id that is no id":     func(c jwt.MapClaims) { c["jti"] = "1" },
		"a user that is no id":    func(c jwt.MapClaims) { c["user-id"] = "admin"; c["sub"] = "admin" },
		"two different users":     func(c jwt.MapClaims) { c["sub"] = otherID.String() },
		"a generation as text":    func(c jwt.MapClaims) { c["gen"] = "0" },
		"a generation with parts": func(c jwt.MapClaims) { c["gen"] = 0.5 },
	} {
		c := ownClaims()
		spoil(c)
		text, err := jwt.NewWithClaims(jwt.SigningMethodHS256, c).SignedString(testKey[:])
		if err != nil {
			t.Fatal(err)
		}
		wantInvalid(t, name, text)
	}
}

func TestSigner_RefusesATokenWithAnythingChanged(t *testing.T) {
	t.Parallel()
	good := sign(t, newSigner(testKey), anIdentity())
	const some = "Az0-_.= \n\x00"
	for i := range good {
		wantInvalid(t, "one character less", good[:i]+good[i+1:])
		wantInvalid(t, "the end cut off", good[:i])
		for _, c := range []byte(some) {
			wantInvalid(t, "one character more", good[:i]+string(c)+good[i:])
			if c != good[i] {
				wantInvalid(t, "another character", good[:i]+string(c)+good[i+1:])
			}
		}
	}
	for _, c := range []byte(some) {
		wantInvalid(t, "one character more at the end", good+string(c))
	}
	wantInvalid(t, "endless text", good+strings.Repeat("A", 1<<20))
}

func TestSigner_RefusesAnotherSpellingOfTheSameSignature(t *testing.T) {
	t.Parallel()
	good := sign(t, newSigner(testKey), anIdentity())
	end := len(good) - 1 // of its 6 bits only 4 are part of the signature
	for _, c := range []byte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") {
		if c != good[end] {
			wantInvalid(t, "another last character", good[:end]+string(c))
		}
	}
}

func anIdentity() Identity {
	issued := presence.InstantOf(time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC))
	return Identity{
		User: agentID, TokenID: store.TokenID{UUID: presence.UUID{7}}, Generation: 3,
		IssuedAt: issued, ExpiresAt: issued.Add(time.Hour),
	}
}

// ownClaims are the claims of anIdentity, open for spoiling.
func ownClaims() jwt.MapClaims {
	identity := anIdentity()
	return jwt.MapClaims{
		"exp": identity.ExpiresAt.Time().Unix(), "iat": identity.IssuedAt.Time().Unix(), "jti": identity.TokenID.String(),
		"sub": identity.User.String(), "user-id": identity.User.String(), "gen": identity.Generation,
	}
}

func sign(tb testing.TB, s signer, identity Identity) string {
	tb.Helper()
	text, err := s.sign(identity)
	if err != nil {
		tb.Fatal(err)
	}
	return text
}

func wantInvalid(t *testing.T, what, text string) {
	t.Helper()
	if identity, err := newSigner(testKey).read(text); err != ErrTokenInvalid {
		t.Errorf("%s: %.200q was read as %v with error %v", what, text, identity, err)
	}
}
