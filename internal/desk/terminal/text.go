package terminal

import (
	"strings"
	"unicode"

	"github.com/rivo/uniseg"
)

// Style is how a piece of text looks. On a terminal without colours the rest of it still shows.
type Style struct {
	Colour  Colour
	Bold    bool
	Dim     bool
	Reverse bool
}

// Colour is one of the terminal's own, so that it fits whatever theme there is.
type Colour int

// The colours.
const (
	Plain  Colour = 0
	Red    Colour = 31
	Green  Colour = 32
	Yellow Colour = 33
	Cyan   Colour = 36
)

// Span is a piece of text in one style.
type Span struct {
	Text  string
	Style Style
}

// Line is a line of a screen.
type Line []Span

// Text is a line in no style.
func Text(text string) Line { return Line{{Text: text}} }

// Styled is a line in one style.
func Styled(text string, style Style) Line { return Line{{text, style}} }

// String is the line without its styles.
func (l Line) String() string {
	var text strings.Builder
	for _, span := range l {
		text.WriteString(Clean(span.Text))
	}
	return text.String()
}

// Clean shows control characters, and what turns the direction of writing, as dots: text from elsewhere must not control the terminal.
func Clean(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == unicode.ReplacementChar || unicode.Is(unicode.Bidi_Control, r) || r == '\u2028' || r == '\u2029' {
			return '·'
		}
		return r
	}, text)
}

// Width is how many columns the text takes.
func Width(text string) int { return uniseg.StringWidth(Clean(text)) }

// Cut is the text in at most so many columns. Where something is missing, it ends with three dots in one.
func Cut(text string, columns int) string {
	text = Clean(text)
	if uniseg.StringWidth(text) <= columns {
		return text
	}
	if columns <= 0 {
		return ""
	}
	var cut strings.Builder
	left, state := columns-1, -1
	for text != "" {
		var cluster string
		var width int
		cluster, text, width, state = uniseg.FirstGraphemeClusterInString(text, state)
		if width > left {
			break
		}
		cut.WriteString(cluster)
		left -= width
	}
	return cut.String() + "…"
}

// Fit is the text in exactly so many columns.
func Fit(text string, columns int) string {
	text = Cut(text, columns)
	return text + strings.Repeat(" ", max(0, columns-uniseg.StringWidth(text)))
}

// Wrap breaks the text between words into pieces of at most so many columns.
func Wrap(text string, columns int) (pieces []string) {
	piece := ""
	for word := range strings.FieldsSeq(Clean(text)) {
		switch {
		case piece == "":
			piece = word
		case Width(piece)+1+Width(word) <= columns:
			piece += " " + word
		default:
			pieces = append(pieces, Cut(piece, columns))
			piece = word
		}
	}
	return append(pieces, Cut(piece, columns))
}

// render is the line as it is sent to a terminal of so many columns.
func (l Line) render(columns int, colours bool) string {
	var text strings.Builder
	for _, span := range l {
		if columns <= 0 {
			break
		}
		piece := Cut(span.Text, columns)
		columns -= uniseg.StringWidth(piece)
		on := span.Style.sequence(colours)
		if on == "" {
			text.WriteString(piece)
			continue
		}
		text.WriteString(on + piece + "\x1b[0m")
	}
	return text.String()
}

func (s Style) sequence(colours bool) string {
	var codes []string
	if s.Bold {
		codes = append(codes, "1")
	}
	if s.Dim {
		codes = append(codes, "2")
	}
	if s.Reverse {
		codes = append(codes, "7")
	}
	switch {
	case !colours:
	case s.Colour == Red:
		codes = append(codes, "31")
	case s.Colour == Green:
		codes = append(codes, "32")
	case s.Colour == Yellow:
		codes = append(codes, "33")
	case s.Colour == Cyan:
		codes = append(codes, "36")
	}
	if codes == nil {
		return ""
	}
	return "\x1b[" + strings.Join(codes, ";") + "m"
}
