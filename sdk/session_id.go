package sdk

import (
	"strconv"
	"time"

	"github.com/muster-presence/muster/api"
)

// ticksToUnix is how many ticks of 100 ns lie between 1582-10-15, where version-1 UUIDs begin to count, and 1970 (RFC 9562, 5.1).
const ticksToUnix = 0x01B21DD213814000

// sessionTicks is the 60-bit time in a session's id, in ticks of 100 ns. Ids of an agent rise by it. Ok is false for what is no
// such id.
func sessionTicks(id string) (ticks uint64, ok bool) {
	if !isUUID(id) {
		return 0, false
	}
	low, err1 := strconv.ParseUint(id[0:8], 16, 32)
	mid, err2 := strconv.ParseUint(id[9:13], 16, 16)
	high, err3 := strconv.ParseUint(id[14:18], 16, 16)
	if err1 != nil || err2 != nil || err3 != nil || high>>12 != 1 {
		return 0, false
	}
	return (high&0x0fff)<<48 | mid<<32 | low, true
}

// isOlderSession tells whether the first session began before the second.
func isOlderSession(first, second string) bool {
	a, ok1 := sessionTicks(first)
	b, ok2 := sessionTicks(second)
	return ok1 && ok2 && a < b
}

// sessionStart is when the session began, by its id.
func sessionStart(id string) api.Time {
	ticks, ok := sessionTicks(id)
	if !ok {
		return 0
	}
	return api.TimeOf(time.Unix(0, (int64(ticks)-ticksToUnix)*100))
}
