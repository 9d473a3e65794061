package auth

import (
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"
)

// hash is an argon2id hash of a password with all that is needed to compute it
// again.
type hash struct {
	memory uint32 // KiB
	passes uint32
	lanes  uint8
	salt   []byte
	sum    []byte
}

// The cost of the hashes that we make: what OWASP recommends at least, 25 ms on
// a processor of 2024.
const (
	ownMemory = 19 * 1024 // KiB
	ownPasses = 2
	ownLanes  = 1
	saltSize  = 16 // bytes
	sumSize   = 32 // bytes
)

// Bounds of the hashes that we check. Who can write a hash into the directory
// must not be able to stop the server with it.
const (
	maxMemory          = 128 * 1024 // KiB
	maxWork            = 512 * 1024 // KiB times passes: about 0.7 s
	maxLanes           = 4
	minMemoryLane      = 8 // KiB a lane: argon2's own minimum
	minSalt, maxSalt   = 8, 64
	minSum, maxSum     = 16, 64
	maxHashTextLength  = 256
	hashTextFormat     = "$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s"
	hashTextScanFormat = "$argon2id$v=%d$m=%d,t=%d,p=%d$"
)

// newHash computes the hash of password with our own cost.
func newHash(password string, salt [saltSize]byte) hash {
	h := hash{memory: ownMemory, passes: ownPasses, lanes: ownLanes, salt: salt[:]}
	h.sum = h.compute(password, sumSize)
	return h
}

// parseHash reads the PHC text of a hash: $argon2id$v=19$m=…,t=…,p=…$salt$sum.
// It accepts the one canonical spelling of a hash within the bounds only.
func parseHash(text string) (hash, error) {
	if len(text) > maxHashTextLength {
		return hash{}, ErrHash
	}
	fields := strings.Split(text, "$")
	if len(fields) != 6 {
		return hash{}, ErrHash
	}
	var h hash
	var version int
	head := strings.Join(fields[:4], "$") + "$"
	if _, err := fmt.Sscanf(head, hashTextScanFormat, &version, &h.memory, &h.passes, &h.lanes); err != nil {
		return hash{}, ErrHash
	}
	var saltErr, sumErr error
	h.salt, saltErr = base64.RawStdEncoding.DecodeString(fields[4])
	h.sum, sumErr = base64.RawStdEncoding.DecodeString(fields[5])
	// Scanning and decoding are lenient (signs, spaces, line breaks, spare bits);
	// writing the hash again is not.
	if saltErr != nil || sumErr != nil || !h.acceptable() || h.String() != text {
		return hash{}, ErrHash
	}
	return h, nil
}

func (h hash) acceptable() bool {
	return h.lanes >= 1 && h.lanes <= maxLanes &&
		h.memory >= minMemoryLane*uint32(h.lanes) && h.memory <= maxMemory &&
		h.passes >= 1 && h.passes <= maxWork/h.memory &&
		len(h.salt) >= minSalt && len(h.salt) <= maxSalt &&
		len(h.sum) >= minSum && len(h.sum) <= maxSum
}

// String returns the PHC text.
func (h hash) String() string {
	return fmt.Sprintf(hashTextFormat, argon2.Version, h.memory, h.passes, h.lanes,
		base64.RawStdEncoding.EncodeToString(h.salt), base64.RawStdEncoding.EncodeToString(h.sum))
}

// matches computes the hash of password at h's cost and compares in constant
// time.
func (h hash) matches(password string) bool {
	return subtle.ConstantTimeCompare(h.compute(password, uint32(len(h.sum))), h.sum) == 1
}

func (h hash) compute(password string, size uint32) []byte {
	return argon2.IDKey([]byte(password), h.salt, h.passes, h.memory, h.lanes, size)
}
