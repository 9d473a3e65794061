package provision

import (
	"fmt"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

// reader reads one document and gathers what is wrong with it.
type reader struct {
	file     string
	problems *problemLog
	anchors  map[string]ast.Node
	budget   *int // how many values may still be read, of all files together
}

// newReader prepares to read a document. An alias means the anchor of its name,
// so a name may be given only once.
func newReader(file string, document *ast.DocumentNode, problems *problemLog, budget *int) *reader {
	r := &reader{file: file, problems: problems, anchors: map[string]ast.Node{}, budget: budget}
	ast.Walk(anchorFinder{r}, document.Body)
	return r
}

type anchorFinder struct{ *reader }

// Visit implements [ast.Visitor].
func (f anchorFinder) Visit(n ast.Node) ast.Visitor {
	if anchor, ok := n.(*ast.AnchorNode); ok && anchor.Name != nil {
		name := anchor.Name.GetToken().Value
		if _, taken := f.anchors[name]; taken {
			f.problems.add(positionOf(f.file, anchor.GetToken(), ""), "the anchor %q is given twice: rename one", name)
		}
		f.anchors[name] = anchor.Value
	}
	return f
}

// node is a value in a document. At is where it is used, which for an alias is
// not where it stands.
type node struct {
	ast.Node
	at Position
}

// value makes a node of what stands at a path, with aliases followed. It answers
// false, after telling, when there is no value to be had.
func (r *reader) value(n ast.Node, path string) (node, bool) {
	at := Position{File: r.file, Path: path}
	if n != nil {
		at = positionOf(r.file, startOf(n), path)
	}
	*r.budget--
	if *r.budget == 0 {
		r.problems.add(at, "with all aliases followed the files get too large: use fewer aliases")
	}
	if *r.budget <= 0 {
		return node{}, false
	}
	const longestChain = 16 // an anchor may stand at an alias; circles end here
	for range longestChain {
		switch wrapped := n.(type) {
		case *ast.AnchorNode:
			n = wrapped.Value
		case *ast.AliasNode:
			name := wrapped.Value.GetToken().Value
			target, ok := r.anchors[name]
			if !ok {
				r.problems.add(at, "there is no anchor %q in this document", name)
				return node{}, false
			}
			n = target
		case *ast.TagNode:
			r.problems.add(at, "tags are not read here: remove the %q", wrapped.Start.Value)
			return node{}, false
		default:
			return node{Node: n, at: at}, true
		}
	}
	r.problems.add(at, "the anchor refers to itself")
	return node{}, false
}

// startOf returns the token at which a value begins, which for a block mapping
// is its first key.
func startOf(n ast.Node) *token.Token {
	switch mapping := n.(type) {
	case *ast.MappingNode:
		if !mapping.IsFlowStyle && len(mapping.Values) > 0 {
			return mapping.Values[0].Key.GetToken()
		}
	case *ast.MappingValueNode:
		return mapping.Key.GetToken()
	}
	return n.GetToken()
}

// isNull reports whether there is nothing, or null.
func (n node) isNull() bool {
	_, null := n.Node.(*ast.NullNode)
	return null || n.Node == nil
}

// text returns the value of a scalar that is text.
func (n node) text() (string, bool) {
	switch scalar := n.Node.(type) {
	case *ast.StringNode:
		return scalar.Value, true
	case *ast.LiteralNode:
		return scalar.Value.Value, true
	}
	return "", false
}

// kind names what the value is, for people who expected something else.
func (n node) kind() string {
	switch n.Node.(type) {
	case nil, *ast.NullNode:
		return "nothing"
	case *ast.StringNode, *ast.LiteralNode:
		return "text"
	case *ast.BoolNode:
		return "true or false"
	case *ast.IntegerNode, *ast.FloatNode:
		return "a number"
	case *ast.InfinityNode, *ast.NanNode:
		return "infinity"
	case *ast.SequenceNode:
		return "a list"
	case *ast.MappingNode, *ast.MappingValueNode:
		return "a mapping"
	}
	return "something else"
}

// list returns the elements of a list.
func (r *reader) list(n node) ([]node, bool) {
	sequence, ok := n.Node.(*ast.SequenceNode)
	if !ok {
		r.problems.add(n.at, "must be a list, not %s: begin each entry with \"- \"", n.kind())
		return nil, false
	}
	var elements []node
	for i, element := range sequence.Values {
		if value, ok := r.value(element, fmt.Sprintf("%s[%d]", n.at.Path, i)); ok {
			elements = append(elements, value)
		}
	}
	return elements, true
}
