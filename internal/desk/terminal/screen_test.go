package terminal

import (
	"strings"
	"testing"
)

const begins, ends = "\x1b[?2026h", "\x1b[?2026l"

func TestChanges_WritesOnlyWhatDiffers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name        string
		now, wanted []string
		want        string
	}{
		{"nothing", []string{"a", "b"}, []string{"a", "b"}, ""},
		{"one line", []string{"a", "b", "c"}, []string{"a", "x", "c"}, begins + "\x1b[2;1Hx\x1b[K" + ends},
		{"a line more", []string{"a"}, []string{"a", "b"}, begins + "\x1b[2;1Hb\x1b[K" + ends},
		{"a line less", []string{"a", "b"}, []string{"a"}, begins + "\x1b[2;1H\x1b[2K" + ends},
		{"a line emptied", []string{"a", "b"}, []string{"a", ""}, begins + "\x1b[2;1H\x1b[K" + ends},
		{"all", nil, []string{"a", "", "c"}, begins + "\x1b[H\x1b[2J\x1b[1;1Ha\x1b[K\x1b[3;1Hc\x1b[K" + ends},
	} {
		if got := changes(c.now, c.wanted); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestMenu_FollowsTheKeys(t *testing.T) {
	t.Parallel()
	menu := Menu{Items: []Item{{Name: "a"}, {Name: "b"}, {Name: "c"}}}
	press := func(keys ...Key) (m Menu, c Choice) {
		m = menu
		for _, key := range keys {
			m, c = m.Press(key)
		}
		return m, c
	}
	for _, c := range []struct {
		keys     []Key
		selected int
		choice   Choice
	}{
		{[]Key{Down}, 1, Undecided},
		{[]Key{Up}, 0, Undecided},
		{[]Key{Down, Down, Down, Enter}, 2, Chosen},
		{[]Key{End, Up, Enter}, 1, Chosen},
		{[]Key{PageDown, Home}, 0, Undecided},
		{[]Key{'2'}, 1, Chosen},
		{[]Key{'4'}, 0, Undecided},
		{[]Key{Escape}, 0, Cancelled},
		{[]Key{'x'}, 0, Undecided},
	} {
		if m, choice := press(c.keys...); m.Selected != c.selected || choice != c.choice {
			t.Errorf("%q: item %d and choice %d, want %d and %d", c.keys, m.Selected, choice, c.selected, c.choice)
		}
	}
	if _, choice := (Menu{}).Press(Enter); choice != Undecided {
		t.Errorf("nothing was chosen of an empty menu: %d", choice)
	}
}

func TestMenu_ShowsTheSelectedItemHoweverLow(t *testing.T) {
	t.Parallel()
	menu := Menu{Title: "Why?"}
	for _, name := range strings.Split("abcdefghijklmnop", "") {
		menu.Items = append(menu.Items, Item{Group: "letters", Name: name})
	}
	for rows := 1; rows < 30; rows++ {
		for i := range menu.Items {
			menu.Selected = i
			lines := menu.Lines(rows)
			text := ""
			for _, line := range lines {
				text += line.String() + "\n"
			}
			if len(lines) > rows || !strings.Contains(text, "> "+menu.Items[i].Name) {
				t.Fatalf("item %d in %d rows:\n%s", i, rows, text)
			}
		}
	}
}
