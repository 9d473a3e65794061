package desk

import (
	"slices"
	"strings"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/desk/terminal"
	"github.com/muster-presence/muster/sdk"
)

// systemList is the list of what the system gives as a reason. It is no choice of an agent's.
const systemList = "System Presence Reasons"

// Choice is a reason that can be chosen.
type Choice struct {
	List     string
	Category string // "" for none
	sdk.ReasonInfo
}

// String is how the choice is written: Category/Name, or the name alone where there is no category.
func (c Choice) String() string {
	if c.Category == "" {
		return c.Reason
	}
	return c.Category + "/" + c.Reason
}

// ReasonChoices are the reasons of the lists that can be chosen, those of a category together, in the order of the lists. A reason that
// stands in several lists is there once.
func ReasonChoices(lists []api.ReasonList) (choices []Choice) {
	var categories []string
	seen := make(map[string]bool)
	for _, list := range lists {
		if !list.Active || list.Name == systemList {
			continue
		}
		reasons := slices.Clone(list.Reasons)
		slices.SortStableFunc(reasons, func(a, b api.Reason) int { return a.SortOrder - b.SortOrder })
		for _, reason := range reasons {
			if !reason.Active || seen[reason.ReasonID] {
				continue
			}
			seen[reason.ReasonID] = true
			category := ""
			if len(reason.Hierarchy) > 0 {
				category = reason.Hierarchy[0]
			}
			if !slices.Contains(categories, category) {
				categories = append(categories, category)
			}
			choices = append(choices, Choice{list.Name, category, sdk.ReasonInfo{Reason: reason.Name, ReasonID: reason.ReasonID, ReasonListID: list.ID}})
		}
	}
	slices.SortStableFunc(choices, func(a, b Choice) int {
		return slices.Index(categories, a.Category) - slices.Index(categories, b.Category)
	})
	return choices
}

// FindReason finds a reason by its id, its name, Category/Name or List/Category/Name, whatever the case of letters. It fails with
// [sdk.CodeReasonUnknown], and lists the reasons there are, where that is none of them or more than one.
func FindReason(lists []api.ReasonList, wanted string) (sdk.ReasonInfo, error) {
	all := ReasonChoices(lists)
	var found []Choice
	for _, c := range all {
		names := []string{c.ReasonID, c.Reason, c.String(), c.List + "/" + c.String()}
		if slices.ContainsFunc(names, func(name string) bool { return strings.EqualFold(name, strings.TrimSpace(wanted)) }) {
			found = append(found, c)
		}
	}
	switch len(found) {
	case 1:
		return found[0].ReasonInfo, nil
	case 0:
		return sdk.ReasonInfo{}, reasonProblem("there is no reason of that name: take one of ", all, lists)
	}
	return sdk.ReasonInfo{}, reasonProblem("several reasons have that name: say which of ", found, lists)
}

func reasonProblem(text string, choices []Choice, lists []api.ReasonList) error {
	names := make([]string, len(choices))
	for i, c := range choices {
		names[i] = c.String()
		if same := func(o Choice) bool { return o != c && o.String() == c.String() }; slices.ContainsFunc(choices, same) {
			names[i] = c.List + "/" + names[i]
		}
	}
	p := problem(sdk.CodeReasonUnknown, text+strings.Join(names, ", "))
	if len(choices) == 0 {
		p = problem(sdk.CodeReasonUnknown, "you have no reasons to choose from: go not ready without one")
	}
	p.Err.Data.ValidReasons = lists
	return p
}

// ReasonMenu is a menu of the choices, with none at its head.
func ReasonMenu(title string, choices []Choice) terminal.Menu {
	menu := terminal.Menu{Title: title, Items: []terminal.Item{{Name: "no reason"}}}
	for _, c := range choices {
		group := c.Category
		if group == "" {
			group = c.List
		}
		menu.Items = append(menu.Items, terminal.Item{Group: group, Name: c.Reason})
	}
	return menu
}
