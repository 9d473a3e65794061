package api

import (
	"errors"
	"fmt"
	"time"
)

// Time is a moment on the wire: milliseconds since 1970-01-01T00:00:00Z, written in one spelling only,
// "2006-01-02T15:04:05.000Z". The years 0000 to 9999 can be written; a Time outside of them does not marshal.
//
// Presence states carry up to four moments and thousands of them are written a second, so the calendar is package time's but its
// layouts, which are read anew for every value, are not used; BenchmarkTime compares the two.
type Time int64

const (
	wireLength = len("2006-01-02T15:04:05.000Z")

	earliest Time = -62167219200000 // 0000-01-01T00:00:00.000Z
	latest   Time = 253402300799999 // 9999-12-31T23:59:59.999Z
)

var (
	errTimeRange = errors.New("a time outside the years 0000 to 9999 cannot be written")
	errTimeText  = errors.New(`a time is written like "2006-01-02T15:04:05.000Z"`)
)

// TimeOf cuts t to whole milliseconds, towards the past.
func TimeOf(t time.Time) Time { return Time(t.UnixMilli()) }

// Time gives the same moment as a [time.Time] in UTC.
func (t Time) Time() time.Time { return time.UnixMilli(int64(t)).UTC() }

// String is the wire text, or for a moment that has none the number of milliseconds.
func (t Time) String() string {
	text, err := t.AppendText(make([]byte, 0, wireLength))
	if err != nil {
		return fmt.Sprintf("%d ms", int64(t))
	}
	return string(text)
}

// AppendText appends the wire text to b. It fails only outside the years 0000 to 9999, and then returns b as it was.
func (t Time) AppendText(b []byte) ([]byte, error) {
	if t < earliest || t > latest {
		return b, errTimeRange
	}
	moment := t.Time()
	year, month, day := moment.Date()
	hour, minute, second := moment.Clock()
	millisecond := moment.Nanosecond() / int(time.Millisecond)
	return append(b,
		digit(year/1000), digit(year/100), digit(year/10), digit(year), '-',
		digit(int(month)/10), digit(int(month)), '-',
		digit(day/10), digit(day), 'T',
		digit(hour/10), digit(hour), ':',
		digit(minute/10), digit(minute), ':',
		digit(second/10), digit(second), '.',
		digit(millisecond/100), digit(millisecond/10), digit(millisecond), 'Z'), nil
}

// MarshalJSON writes the wire text in quotes.
func (t Time) MarshalJSON() ([]byte, error) {
	b := append(make([]byte, 0, wireLength+2), '"')
	b, err := t.AppendText(b)
	if err != nil {
		return nil, err
	}
	return append(b, '"'), nil
}

// UnmarshalJSON reads the wire text and no other spelling, so that what was read is written the same. As everywhere in
// encoding/json, null leaves the value as it was.
func (t *Time) UnmarshalJSON(b []byte) error {
	if string(b) == "null" {
		return nil
	}
	if len(b) != wireLength+2 || b[0] != '"' || b[len(b)-1] != '"' {
		return errTimeText
	}
	moment, ok := parseWire(b[1 : len(b)-1])
	if !ok {
		return errTimeText
	}
	*t = moment
	return nil
}

// ParseTime reads a moment that a person or a foreign program wrote, as in a query: any spelling of RFC 3339, cut to whole
// milliseconds towards the past.
func ParseTime(text string) (Time, error) {
	if moment, ok := parseWire([]byte(text)); ok {
		return moment, nil
	}
	parsed, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return 0, errTimeText
	}
	moment := TimeOf(parsed)
	if moment < earliest || moment > latest {
		return 0, errTimeRange
	}
	return moment, nil
}

// parseWire reads exactly what AppendText writes.
func parseWire(b []byte) (Time, bool) {
	if len(b) != wireLength || b[4] != '-' || b[7] != '-' || b[10] != 'T' || b[13] != ':' || b[16] != ':' || b[19] != '.' || b[23] != 'Z' {
		return 0, false
	}
	digits := digitReader{ok: true}
	year, month, day := digits.read(b[0:4]), digits.read(b[5:7]), digits.read(b[8:10])
	hour, minute, second := digits.read(b[11:13]), digits.read(b[14:16]), digits.read(b[17:19])
	millisecond := digits.read(b[20:23])
	if !digits.ok || month < 1 || month > 12 || hour > 23 || minute > 59 || second > 59 {
		return 0, false
	}
	moment := time.Date(year, time.Month(month), day, hour, minute, second, millisecond*int(time.Millisecond), time.UTC)
	if moment.Day() != day { // the month has no such day, and package time went on to the next or back to the one before
		return 0, false
	}
	return TimeOf(moment), true
}

// digitReader reads numbers and remembers whether all it saw were digits, so that its caller asks once.
type digitReader struct{ ok bool }

func (r *digitReader) read(b []byte) int {
	n := 0
	for _, c := range b {
		if c < '0' || c > '9' {
			r.ok = false
			return 0
		}
		n = n*10 + int(c-'0')
	}
	return n
}

// digit is the last decimal digit of n.
func digit(n int) byte { return byte('0' + n%10) }
