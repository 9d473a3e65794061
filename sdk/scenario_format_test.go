package sdk_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// The format is specified in api/scenarios/README.md. These types are it, in Go.

type scenarioFile struct {
	About     string     `json:"about"`
	Scenarios []scenario `json:"scenarios"`
}

type scenario struct {
	Title      string         `json:"title"`
	About      string         `json:"about"`
	Start      string         `json:"start"`
	Only       []string       `json:"only"`
	Why        string         `json:"why"`
	Shows      []string       `json:"shows"`
	Options    map[string]any `json:"options"`
	Remembered any            `json:"remembered"`
	Steps      []step         `json:"steps"`
}

type beginning struct {
	From  string `json:"from"`
	Steps []step `json:"steps"`
}

// step is one stimulus and what must follow.
type step struct {
	Tab string `json:"tab"`

	Call        string          `json:"call"`
	Params      json.RawMessage `json:"params"`
	Args        []any           `json:"args"`
	As          string          `json:"as"`
	Initialize  map[string]any  `json:"initialize"`
	Answer      *answer         `json:"answer"`
	Bring       *string         `json:"bring"`
	Push        json.RawMessage `json:"push"`
	Frame       json.RawMessage `json:"frame"`
	Stream      string          `json:"stream"`
	Refuse      *answer         `json:"refuse"`
	Close       *streamEnd      `json:"close"`
	Advance     string          `json:"advance"`
	Until       string          `json:"until"` // request or stream: time stops when one comes
	Subscribe   *subscriber     `json:"subscribe"`
	Unsubscribe string          `json:"unsubscribe"`
	Leave       string          `json:"leave"`
	CloseTab    string          `json:"closeTab"`

	AnyOrder  bool                     `json:"anyOrder"`
	Requests  []wantedRequest          `json:"requests"`
	Streams   []wantedStream           `json:"streams"`
	Frames    []any                    `json:"frames"`
	Events    []wantedEvent            `json:"events"`
	Heard     map[string][]wantedEvent `json:"heard"`
	Receivers []string                 `json:"receivers"`
	Returns   map[string]outcome       `json:"returns"`
	Callbacks map[string]outcome       `json:"callbacks"`
	Asks      int                      `json:"asks"`
	Floor     map[string][]any         `json:"floor"`
	Remembers json.RawMessage          `json:"remembers"`
	Tabs      map[string]tabSees       `json:"tabs"`
}

// tabSees is what must follow in another tab than the step's.
type tabSees struct {
	Events []wantedEvent `json:"events"`
}

// stimuli names those of the step; a step has one.
func (s step) stimuli() (names []string) {
	for name, given := range map[string]bool{
		"call": s.Call != "", "initialize": s.Initialize != nil, "answer": s.Answer != nil, "bring": s.Bring != nil, "push": s.Push != nil,
		"frame": s.Frame != nil, "stream": s.Stream != "", "refuse": s.Refuse != nil, "close": s.Close != nil, "advance": s.Advance != "",
		"subscribe": s.Subscribe != nil, "unsubscribe": s.Unsubscribe != "", "leave": s.Leave != "",
		"closeTab": s.CloseTab != "",
	} {
		if given {
			names = append(names, name)
		}
	}
	return names
}

// answer is what the server answers.
type answer struct {
	To      string            `json:"to"`
	Status  int               `json:"status"`
	Headers map[string]string `json:"headers"`
	Result  json.RawMessage   `json:"result"`
	Error   json.RawMessage   `json:"error"` // a code, or an object with a code
	Body    json.RawMessage   `json:"body"`
	Text    *string           `json:"text"`
	Cut     bool              `json:"cut"`
	Always  bool              `json:"always"` // and so is every repetition, unseen
}

type streamEnd struct {
	Code   int    `json:"code"`
	Reason string `json:"reason"`
}

type subscriber struct {
	Topic  string `json:"topic"`
	As     string `json:"as"`
	Throws bool   `json:"throws"`
	Spoils bool   `json:"spoils"`
}

// wantedRequest is a request that must go out.
type wantedRequest struct {
	Send      string          `json:"send"`
	Again     string          `json:"again"`
	Body      json.RawMessage `json:"body"`
	Auth      string          `json:"auth"`
	KeepAlive bool            `json:"keepalive"`
}

func (w *wantedRequest) UnmarshalJSON(text []byte) error {
	if len(text) > 0 && text[0] == '"' {
		return json.Unmarshal(text, &w.Send)
	}
	type plain wantedRequest
	return strictly(text, (*plain)(w))
}

