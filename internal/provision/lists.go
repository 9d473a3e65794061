package provision

import (
	"slices"
	"strconv"
	"strings"
)

// texts reads a field that is a list of scalars. Each may stand once.
func texts(m *mapping, name string, read func(node) (string, string, bool)) opt[[]opt[string]] {
	return scalarList(m, name, read, true)
}

// scalarList reads a field that is a list of scalars.
func scalarList(m *mapping, name string, read func(node) (string, string, bool), once bool) opt[[]opt[string]] {
	taken, present := m.take(name)
	if !present || taken.wrong {
		return opt[[]opt[string]]{wrong: taken.wrong, at: m.at}
	}
	o := opt[[]opt[string]]{at: taken.at}
	elements, ok := m.list(taken.node)
	if !ok {
		o.wrong = true
		return o
	}
	o.set = true
	for _, element := range elements {
		value, should, ok := read(element)
		twice := once && slices.ContainsFunc(o.value, func(other opt[string]) bool { return other.value == value })
		switch {
		case !ok:
			m.problems.add(element.at, "%s", should)
			o.wrong = true
		case twice:
			m.problems.add(element.at, "stands twice in the list: remove one")
		default:
			o.value = append(o.value, opt[string]{value: value, set: true, at: element.at})
		}
	}
	return o
}

// valuesOf returns what the elements say.
func valuesOf(elements []opt[string]) []string {
	values := make([]string, len(elements))
	for i, element := range elements {
		values[i] = element.value
	}
	return values
}

// entities reads a field that is a list of mappings. What read makes of an
// element that has no identity is left out; it has told.
func entities[T any](m *mapping, name string, read func(*mapping) (T, bool)) []T {
	taken, present := m.take(name)
	if !present || taken.wrong {
		return nil
	}
	elements, ok := m.list(taken.node)
	if !ok {
		return nil
	}
	var all []T
	for _, element := range elements {
		fields, ok := m.mapping(element)
		if !ok {
			continue
		}
		entity, ok := read(fields)
		fields.done()
		if ok {
			all = append(all, entity)
		}
	}
	return all
}

// choice makes a reader of text that must be one of few words.
func choice(words ...string) func(node) (string, string, bool) {
	return func(n node) (string, string, bool) {
		text, should, ok := line(n)
		if !ok {
			return "", should, false
		}
		if !slices.Contains(words, text) {
			return "", "must be one of " + strings.Join(words, ", ") + ": " + didYouMean(text, words), false
		}
		return text, "", true
	}
}

func decimal(n int) string { return strconv.Itoa(n) }
