package provision

import (
	"strconv"
	"strings"
	"unicode"
)

// emitter writes block YAML. Scalars are quoted unless they cannot be taken for
// anything but text.
type emitter struct {
	out    strings.Builder
	indent int
	// entry says that the next line begins an entry of a list.
	entry bool
}

// line writes a line at the present indentation.
func (e *emitter) line(text string) {
	indent := e.indent
	if e.entry {
		indent -= 2
	}
	e.out.WriteString(strings.Repeat(" ", indent))
	if e.entry {
		e.out.WriteString("- ")
		e.entry = false
	}
	e.out.WriteString(text)
	e.out.WriteByte('\n')
}

// raw writes a field whose value needs no quotes.
func (e *emitter) raw(name, value string) { e.line(name + ": " + value) }

// text writes a field of text, the empty text too.
func (e *emitter) text(name, value string) { e.raw(name, scalarText(value)) }

// optional writes a field of text unless it is empty.
func (e *emitter) optional(name, value string) {
	if value != "" {
		e.text(name, value)
	}
}

func (e *emitter) bool(name string, value bool) { e.raw(name, strconv.FormatBool(value)) }

// texts writes a field that is a list of text, on one line.
func (e *emitter) texts(name string, values []string) {
	quoted := make([]string, len(values))
	for i, value := range values {
		quoted[i] = scalarText(value)
	}
	e.raw(name, "["+strings.Join(quoted, ", ")+"]")
}

// under writes a field whose value follows below.
func (e *emitter) under(name string, write func()) {
	e.line(name + ":")
	e.indent += 2
	write()
	e.indent -= 2
}

// each writes a field that is a list of mappings, or nothing for an empty one.
func each[T any](e *emitter, name string, all []T, write func(T)) {
	if len(all) == 0 {
		return
	}
	e.under(name, func() {
		for _, element := range all {
			e.indent += 2
			e.entry = true
			write(element)
			e.indent -= 2
		}
	})
}

// scalarText returns text as a YAML scalar.
func scalarText(text string) string {
	if isPlain(text) {
		return text
	}
	var quoted strings.Builder
	quoted.WriteByte('"')
	for _, r := range text {
		switch {
		case r == '"' || r == '\\':
			quoted.WriteByte('\\')
			quoted.WriteRune(r)
		case r == '\n':
			quoted.WriteString(`\n`)
		case r == '\t':
			quoted.WriteString(`\t`)
		case r == ' ' || unicode.IsPrint(r):
			quoted.WriteRune(r)
		case r <= 0xffff:
			quoted.WriteString(`\u` + hexadecimal(r, 4))
		default:
			quoted.WriteString(`\U` + hexadecimal(r, 8))
		}
	}
	quoted.WriteByte('"')
	return quoted.String()
}

func hexadecimal(r rune, digits int) string {
	text := strconv.FormatInt(int64(r), 16)
	return strings.Repeat("0", digits-len(text)) + text
}

// isPlain reports whether text needs no quotes: it begins with a letter, has only
// letters, digits and a few marks, and is no word that YAML gives a meaning.
func isPlain(text string) bool {
	if text == "" || !isLetter(text[0]) || text[len(text)-1] == ' ' || strings.Contains(text, " -") {
		return false
	}
	for i := range len(text) {
		if c := text[i]; !isLetter(c) && !(c >= '0' && c <= '9') && !strings.ContainsRune(" _-.@/+", rune(c)) {
			return false
		}
	}
	switch strings.ToLower(text) {
	case "null", "true", "false", "yes", "no", "on", "off", "y", "n", "inf", "nan":
		return false
	}
	return true
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }
