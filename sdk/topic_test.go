package sdk

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func TestTopic_CoversItselfAndWhatIsBelow(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		subscribed, topic Topic
		covers            bool
	}{
		{TopicAll, TopicState, true},
		{TopicSession, TopicState, true},
		{TopicState, TopicState, true},
		{TopicState, TopicStateAsked, false}, // of which it is a beginning, but not of a path
		{"cxengage/sess", TopicState, false},
		{"cxengage/session/", TopicState, false},
		{TopicSession, TopicNewToken, false}, // which is about sessions
		{TopicErrors, TopicUnknownMessage, true},
		{TopicState, TopicSession, false},
		{TopicAll, TopicToken, false},
		{TopicSession, TopicTokenSet, false},
		{TopicSSOToken, TopicSSOToken, true},
		{TopicToken, TopicSSOToken, false},
		{TopicAll, TopicTokenExpired, true},
	} {
		if c.subscribed.covers(c.topic) != c.covers {
			t.Errorf("%s covers %s: %t", c.subscribed, c.topic, !c.covers)
		}
	}
}

// Every constant is in the list of what is published, but for the beginnings of paths, and no two have the same text.
func TestTopics_AreAllListedOnce(t *testing.T) {
	t.Parallel()
	file, err := parser.ParseFile(token.NewFileSet(), "topic.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var constants []Topic
	ast.Inspect(file, func(n ast.Node) bool {
		if spec, ok := n.(*ast.ValueSpec); ok && strings.HasPrefix(spec.Names[0].Name, "Topic") {
			text, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Error(err)
			}
			constants = append(constants, Topic(text))
		}
		return true
	})
	for i, topic := range constants {
		listed, beginning := slices.Contains(published[:], topic), slices.Contains([]Topic{TopicAll, TopicSession, TopicErrors}, topic)
		if listed == beginning {
			t.Errorf("%s is listed: %t", topic, listed)
		}
		if !topic.valid() || !topic.known() {
			t.Errorf("nobody can subscribe to %s", topic)
		}
		if slices.Index(constants, topic) != i {
			t.Errorf("%s stands twice", topic)
		}
	}
	if len(constants) != len(published)+3 {
		t.Errorf("%d constants, %d topics", len(constants), len(published))
	}
	if Topic("cxengage/session/sqs-shut-down").known() {
		t.Error("what is never published is known")
	}
}
