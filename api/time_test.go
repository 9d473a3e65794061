package api_test

import (
	"encoding/json"
	"math"
	"testing"
	"time"

	"github.com/muster-presence/muster/api"
)

const wireLayout = "2006-01-02T15:04:05.000Z"

func TestTime_IsWrittenInUTCWithThreeDigitsOfMilliseconds(t *testing.T) {
	t.Parallel()
	for want, moment := range map[string]time.Time{
		"1970-01-01T00:00:00.000Z": time.Unix(0, 0),
		"1969-12-31T23:59:59.999Z": time.Unix(0, -1),
		"2000-02-29T12:00:00.001Z": time.Date(2000, 2, 29, 12, 0, 0, 1_999_999, time.UTC),
		"2026-03-01T07:00:00.250Z": time.Date(2026, 3, 1, 8, 0, 0, 250_000_000, time.FixedZone("east", 3600)),
		"0000-01-01T00:00:00.000Z": time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC),
		"9999-12-31T23:59:59.999Z": time.Date(9999, 12, 31, 23, 59, 59, 999_000_000, time.UTC),
	} {
		if got := api.TimeOf(moment).String(); got != want {
			t.Errorf("%v is written %s, want %s", moment, got, want)
		}
	}
}

func TestTime_AgreesWithPackageTimeThroughoutTheYears0To9999(t *testing.T) {
	t.Parallel()
	const step = 13*24*time.Hour + 7*time.Hour + 11*time.Minute + 17*time.Second + 19*time.Millisecond // meets every day of the year
	end := time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)
	for at := time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC); at.Before(end); at = at.Add(step) {
		want, moment := at.Format(wireLayout), api.TimeOf(at)
		if got := moment.String(); got != want {
			t.Fatalf("%s is written %s", want, got)
		}
		if back, err := api.ParseTime(want); err != nil || back != moment {
			t.Fatalf("%s is read as %v, %v", want, back, err)
		}
	}
}

func TestTime_OutsideTheYears0To9999DoesNotMarshal(t *testing.T) {
	t.Parallel()
	first, last := api.TimeOf(time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC)), api.TimeOf(time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC))-1
	for _, moment := range []api.Time{math.MinInt64, first - 1, last + 1, math.MaxInt64} {
		if text, err := json.Marshal(moment); err == nil {
			t.Errorf("%d ms became %s", int64(moment), text)
		}
	}
}

func TestTime_ReadsItsOwnSpellingOnly(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		`""`, `0`, `{}`, `"2026-03-01T08:00:00Z"`, `"2026-03-01T08:00:00.0000Z"`, `"2026-03-01T08:00:00.000+00"`,
		`"2026-03-01 08:00:00.000Z"`, `"2026-13-01T08:00:00.000Z"`, `"2026-00-01T08:00:00.000Z"`, `"2026-02-29T08:00:00.000Z"`,
		`"1900-02-29T08:00:00.000Z"`, `"2026-04-31T08:00:00.000Z"`, `"2026-03-00T08:00:00.000Z"`, `"2026-03-01T24:00:00.000Z"`,
		`"2026-03-01T08:60:00.000Z"`, `"2026-03-01T08:00:60.000Z"`, `"2026-03-01T08:00:00.00xZ"`, `"-026-03-01T08:00:00.000Z"`,
	} {
		moment := api.Time(42)
		if err := json.Unmarshal([]byte(text), &moment); err == nil {
			t.Errorf("%s was read as %v", text, moment)
		}
		if moment != 42 {
			t.Errorf("%s was refused but left %v", text, moment)
		}
	}
}

func TestTime_NullLeavesTheValueAsItWas(t *testing.T) {
	t.Parallel()
	moment := api.Time(42)
	if err := json.Unmarshal([]byte("null"), &moment); err != nil || moment != 42 {
		t.Errorf("null left %v, %v", moment, err)
	}
}

func TestTime_BecomesAndComesFromTimeTime(t *testing.T) {
	t.Parallel()
	moment := time.Date(2026, 3, 1, 8, 0, 0, 123_000_000, time.UTC)
	if got := api.TimeOf(moment).Time(); !got.Equal(moment) || got.Location() != time.UTC {
		t.Errorf("%v came back as %v", moment, got)
	}
}

func TestParseTime_ReadsAnySpellingOfRFC3339(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"2026-03-01T08:00:00.000Z":       "2026-03-01T08:00:00.000Z",
		"2026-03-01T08:00:00Z":           "2026-03-01T08:00:00.000Z",
		"2026-03-01T09:00:00+01:00":      "2026-03-01T08:00:00.000Z",
		"2026-03-01T08:00:00.123999999Z": "2026-03-01T08:00:00.123Z",
	} {
		moment, err := api.ParseTime(text)
		if err != nil || moment.String() != want {
			t.Errorf("%s is read as %v, %v, want %s", text, moment, err, want)
		}
	}
}

func TestParseTime_RefusesWhatIsNoMomentOrCannotBeWritten(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "now", "2026-03-01", "1772352000000", "9999-12-31T23:59:59-01:00", "0000-01-01T00:00:00+01:00"} {
		if moment, err := api.ParseTime(text); err == nil {
			t.Errorf("%q was read as %v", text, moment)
		}
	}
}

// Presence states carry several moments, so writing one into a buffer that has room must not allocate. AllocsPerRun counts the
// whole process and therefore the test does not run in parallel.
func TestTime_IsAppendedWithoutAllocating(t *testing.T) {
	buffer := make([]byte, 0, 64)
	moment := api.TimeOf(time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC))
	if n := testing.AllocsPerRun(100, func() { buffer, _ = moment.AppendText(buffer[:0]) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func FuzzTime_WhatIsReadIsWrittenTheSame(f *testing.F) {
	for _, seed := range []string{`"2026-03-01T08:00:00.000Z"`, `"0000-02-29T23:59:59.999Z"`, `"2026-02-30T08:00:00.000Z"`, `null`, `1`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var moment api.Time
		if moment.UnmarshalJSON(text) != nil || string(text) == "null" {
			return
		}
		written, err := moment.MarshalJSON()
		if err != nil || string(written) != string(text) {
			t.Errorf("%s is written %s, %v", text, written, err)
		}
	})
}

func FuzzParseTime_AgreesWithPackageTime(f *testing.F) {
	for _, seed := range []string{"2026-03-01T08:00:00.000Z", "2026-03-01T08:00:00+05:45", "2024-02-29T00:00:00Z", "x"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		moment, err := api.ParseTime(text)
		if err != nil {
			return
		}
		want, err := time.Parse(time.RFC3339Nano, text)
		if err != nil || api.TimeOf(want) != moment {
			t.Errorf("%q is read as %v, package time says %v, %v", text, moment, want, err)
		}
	})
}

func BenchmarkTime(b *testing.B) {
	moment := time.Date(2026, 3, 1, 8, 0, 0, 123_000_000, time.UTC)
	buffer := make([]byte, 0, 64)
	b.Run("AppendText", func(b *testing.B) {
		for b.Loop() {
			buffer, _ = api.TimeOf(moment).AppendText(buffer[:0])
		}
	})
	b.Run("AppendFormat", func(b *testing.B) {
		for b.Loop() {
			buffer = moment.AppendFormat(buffer[:0], wireLayout)
		}
	})
	text := moment.Format(wireLayout)
	b.Run("ParseTime", func(b *testing.B) {
		for b.Loop() {
			if _, err := api.ParseTime(text); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("time.Parse", func(b *testing.B) {
		for b.Loop() {
			if _, err := time.Parse(wireLayout, text); err != nil {
				b.Fatal(err)
			}
		}
	})
}
