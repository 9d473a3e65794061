package api

import (
	"errors"
	"fmt"
	"time"
)

// Time is a moment on the wire: milliseconds since 1970-01-01T00:00:00Z, written in one spelling only,
// "2006-01-02T15:04:05.000Z". The years 0000 to 9999 can be written; a Time outside of them does not marshal.
//
// Presence states carry up to four moments and thousands of them are written a second, so the text is made and read here without
// the layouts of package time; BenchmarkTime compares the two.
type Time int64

const (
	wireLength = len("2006-01-02T15:04:05.000Z")

	earliest Time = -62167219200000 // 0000-01-01T00:00:00.000Z
	latest   Time = 253402300799999 // 9999-12-31T23:59:59.999Z

	millisecondsPerDay = 24 * 60 * 60 * 1000
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
	days, rest := int64(t)/millisecondsPerDay, int64(t)%millisecondsPerDay
	if rest < 0 {
		days, rest = days-1, rest+millisecondsPerDay
	}
	year, month, day := dateOfDays(days)
	b = appendDigits(b, year, 4)
	b = appendDigits(append(b, '-'), month, 2)
	b = appendDigits(append(b, '-'), day, 2)
	b = appendDigits(append(b, 'T'), rest/3_600_000, 2)
	b = appendDigits(append(b, ':'), rest/60_000%60, 2)
	b = appendDigits(append(b, ':'), rest/1000%60, 2)
	b = appendDigits(append(b, '.'), rest%1000, 3)
	return append(b, 'Z'), nil
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
	if !digits.ok || month < 1 || month > 12 || day < 1 || day > daysIn(year, month) || hour > 23 || minute > 59 || second > 59 {
		return 0, false
	}
	clock := ((hour*60+minute)*60+second)*1000 + millisecond
	return Time(daysOfDate(year, month, day)*millisecondsPerDay + clock), true
}

// digitReader reads numbers and remembers whether all it saw were digits, so that its caller asks once.
type digitReader struct{ ok bool }

func (r *digitReader) read(b []byte) int64 {
	var n int64
	for _, c := range b {
		if c < '0' || c > '9' {
			r.ok = false
			return 0
		}
		n = n*10 + int64(c-'0')
	}
	return n
}

func appendDigits(b []byte, n int64, width int) []byte {
	for divisor := [...]int64{1, 10, 100, 1000}[width-1]; divisor > 0; divisor /= 10 {
		b = append(b, byte('0'+n/divisor%10))
	}
	return b
}
