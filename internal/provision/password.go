package provision

import (
	"context"
	"encoding/base64"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Hasher keeps passwords. It is slow on purpose.
type Hasher interface {
	// Hash returns what is stored of a password: a PHC string.
	Hash(ctx context.Context, password string) (string, error)
	// Matches reports whether the hash is one of the password.
	Matches(ctx context.Context, hash, password string) (bool, error)
}

// rememberingHasher asks another hasher once for each question, so that planning
// again, when the directory was changed meanwhile, costs nothing. For one
// caller at a time, and for as long as one application of files takes.
type rememberingHasher struct {
	Hasher
	hashes  map[passwordOf]string
	matches map[hashOf]bool
}

type (
	passwordOf struct{ user, password string }
	hashOf     struct{ hash, password string }
)

// remembering returns the hasher itself if it remembers already.
func remembering(hasher Hasher) *rememberingHasher {
	if remembers, ok := hasher.(*rememberingHasher); ok {
		return remembers
	}
	return &rememberingHasher{Hasher: hasher, hashes: map[passwordOf]string{}, matches: map[hashOf]bool{}}
}

// hashFor returns a hash of a user's password: another one for each user, so
// that equal passwords do not show.
func (h *rememberingHasher) hashFor(ctx context.Context, user, password string) (string, error) {
	asked := passwordOf{user, password}
	if hash, known := h.hashes[asked]; known {
		return hash, nil
	}
	hash, err := h.Hash(ctx, password)
	if err != nil {
		return "", fmt.Errorf("hash the password of %s: %w", user, err)
	}
	h.hashes[asked] = hash
	return hash, nil
}

// Matches implements [Hasher].
func (h *rememberingHasher) Matches(ctx context.Context, hash, password string) (bool, error) {
	asked := hashOf{hash, password}
	if matches, known := h.matches[asked]; known {
		return matches, nil
	}
	matches, err := h.Hasher.Matches(ctx, hash, password)
	if err == nil {
		h.matches[asked] = matches
	}
	return matches, err
}

// password is a password in the clear.
func password(n node) (string, string, bool) {
	const shortest, longest = 8, 200
	text, should, ok := line(n)
	if !ok {
		return "", should, false
	}
	if length := utf8.RuneCountInString(text); length < shortest || length > longest {
		return "", fmt.Sprintf("must have %d to %d characters", shortest, longest), false
	}
	return text, "", true
}

// passwordHash is a PHC string of argon2id. Its parameters are bounded, since
// whoever logs in makes the server pay for them.
func passwordHash(n node) (string, string, bool) {
	const should = "must be a PHC string of argon2id, as in $argon2id$v=19$m=19456,t=2,p=1$<salt>$<hash>, as muster export --with-secrets writes it"
	text, problem, ok := line(n)
	if !ok {
		return "", problem, false
	}
	parts := strings.Split(text, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != "v=19" {
		return "", should, false
	}
	var memory, passes, lanes uint32
	const cost = "m=%d,t=%d,p=%d"
	if _, err := fmt.Sscanf(parts[3], cost, &memory, &passes, &lanes); err != nil || parts[3] != fmt.Sprintf(cost, memory, passes, lanes) {
		return "", should, false
	}
	if !acceptableCost(memory, passes, lanes) {
		return "", "has a cost that is refused: m must be 8 to 131072 KiB for each of at most 4 lanes (p), m times t at most 524288", false
	}
	if !encoded(parts[4], 8, 64) || !encoded(parts[5], 16, 64) {
		return "", should, false
	}
	return text, "", true
}

// acceptableCost has the bounds within which passwords are checked.
func acceptableCost(memory, passes, lanes uint32) bool {
	return lanes >= 1 && lanes <= 4 && memory >= 8*lanes && memory <= 128<<10 && passes >= 1 && passes <= (512<<10)/memory
}

// encoded reports whether the text is the base64 of that many bytes, spelled in
// the one right way.
func encoded(text string, shortest, longest int) bool {
	decoded, err := base64.RawStdEncoding.Strict().DecodeString(text)
	return err == nil && len(decoded) >= shortest && len(decoded) <= longest && base64.RawStdEncoding.EncodeToString(decoded) == text
}