// line is the request's method and path.
func (w wantedRequest) line() string { return w.Send + w.Again }

// wantedStream is an attempt to open a stream, or the end of one.
type wantedStream struct {
	By     string `json:"by"` // socket, events, or closed
	Tenant string `json:"tenant"`
	View   string `json:"view"`
	Group  string `json:"group"`
	Cursor string `json:"cursor"`
	Auth   string `json:"auth"`
}

func (w *wantedStream) UnmarshalJSON(text []byte) error {
	if len(text) > 0 && text[0] == '"' {
		return json.Unmarshal(text, &w.By)
	}
	type plain wantedStream
	return strictly(text, (*plain)(w))
}

type wantedEvent struct {
	Topic    string          `json:"topic"`
	Response json.RawMessage `json:"response"`
	Error    *wantedError    `json:"error"`
}

type outcome struct {
	Topic    string          `json:"topic"`
	Response json.RawMessage `json:"response"`
	Error    *wantedError    `json:"error"`
	Throws   string          `json:"throws"`
}

// wantedError is an error of the SDK, in the short form of the README.
type wantedError struct {
	Code     int             `json:"code"`
	Status   *int            `json:"status"`
	Body     json.RawMessage `json:"body"`
	Problems []string        `json:"problems"`
	Data     any             `json:"data"` // what the fields above do not say
}

func (w *wantedError) UnmarshalJSON(text []byte) error {
	if len(text) > 0 && text[0] != '{' {
		return json.Unmarshal(text, &w.Code)
	}
	type plain wantedError
	return strictly(text, (*plain)(w))
}

// vocabulary is what sections 6 and 7 of the contract name.
type vocabulary struct {
	Functions map[string]vocabularyFunction `json:"functions"`
	Topics    map[string]string             `json:"topics"` // with why no scenario publishes on it, "" where one must
	Codes     map[string]vocabularyCode     `json:"codes"`
}

type vocabularyFunction struct {
	Topic  string   `json:"topic"`
	Errors []int    `json:"errors"`
	Sync   bool     `json:"sync"`
	Only   []string `json:"only"`
	Why    string   `json:"why"`
	Never  string   `json:"never"` // why no scenario calls it
}

type vocabularyCode struct {
	Level   string `json:"level"`
	Context string `json:"context"`
	Never   string `json:"never"` // why no scenario raises it
}

// book is all that api/scenarios holds.
type book struct {
	fixtures   fixtures
	words      vocabulary
	beginnings map[string]beginning
	files      map[string]scenarioFile // by name, without .yaml
}

// notScenarios are the files that the scenarios share.
var notScenarios = []string{"fixtures.yaml", "beginnings.yaml", "vocabulary.yaml"}

func readBook(t *testing.T) *book {
	t.Helper()
	b, err := loadBook(os.DirFS("../api/scenarios"))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func loadBook(files fs.FS) (*book, error) {
	b := &book{files: make(map[string]scenarioFile)}
	raw := make(map[string]any)
	if err := readYAML(files, "fixtures.yaml", &raw); err != nil {
		return nil, err
	}
	b.fixtures = fixtures{raw: raw}
	if err := readYAML(files, "vocabulary.yaml", &b.words); err != nil {
		return nil, err
	}
	if err := b.read(files, "beginnings.yaml", &b.beginnings); err != nil {
		return nil, err
	}
	names, err := fs.Glob(files, "*.yaml")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		if slices.Contains(notScenarios, name) {
			continue
		}
		var file scenarioFile
		if err := b.read(files, name, &file); err != nil {
			return nil, err
		}
		b.files[strings.TrimSuffix(path.Base(name), ".yaml")] = file
	}
	return b, nil
}

// read reads a file and puts the fixtures in.
func (b *book) read(files fs.FS, name string, into any) error {
	var raw any
	if err := readYAML(files, name, &raw); err != nil {
		return err
	}
	full, err := b.fixtures.fill(raw)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	text, err := json.Marshal(full)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if err := strictly(text, into); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// readYAML reads YAML as what JSON could say: no dates, no tags.
func readYAML(files fs.FS, name string, into any) error {
	text, err := fs.ReadFile(files, name)
	if err != nil {
		return err
	}
	var raw any
	if err := yaml.Unmarshal(text, &raw); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	plain, err := json.Marshal(raw)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if err := strictly(plain, into); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// strictly reads JSON and refuses fields that nobody knows: they are typing mistakes.
func strictly(text []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	return decoder.Decode(into)
}
