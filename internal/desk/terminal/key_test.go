package terminal

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
)

func TestDecode_ReadsKeys(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		sent string
		want []Key
		rest string
	}{
		{"r", []Key{'r'}, ""},
		{"rn", []Key{'r', 'n'}, ""},
		{"é", []Key{'é'}, ""},
		{"\xc3", nil, "\xc3"},
		{"a\xc3", []Key{'a'}, "\xc3"},
		{"\xff", nil, ""},
		{"\r", []Key{Enter}, ""},
		{"\n", []Key{Enter}, ""},
		{"\x7f\b", []Key{Backspace, Backspace}, ""},
		{"\x03", []Key{CtrlC}, ""},
		{"\x0c", []Key{CtrlL}, ""},
		{"\x01\x02", nil, ""},
		{"\x1b", []Key{Escape}, ""},
		{"\x1b\x1b[A", []Key{Escape, Up}, ""},
		{"\x1b[A\x1b[B\x1b[C\x1b[D", []Key{Up, Down, Right, Left}, ""},
		{"\x1bOA\x1bOF", []Key{Up, End}, ""},
		{"\x1b[5~\x1b[6~\x1b[1~x", []Key{PageUp, PageDown, Home, 'x'}, ""},
		{"\x1b[1;5Cq", []Key{'q'}, ""},      // an arrow with ctrl is none of ours
		{"\x1b[?2026;1$yq", []Key{'q'}, ""}, // nor are answers of the terminal
		{"\x1bxq", []Key{'q'}, ""},          // a letter with alt
		{"\x1b[", nil, ""},
	} {
		keys, rest := decode([]byte(c.sent))
		if !slices.Equal(keys, c.want) || string(rest) != c.rest {
			t.Errorf("%q: %q and %q, want %q and %q", c.sent, keys, rest, c.want, c.rest)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte("r\x1b[A\xc3\xa9"))
	f.Fuzz(func(t *testing.T, sent []byte) {
		_, rest := decode(sent)
		if len(rest) > 3 {
			t.Errorf("%q waits for %q", sent, rest)
		}
	})
}

func TestReadSecret_TakesALine(t *testing.T) {
	t.Parallel()
	for sent, want := range map[string]string{
		"secret\r":           "secret",
		"secrex\x7ft\n":      "secret",
		"\x7fé\x7fa\r":       "a",
		"with space\x1b[A\r": "with space",
	} {
		got, err := readSecret(strings.NewReader(sent).Read)
		if err != nil || got != want {
			t.Errorf("%q: %q, %v; want %q", sent, got, err, want)
		}
	}
}

func TestReadSecret_EndsWithoutOne(t *testing.T) {
	t.Parallel()
	for _, sent := range []string{"sec\x03ret\r", "sec"} {
		if got, err := readSecret(strings.NewReader(sent).Read); !errors.Is(err, context.Canceled) || got != "" {
			t.Errorf("%q: %q, %v", sent, got, err)
		}
	}
	if _, err := readSecret(io.MultiReader(strings.NewReader(strings.Repeat("x", mostTyped+1))).Read); !errors.Is(err, errTypedTooLong) {
		t.Errorf("a line without end: %v", err)
	}
}
