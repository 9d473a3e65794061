package sdk_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/muster-presence/muster/sdk"
)

// covered is what scenarios show.
type covered struct {
	functions map[string]bool         // that are called
	raised    map[string]map[int]bool // codes that come up where a function is called
	codes     map[int]bool
	topics    map[string]bool
	points    map[int]bool // of the contract's section 11
}

var pointOfSection11 = regexp.MustCompile(`Section 11, (?:points? )?(\d+)(?: and (\d+))?`)

func coveredBy(b *book) covered {
	c := covered{functions: make(map[string]bool), raised: make(map[string]map[int]bool), codes: make(map[int]bool), topics: make(map[string]bool), points: make(map[int]bool)}
	for _, file := range b.files {
		c.cites(file.About)
		for _, s := range file.Scenarios {
			c.cites(s.About)
			c.add(s)
		}
	}
	for _, beginning := range b.beginnings {
		c.add(scenario{Steps: beginning.Steps})
	}
	return c
}

// cites notes points of section 11. "Section 11" may begin a sentence or stand in one.
func (c covered) cites(about string) {
	for _, match := range pointOfSection11.FindAllStringSubmatch(strings.ReplaceAll(about, "section 11", "Section 11"), -1) {
		for _, text := range match[1:] {
			if n, err := strconv.Atoi(text); err == nil {
				c.points[n] = true
			}
		}
	}
}

func (c covered) add(s scenario) {
	codes := make(map[int]bool)
	raises := func(e *wantedError) {
		if e != nil {
			codes[e.Code] = true
		}
	}
	for _, step := range s.Steps {
		for _, event := range slices.Concat(append(slices.Collect(maps.Values(step.Heard)), step.Events)...) {
			c.topics[fullTopic(event.Topic)] = true
			raises(event.Error)
		}
		for _, result := range step.Returns {
			raises(result.Error)
		}
	}
	for _, step := range s.Steps {
		if step.Call == "" {
			continue
		}
		c.functions[step.Call] = true
		if c.raised[step.Call] == nil {
			c.raised[step.Call] = make(map[int]bool)
		}
		maps.Copy(c.raised[step.Call], codes)
	}
	maps.Copy(c.codes, codes)
}

func TestScenarios_CoverEveryFunctionWithItsErrors(t *testing.T) {
	t.Parallel()
	b := readBook(t)
	c := coveredBy(b)
	for name, f := range b.words.Functions {
		if f.Never != "" {
			continue
		}
		if !c.functions[name] {
			t.Errorf("no scenario calls %s", name)
		}
		for _, code := range f.Errors {
			if !c.raised[name][code] {
				t.Errorf("in no scenario that calls %s does it come to %d", name, code)
			}
		}
	}
	for name := range c.functions {
		if _, known := b.words.Functions[name]; !known {
			t.Errorf("%s is called but not in vocabulary.yaml", name)
		}
	}
}

func TestScenarios_CoverEveryCode(t *testing.T) {
	t.Parallel()
	b := readBook(t)
	c := coveredBy(b)
	for text, code := range b.words.Codes {
		n, err := strconv.Atoi(text)
		if err != nil {
			t.Errorf("%q is no code", text)
		}
		if covered := c.codes[n]; covered == (code.Never != "") {
			t.Errorf("%d: some scenario comes to it: %t; why none could: %q", n, covered, code.Never)
		}
	}
}

func TestScenarios_CoverEveryTopic(t *testing.T) {
	t.Parallel()
	b := readBook(t)
	c := coveredBy(b)
	for topic, never := range b.words.Topics {
		if covered := c.topics[fullTopic(topic)]; covered == (never != "") {
			t.Errorf("%s: something is published on it: %t; why nothing could: %q", topic, covered, never)
		}
		delete(c.topics, fullTopic(topic))
	}
	for topic := range c.topics {
		t.Errorf("%s is not in vocabulary.yaml", topic)
	}
}

func TestScenarios_CoverEveryPointInWhichMusterIsBetter(t *testing.T) {
	t.Parallel()
	const points = 12
	c := coveredBy(readBook(t))
	for n := 1; n <= points; n++ {
		if !c.points[n] {
			t.Errorf("no scenario is about section 11, point %d", n)
		}
	}
}

