package httpapi

import (
	"crypto/rand"
	"encoding/hex"
	"strconv"
	"sync/atomic"
)

// requestIDs names requests: a random word of the process and a count, so that
// ids are unique and cost next to nothing.
type requestIDs struct {
	process string
	count   *atomic.Uint64
}

func newRequestIDs() requestIDs {
	var word [4]byte
	_, _ = rand.Read(word[:]) // never fails: crypto/rand ends the program instead
	return requestIDs{process: hex.EncodeToString(word[:]), count: new(atomic.Uint64)}
}

func (r requestIDs) next() string {
	return r.process + "-" + strconv.FormatUint(r.count.Add(1), 10)
}
