package auth

import (
	"strings"
	"testing"
)

// reference is the hash of "password" that argon2's authors publish with their
// own program.
const reference = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"

func TestHash_AgreesWithTheReferenceProgram(t *testing.T) {
	t.Parallel()
	h, err := parseHash(reference)
	if err != nil {
		t.Fatal(err)
	}
	if !h.matches("password") {
		t.Error("the right password does not match")
	}
	if h.matches("Password") {
		t.Error("a wrong password matches")
	}
}

func TestParseHash_RefusesWhatIsNotAHashWithinTheBounds(t *testing.T) {
	t.Parallel()
	const salt, sum = "c29tZXNhbHQ", "CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
	for name, text := range map[string]string{
		"nothing":                      "",
		"a plain password":             "password",
		"another algorithm":            "$argon2i$v=19$m=65536,t=2,p=1$" + salt + "$" + sum,
		"another version":              "$argon2id$v=16$m=65536,t=2,p=1$" + salt + "$" + sum,
		"no version":                   "$argon2id$m=65536,t=2,p=1$" + salt + "$" + sum,
		"too much memory":              "$argon2id$v=19$m=131073,t=1,p=1$" + salt + "$" + sum,
		"all memory there is":          "$argon2id$v=19$m=4294967295,t=1,p=1$" + salt + "$" + sum,
		"more memory than a number":    "$argon2id$v=19$m=4294967296,t=1,p=1$" + salt + "$" + sum,
		"too little memory":            "$argon2id$v=19$m=7,t=1,p=1$" + salt + "$" + sum,
		"too little memory a lane":     "$argon2id$v=19$m=31,t=1,p=4$" + salt + "$" + sum,
		"no memory":                    "$argon2id$v=19$m=0,t=1,p=1$" + salt + "$" + sum,
		"too many passes":              "$argon2id$v=19$m=65536,t=9,p=1$" + salt + "$" + sum,
		"endless passes":               "$argon2id$v=19$m=8,t=4294967295,p=1$" + salt + "$" + sum,
		"no passes":                    "$argon2id$v=19$m=65536,t=0,p=1$" + salt + "$" + sum,
		"too many lanes":               "$argon2id$v=19$m=65536,t=2,p=5$" + salt + "$" + sum,
		"no lanes":                     "$argon2id$v=19$m=65536,t=2,p=0$" + salt + "$" + sum,
		"a sign":                       "$argon2id$v=19$m=+65536,t=2,p=1$" + salt + "$" + sum,
		"a leading zero":               "$argon2id$v=19$m=065536,t=2,p=1$" + salt + "$" + sum,
		"a space":                      "$argon2id$v=19$m= 65536,t=2,p=1$" + salt + "$" + sum,
		"parameters in another order":  "$argon2id$v=19$t=2,m=65536,p=1$" + salt + "$" + sum,
		"a further parameter":          "$argon2id$v=19$m=65536,t=2,p=1,data=$" + salt + "$" + sum,
		"a short salt":                 "$argon2id$v=19$m=65536,t=2,p=1$c29tc2FsdA$" + sum,
		"a salt that is not base64":    "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ=$" + sum,
		"spare bits in the salt":       "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHR$" + sum,
		"a line break in the sum":      "$argon2id$v=19$m=65536,t=2,p=1$" + salt + "$" + sum[:5] + "\n" + sum[5:],
		"an empty sum":                 "$argon2id$v=19$m=65536,t=2,p=1$" + salt + "$",
		"no sum":                       "$argon2id$v=19$m=65536,t=2,p=1$" + salt,
		"something behind":             reference + "$",
		"a space in front":             " " + reference,
		"more text than any hash":      reference + strings.Repeat("A", 1<<20),
		"a sum longer than acceptable": "$argon2id$v=19$m=65536,t=2,p=1$" + salt + "$" + strings.Repeat("AAAA", 22),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if h, err := parseHash(text); err != ErrHash {
				t.Errorf("parsed as %v with error %v, want ErrHash", h, err)
			}
		})
	}
}

func FuzzParseHash(f *testing.F) {
	f.Add(reference)
	f.Add("$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
	f.Add("$argon2id$v=19$m=4294967295,t=4294967295,p=255$$")
	f.Fuzz(func(t *testing.T, text string) {
		h, err := parseHash(text)
		switch {
		case err != nil && err != ErrHash:
			t.Fatalf("error %v, want ErrHash", err)
		case err == nil && h.String() != text:
			t.Fatalf("%q was read as %q", text, h)
		case err == nil && (h.memory > maxMemory || uint64(h.memory)*uint64(h.passes) > maxWork || h.lanes > maxLanes):
			t.Fatalf("%q costs too much", text)
		}
	})
}