func TestVocabulary_IsWhatTheGoSDKKnows(t *testing.T) {
	t.Parallel()
	b := readBook(t)
	for _, code := range sdk.Codes() {
		known, ok := b.words.Codes[strconv.Itoa(int(code))]
		if got := (vocabularyCode{Level: string(code.Level()), Context: code.Context(), Never: known.Never}); !ok || got != known {
			t.Errorf("%d: in Go it is %+v, in vocabulary.yaml %+v", code, got, known)
		}
	}
	if want, got := len(sdk.Codes()), len(b.words.Codes); want != got {
		t.Errorf("Go has %d codes, vocabulary.yaml %d", want, got)
	}
	prefixes := []string{"cxengage", "cxengage/session", "cxengage/errors"}
	for _, topic := range topicsOfGo(t) {
		if _, ok := b.words.Topics[strings.TrimPrefix(topic, "cxengage/session/")]; !ok && !slices.Contains(prefixes, topic) {
			t.Errorf("vocabulary.yaml has no topic %s", topic)
		}
	}
	functions := goFunctions()
	for name, f := range b.words.Functions {
		_, has := functions[name]
		wanted := f.Never == "" && (len(f.Only) == 0 || slices.Contains(f.Only, "go"))
		if has = has || name == "floor.watch"; has != wanted {
			t.Errorf("%s: the runner calls it in Go: %t, vocabulary.yaml wants it to: %t", name, has, wanted)
		}
	}
}

// topicsOfGo are the constants of topic.go, which is the list.
func topicsOfGo(t *testing.T) (topics []string) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "topic.go", nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || fmt.Sprint(spec.Type) != "Topic" || len(spec.Values) != 1 {
			return true
		}
		if literal, ok := spec.Values[0].(*ast.BasicLit); ok {
			text, err := strconv.Unquote(literal.Value)
			if err != nil {
				t.Fatal(err)
			}
			topics = append(topics, text)
		}
		return true
	})
	if len(topics) == 0 {
		t.Fatal("topic.go has no topics")
	}
	return topics
}

func TestScenarios_AreWellFormed(t *testing.T) {
	t.Parallel()
	b := readBook(t)
	for name, file := range b.files {
		if file.About == "" {
			t.Errorf("%s does not say what it is about", name)
		}
		titles := make(map[string]bool)
		for _, s := range file.Scenarios {
			for _, problem := range s.problems(b) {
				t.Errorf("%s, %q: %s", name, s.Title, problem)
			}
			if titles[s.Title] {
				t.Errorf("%s has two scenarios %q", name, s.Title)
			}
			titles[s.Title] = true
		}
	}
}

func (s scenario) problems(b *book) (found []string) {
	if s.Title == "" || len(s.Steps) == 0 {
		found = append(found, "it needs a title and steps")
	}
	if _, ok := b.beginnings[s.Start]; !ok {
		found = append(found, "there is no beginning "+s.Start)
	}
	if (len(s.Only) > 0) != (s.Why != "") {
		found = append(found, "whoever says only also says why")
	}
	for _, language := range s.Only {
		if language != "go" && language != "javascript" {
			found = append(found, "there is no SDK for "+language)
		}
	}
	for _, what := range s.Shows {
		if !slices.Contains([]string{"heartbeats", "stream", "uploads"}, what) {
			found = append(found, "nothing is called "+what)
		}
	}
	for i, step := range s.Steps {
		if stimuli := step.stimuli(); len(stimuli) != 1 {
			found = append(found, fmt.Sprintf("step %d has the stimuli %v", i+1, stimuli))
		}
		if !slices.Contains([]string{"", "request", "stream"}, step.Until) || step.Until != "" && step.Advance == "" {
			found = append(found, fmt.Sprintf("step %d waits until %q", i+1, step.Until))
		}
	}
	return found
}

func TestFixtures_AreAllUsed(t *testing.T) {
	t.Parallel()
	used := make(map[string]bool)
	like := regexp.MustCompile(`\$: ([A-Za-z]+)`)
	files, err := os.ReadDir("../api/scenarios")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile("../api/scenarios/" + file.Name())
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range anyReference.FindAllStringSubmatch(string(text), -1) {
			used[strings.Split(name[1], ".")[0]] = true
		}
		for _, name := range like.FindAllStringSubmatch(string(text), -1) {
			used[name[1]] = true
		}
	}
	for name := range readBook(t).fixtures.raw {
		if !used[name] {
			t.Errorf("no script names the fixture %s", name)
		}
	}
}
