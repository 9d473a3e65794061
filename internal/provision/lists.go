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
	seen := make(map[string]bool, len(elements))
	for _, element := range elements {
		value, should, ok := read(element)
		twice := once && seen[value]
		seen[value] = true
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
// element that cannot be identified is left out, and was told.
func entities[T any](m *mapping, name, kind string, read func(*mapping) (T, bool)) []T {
	taken, present := m.take(name)
	if !present {
		return nil
	}
	var elements []node
	if !taken.wrong {
		elements, taken.wrong = m.elements(taken.node)
	}
	if taken.wrong {
		m.problems.doubtful[kind] = true
		return nil
	}
	var all []T
	for _, element := range elements {
		entity, ok := readEntity(m, element, read)
		if ok {
			all = append(all, entity)
		} else {
			m.problems.doubtful[kind] = true
		}
	}
	return all
}

// elements is list with the opposite answer.
func (m *mapping) elements(n node) (elements []node, wrong bool) {
	elements, ok := m.list(n)
	return elements, !ok
}

func readEntity[T any](m *mapping, element node, read func(*mapping) (T, bool)) (T, bool) {
	fields, ok := m.mapping(element)
	if !ok {
		var none T
		return none, false
	}
	entity, identified := read(fields)
	fields.done()
	if !identified {
		// What it is known by is the field that was asked for first.
		by := fields.asked[0]
		if _, there := fields.fields[by]; !there {
			m.problems.lacks(fields.at, "%s, by which it is known: add it", by)
		}
	}
	return entity, identified
}

// choice makes a reader of text that must be one of few words.
func choice(words ...string) func(node) (string, string, bool) {
	return func(n node) (string, string, bool) {
		text, should, ok := line(n)
		if !ok {
			return "", should, false
		}
		if !slices.Contains(words, text) {
			return "", "must be one of " + strings.Join(words, ", "), false
		}
		return text, "", true
	}
}

func decimal(n int) string { return strconv.Itoa(n) }
