package provision

import (
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// mapping is a mapping whose fields are asked for one by one; whatever nobody
// asked for is unknown.
type mapping struct {
	*reader
	at     Position
	fields map[string]field
	order  []string
	asked  []string
}

// field is an entry of a mapping.
type field struct {
	node
	key Position
	// wrong says that the value could not be read and that this was told.
	wrong bool
}

// mapping reads the fields of a mapping, those that are merged in with "<<"
// included. It answers false, after telling, for anything else.
func (r *reader) mapping(n node) (*mapping, bool) {
	m := &mapping{reader: r, at: n.at, fields: map[string]field{}}
	values, ok := entriesOf(n.Node)
	if !ok {
		r.problems.add(n.at, "must be a mapping of fields to values, not %s", n.kind())
		return nil, false
	}
	var merged []node
	for _, entry := range values {
		if entry.Key.IsMergeKey() {
			if value, ok := r.value(entry.Value, n.at.Path); ok {
				merged = append(merged, value)
			}
			continue
		}
		m.add(entry, false)
	}
	for _, source := range merged {
		m.merge(source)
	}
	return m, true
}

func entriesOf(n ast.Node) ([]*ast.MappingValueNode, bool) {
	switch mapping := n.(type) {
	case *ast.MappingNode:
		return mapping.Values, true
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{mapping}, true
	}
	return nil, false
}

// add notes a field. A merged field gives way to one that is there.
func (m *mapping) add(entry *ast.MappingValueNode, merged bool) {
	name := keyText(entry.Key)
	at := positionOf(m.file, entry.Key.GetToken(), join(m.at.Path, name))
	if _, twice := m.fields[name]; twice {
		if !merged {
			m.problems.add(at, "stands twice: remove one")
		}
		return
	}
	value, ok := m.value(entry.Value, at.Path)
	if ok && value.isNull() {
		value.at = at // nothing stands nowhere; its field's name does
	}
	m.fields[name] = field{node: value, key: at, wrong: !ok}
	m.order = append(m.order, name)
}

// merge adds the fields of one mapping or of a list of mappings.
func (m *mapping) merge(source node) {
	sources := []node{source}
	if _, isList := source.Node.(*ast.SequenceNode); isList {
		sources, _ = m.list(source)
	}
	for _, source := range sources {
		entries, ok := entriesOf(source.Node)
		if !ok {
			m.problems.add(source.at, "only a mapping can be merged in, not %s", source.kind())
			continue
		}
		for _, entry := range entries {
			if entry.Key.IsMergeKey() {
				m.problems.add(source.at, "merges in a mapping that itself merges: name both here as <<: [*a, *b]")
				continue
			}
			m.add(entry, true)
		}
	}
}

func keyText(key ast.MapKeyNode) string {
	if text, ok := key.(*ast.StringNode); ok {
		return text.Value
	}
	return key.GetToken().Value
}

func join(path, field string) string {
	if path == "" {
		return field
	}
	return path + "." + field
}

// take returns a field, which is known from now on. Present says that the file
// has it.
func (m *mapping) take(name string) (taken field, present bool) {
	m.asked = append(m.asked, name)
	taken, present = m.fields[name]
	return taken, present
}

// places returns where the values of all fields stand.
func (m *mapping) places() map[string]Position {
	places := make(map[string]Position, len(m.fields))
	for name, field := range m.fields {
		places[name] = field.at
	}
	return places
}

// done tells of the fields that nobody asked for.
func (m *mapping) done() {
	for _, name := range m.order {
		if !slices.Contains(m.asked, name) {
			m.problems.mistyped[m.at] = true
			m.problems.add(m.fields[name].key, "there is no such field here: %s", didYouMean(name, m.asked))
		}
	}
}

// skipExtensions makes the fields that begin with "x-" known.
func (m *mapping) skipExtensions() {
	for _, name := range m.order {
		if strings.HasPrefix(name, "x-") {
			m.asked = append(m.asked, name)
		}
	}
}
