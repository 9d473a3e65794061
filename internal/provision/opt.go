package provision

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/goccy/go-yaml/ast"

	"github.com/muster-presence/muster/internal/presence"
)

// opt is a field that a file may lack.
type opt[T any] struct {
	value T
	// set says that the file has the field, and null that it has it as null.
	set, null bool
	// wrong says that the file has the field and that it was told what is wrong.
	wrong bool
	at    Position
}

// or returns the value, or what there is if the file does not say. Null is the
// zero value.
func (o opt[T]) or(current T) T {
	if !o.set {
		return current
	}
	return o.value
}

// missing reports whether the file lacks the field, or has no value in it.
func (o opt[T]) missing() bool { return !o.wrong && (!o.set || o.null) }

// scalar reads a field. Read answers false with what would be right.
func scalar[T any](m *mapping, name string, read func(node) (T, string, bool)) opt[T] {
	taken, present := m.take(name)
	if !present || taken.wrong {
		return opt[T]{wrong: taken.wrong, at: m.at}
	}
	o := opt[T]{at: taken.at}
	if taken.isNull() {
		m.problems.add(taken.at, "has no value: write one, or remove the line to keep what there is")
		o.wrong = true
		return o
	}
	value, should, ok := read(taken.node)
	if !ok {
		m.problems.add(taken.at, "%s", should)
		o.wrong = true
		return o
	}
	o.value, o.set = value, true
	return o
}

// nullable reads a field that null empties.
func nullable[T any](m *mapping, name string, read func(node) (T, string, bool)) opt[T] {
	if taken, present := m.take(name); present && !taken.wrong && taken.isNull() {
		return opt[T]{set: true, null: true, at: taken.at}
	}
	return scalar(m, name, read)
}

// line is text of one line, at most 200 characters long.
func line(n node) (string, string, bool) { return readText(n, 200, false) }

// paragraph is text that may have several lines, at most 4,000 characters.
func paragraph(n node) (string, string, bool) { return readText(n, 4000, true) }

func readText(n node, longest int, lines bool) (string, string, bool) {
	text, ok := n.text()
	switch {
	case !ok && n.kind() == "a number", !ok && n.kind() == "true or false":
		return "", `must be text: put it in quotes, as in "` + n.GetToken().Value + `"`, false
	case !ok:
		return "", "must be text, not " + n.kind(), false
	case utf8.RuneCountInString(text) > longest:
		return "", "is too long: shorten it to " + decimal(longest) + " characters", false
	case strings.ContainsFunc(text, func(r rune) bool { return unprintable(r, lines) }):
		return "", "has characters that cannot be shown, such as line breaks: remove them", false
	}
	return text, "", true
}

// unprintable reports whether a character would spoil what it is shown in.
func unprintable(r rune, lines bool) bool {
	if r == '\n' || r == '\t' {
		return !lines
	}
	return r == utf8.RuneError || !unicode.IsPrint(r) && !unicode.Is(unicode.Zs, r) && !unicode.Is(unicode.Cf, r)
}

// word is text that is not empty and neither begins nor ends with a space.
func word(n node) (string, string, bool) {
	text, should, ok := line(n)
	switch {
	case !ok:
		return "", should, false
	case text == "":
		return "", "must not be empty", false
	case strings.TrimSpace(text) != text:
		return "", "begins or ends with a space: remove it", false
	}
	return text, "", true
}

// key is what entities are known by.
func key(n node) (string, string, bool) {
	text, should, ok := line(n)
	if !ok {
		return "", should, false
	}
	valid := text != "" && len(text) <= 64 && text[0] != '-' && text[0] != '.' && text[0] != '_'
	for _, r := range text {
		valid = valid && (r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || strings.ContainsRune("-_.", r))
	}
	if !valid {
		return "", "must be 1 to 64 lower case letters, digits, and - _ . inside", false
	}
	return text, "", true
}

// id is a UUID that is not zero.
func id(n node) (presence.UUID, string, bool) {
	text, should, ok := line(n)
	if !ok {
		return presence.UUID{}, should, false
	}
	parsed, err := presence.ParseUUID(text)
	if err != nil || parsed.IsZero() {
		return presence.UUID{}, "must be a UUID of the form 8-4-4-4-12 hexadecimal digits: remove the line to have one made", false
	}
	return parsed, "", true
}

func boolean(n node) (bool, string, bool) {
	scalar, ok := n.Node.(*ast.BoolNode)
	if !ok {
		return false, "must be true or false, not " + n.kind(), false
	}
	return scalar.Value, "", true
}

func integer(n node) (int, string, bool) {
	const largest = 1_000_000_000
	if scalar, ok := n.Node.(*ast.IntegerNode); ok {
		switch value := scalar.Value.(type) {
		case int64:
			if value >= -largest && value <= largest {
				return int(value), "", true
			}
		case uint64:
			if value <= largest {
				return int(value), "", true
			}
		}
		return 0, "is too large a number", false
	}
	return 0, "must be a whole number, not " + n.kind(), false
}

func number(n node) (float64, string, bool) {
	if scalar, ok := n.Node.(*ast.FloatNode); ok {
		return scalar.Value, "", true
	}
	if _, ok := n.Node.(*ast.IntegerNode); ok {
		value, should, ok := integer(n)
		return float64(value), should, ok
	}
	return 0, "must be a number, not " + n.kind(), false
}

func duration(n node) (time.Duration, string, bool) {
	const form = `must be a time with its unit, such as "15s", "500ms" or "5m"`
	text, ok := n.text()
	if !ok {
		return 0, form + ", not " + n.kind(), false
	}
	value, err := time.ParseDuration(text)
	if err != nil {
		return 0, form, false
	}
	return value, "", true
}
