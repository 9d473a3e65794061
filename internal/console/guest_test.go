package console

import (
	"strings"
	"testing"
)

func TestGuests_StandInThePageThatTheyMaySignInAt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	told := New(Options{Guests: map[string]Guest{"/floor": {Username: `sam"<script>`, Password: "known to all"}}})
	const tag = `<meta name="guest" content="sam&#34;&lt;script&gt;" data-password="known to all" />`
	page := func(s *Server, at string) string { return string(s.bundle[at].Content) }
	if floor := page(told, "/floor"); !strings.Contains(floor, tag+"\n  </head>") || strings.Replace(floor, tag+"\n  ", "", 1) != page(w.Server, "/floor") {
		t.Errorf("the floor is\n%s", floor)
	}
	if page(told, "/") != page(w.Server, "/") {
		t.Error("the desk names a guest of the floor, or another")
	}
}
