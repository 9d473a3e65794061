package demo

import (
	"strings"

	"github.com/muster-presence/muster/api"
)

// systemList is the list of which agents may not choose.
const systemList = "System Presence Reasons"

// choice is a reason as a request names it.
type choice struct{ list, reason, name string }

// choices are the reasons that somebody may give, by purpose.
type choices [purposes][]choice

// purposeWords are looked for in the names of a reason, its categories and its
// list, the more particular purposes first. Whatever has none is other work.
var purposeWords = [...]struct {
	purpose purpose
	words   []string
}{
	{lunch, []string{"lunch", "meal"}},
	{training, []string{"training", "coaching", "course"}},
	{shortBreak, []string{"break", "coffee", "pause"}},
}

// choicesIn sorts the reasons in use of a configuration.
func choicesIn(lists []api.ReasonList) choices {
	var sorted choices
	for _, list := range lists {
		if !list.Active || list.Name == systemList {
			continue
		}
		for _, reason := range list.Reasons {
			if !reason.Active {
				continue
			}
			what := purposeOf(reason, list)
			sorted[what] = append(sorted[what], choice{list.ID, reason.ReasonID, reason.Name})
		}
	}
	return sorted
}

func purposeOf(reason api.Reason, list api.ReasonList) purpose {
	// The reason's own name says more than where it stands: a list may be called
	// Breaks and hold lunch and training as well.
	path := append([]string{list.Name}, reason.Hierarchy...)
	for _, text := range []string{reason.Name, strings.Join(path, " ")} {
		for _, row := range purposeWords {
			if containsAny(strings.ToLower(text), row.words) {
				return row.purpose
			}
		}
	}
	return otherWork
}

func containsAny(text string, words []string) bool {
	for _, word := range words {
		if strings.Contains(text, word) {
			return true
		}
	}
	return false
}

// choose returns a reason for the purpose; where the tenant has none, one for
// another purpose, and where it has none at all, none.
func (c *choices) choose(what purpose, pick uint64) (choice, bool) {
	for i := range purposes {
		if found := c[(what+i)%purposes]; len(found) > 0 {
			return found[pick%uint64(len(found))], true
		}
	}
	return choice{}, false
}
