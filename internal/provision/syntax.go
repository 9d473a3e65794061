package provision

import (
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// File is a file to provision from.
type File struct {
	// Name is for people: problems name it.
	Name string
	// Content is YAML text in UTF-8, at most 16 MiB.
	Content []byte
}

const (
	maxContent = 16 << 20
	// maxNesting bounds the recursion of the parser. Files need six levels.
	maxNesting = 64
	// aliasedValues is how many values the files may have beyond their number of
	// bytes, which only aliases can bring about: a small file with aliases of
	// aliases would otherwise fill the memory.
	aliasedValues = 100_000
)

// parseSyntax reads a file's documents. The problem is zero if there is none.
func parseSyntax(file File) (documents []*ast.DocumentNode, problem Problem) {
	if len(file.Content) > maxContent {
		return nil, Problem{Position{File: file.Name}, fmt.Sprintf("is larger than %d MiB: split it", maxContent>>20)}
	}
	if !utf8.Valid(file.Content) {
		return nil, Problem{Position{File: file.Name}, "is not UTF-8 text: save it as UTF-8"}
	}
	tokens := lexer.Tokenize(string(file.Content))
	if deep := nestedTooDeep(tokens); deep != nil {
		return nil, Problem{positionOf(file.Name, deep, ""), fmt.Sprintf("is nested more than %d levels deep: no field is", maxNesting)}
	}
	// The parser is known to panic on some broken input; whatever it cannot read
	// is refused like any other broken file.
	defer func() {
		if recover() != nil {
			documents, problem = nil, Problem{Position{File: file.Name}, "is not YAML: check brackets, quotes and indentation"}
		}
	}()
	parsed, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		return nil, syntaxProblem(file.Name, err)
	}
	return parsed.Docs, Problem{}
}

// nestedTooDeep returns the token at which nesting gets deeper than the parser,
// which recurses, should be asked to follow. Block nesting by indentation needs
// no bound of its own: each level costs a line longer than the one before.
func nestedTooDeep(tokens token.Tokens) *token.Token {
	brackets, onLine, line := 0, 0, 0
	for _, t := range tokens {
		if t.Position.Line != line {
			line, onLine = t.Position.Line, 0
		}
		switch t.Type {
		case token.SequenceStartType, token.MappingStartType:
			brackets++
		case token.SequenceEndType, token.MappingEndType:
			brackets--
		case token.SequenceEntryType, token.MappingKeyType, token.TagType, token.AnchorType:
			if brackets == 0 {
				onLine++
			}
		}
		if brackets > maxNesting || onLine > maxNesting {
			return t
		}
	}
	return nil
}

func syntaxProblem(file string, err error) Problem {
	at, text := Position{File: file}, "check brackets, quotes and indentation"
	var broken yaml.Error
	if errors.As(err, &broken) {
		text = broken.GetMessage()
		at = positionOf(file, broken.GetToken(), "")
	}
	return Problem{at, "is not YAML: " + text}
}

func positionOf(file string, t *token.Token, path string) Position {
	at := Position{File: file, Path: path}
	if t != nil && t.Position != nil {
		at.Line, at.Column = t.Position.Line, t.Position.Column
	}
	return at
}
