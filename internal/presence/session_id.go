package presence

import "encoding/binary"

const (
	ticksPerMilli = 10_000             // version 1 counts 100 ns
	gregorian     = 12_219_292_800_000 // milliseconds from 1582-10-15 to 1970-01-01
	tickMask      = 1<<60 - 1
)

// NewSessionID makes a time-based UUID (RFC 9562, version 1). Its time is at, or
// one tick of 100 ns after last if the clock has not passed that: the ids of one
// agent are ordered by time whatever the clock did. The node part comes from
// random, marked as no machine's address. It returns the id and its tick.
func NewSessionID(at Instant, last uint64, random [8]byte) (SessionID, uint64) {
	tick := uint64(int64(at)+gregorian) * ticksPerMilli & tickMask
	tick = max(tick, last+1)
	var id UUID
	binary.BigEndian.PutUint32(id[0:], uint32(tick))
	binary.BigEndian.PutUint16(id[4:], uint16(tick>>32))
	binary.BigEndian.PutUint16(id[6:], uint16(tick>>48)|1<<12)
	copy(id[8:], random[:])
	id[8] = id[8]&0x3f | 0x80 // the variant of RFC 9562
	id[10] |= 1               // a random node has the multicast bit
	return SessionID{id}, tick
}

// Tick is the time inside a time-based session id; ok is false for an id of
// another version.
func (id SessionID) Tick() (tick uint64, ok bool) {
	if id.Version() != 1 {
		return 0, false
	}
	return uint64(binary.BigEndian.Uint16(id.UUID[6:])&0x0fff)<<48 |
		uint64(binary.BigEndian.Uint16(id.UUID[4:]))<<32 |
		uint64(binary.BigEndian.Uint32(id.UUID[0:])), true
}
