package terminal

import (
	"slices"
	"strings"
	"testing"

	"github.com/rivo/uniseg"
	"pgregory.net/rapid"
)

func TestClean_LetsNothingControlTheTerminal(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Zoë Müller":                  "Zoë Müller",
		"a\x1b[2Jb":                   "a·[2Jb",
		"a\nb\tc\x00":                 "a·b·c·",
		"\u009b31m":                   "·31m",
		"abc\u202edef":                "abc·def",
		"line\u2028separator":         "line·separator",
		"broken \xff utf-8":           "broken · utf-8",
		"東京 👩‍💻":                      "東京 👩‍💻",
		"combining e\u0301 stays put": "combining e\u0301 stays put",
	} {
		if got := Clean(text); got != want {
			t.Errorf("Clean(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestCut_KeepsToTheColumns(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text    string
		columns int
		want    string
	}{
		{"Lunch", 5, "Lunch"},
		{"Lunch", 4, "Lun…"},
		{"Lunch", 1, "…"},
		{"Lunch", 0, ""},
		{"東京都", 6, "東京都"},
		{"東京都", 5, "東京…"},
		{"東京都", 4, "東…"},
		{"e\u0301e\u0301e\u0301", 2, "e\u0301…"},
	} {
		if got := Cut(c.text, c.columns); got != c.want {
			t.Errorf("Cut(%q, %d) = %q, want %q", c.text, c.columns, got, c.want)
		}
	}
}

func TestRender_IsNeverWiderThanTheTerminal(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		columns := rapid.IntRange(0, 40).Draw(t, "columns")
		var line Line
		for _, text := range rapid.SliceOfN(rapid.String(), 0, 4).Draw(t, "texts") {
			line = append(line, Span{text, Style{Bold: rapid.Bool().Draw(t, "bold")}})
		}
		got := strings.NewReplacer("\x1b[1m", "", "\x1b[0m", "").Replace(line.render(columns, true))
		if strings.ContainsRune(got, 0x1b) {
			t.Fatalf("an escape came through: %q", got)
		}
		// Each span is cut by itself, so that what two of them make together does not count.
		if uniseg.StringWidth(got) > columns && len(line) == 1 {
			t.Fatalf("%q takes more than %d columns", got, columns)
		}
	})
}

func TestFit_FillsTheColumns(t *testing.T) {
	t.Parallel()
	if got := Fit("東京", 6); got != "東京  " {
		t.Errorf("got %q", got)
	}
	if got := Fit("Lunch break", 6); got != "Lunch…" {
		t.Errorf("got %q", got)
	}
}

func TestWrap_BreaksBetweenWords(t *testing.T) {
	t.Parallel()
	got := Wrap("The system holds the agent not ready with an unbelievablylongword at its end", 16)
	want := []string{"The system holds", "the agent not", "ready with an", "unbelievablylon…", "at its end"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := Wrap("", 10); !slices.Equal(got, []string{""}) {
		t.Errorf("nothing became %q", got)
	}
}

func TestRender_UsesColoursOnlyWhereTheyAreWanted(t *testing.T) {
	t.Parallel()
	line := Line{{"ready", Style{Colour: Green, Bold: true}}, {" now", Style{}}}
	if got, want := line.render(80, true), "\x1b[1;32mready\x1b[0m now"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := line.render(80, false), "\x1b[1mready\x1b[0m now"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestColours_FollowTheEnvironment(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		environment map[string]string
		want        bool
	}{
		{map[string]string{"TERM": "xterm"}, true},
		{map[string]string{"TERM": "xterm", "NO_COLOR": "1"}, false},
		{map[string]string{"TERM": "xterm", "NO_COLOR": ""}, true},
		{map[string]string{"TERM": "dumb"}, false},
		{nil, false},
	} {
		got := Colours(func(name string) (string, bool) { value, ok := c.environment[name]; return value, ok })
		if got != c.want {
			t.Errorf("%v: %t, want %t", c.environment, got, c.want)
		}
	}
}
