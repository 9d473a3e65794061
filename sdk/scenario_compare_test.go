package sdk_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/muster-presence/muster/sdk"
)

// compare compares everything that has happened since the last look with what the step wants, and forgets it.
func (g *stage) compare(s step) (differences []string) {
	g.server.mu.Lock()
	defer g.server.mu.Unlock()
	g.mu.Lock()
	defer g.mu.Unlock()
	if s.AnyOrder {
		inOrder(s.Requests, g.server.seen, func(w wantedRequest, r *request) bool { return w.line() == r.line })
		inOrder(s.Events, g.events, func(w wantedEvent, e published) bool { return fullTopic(w.Topic) == e.topic })
	}
	differences = slices.Concat(
		g.server.wrong,
		g.compareRequests(s.Requests),
		g.compareStreams(s.Streams),
		g.compareList("frame", s.Frames, g.server.frames),
		g.compareEvents("event", s.Events, g.events),
		g.compareHeard(s.Heard),
		g.compareReturns(s.Returns),
		g.compareFloors(s.Floor),
	)
	if s.Asks != g.asks {
		differences = append(differences, fmt.Sprintf("the token callback was called %d times, want %d", g.asks, s.Asks))
	}
	if s.Remembers != nil {
		if err := matches(decoded(s.Remembers), g.remembers(), time.Now()); err != nil {
			differences = append(differences, "remembers"+err.Error())
		}
	}
	differences = append(differences, g.leaks()...)
	g.server.wrong, g.server.seen, g.server.streams, g.server.frames, g.events, g.asks = nil, nil, nil, nil, nil, 0
	clear(g.heard)
	clear(g.returned)
	clear(g.floors)
	return differences
}

// inOrder brings what was got into the order of what is wanted, as far as there is anything alike.
func inOrder[W, G any](want []W, got []G, alike func(W, G) bool) {
	for i := range min(len(want), len(got)) {
		if j := slices.IndexFunc(got[i:], func(g G) bool { return alike(want[i], g) }); j > 0 {
			got[i], got[i+j] = got[i+j], got[i]
		}
	}
}

func (g *stage) compareRequests(want []wantedRequest) (differences []string) {
	for i := range max(len(want), len(g.server.seen)) {
		switch {
		case i >= len(want):
			differences = append(differences, "unexpected request: "+g.server.seen[i].line+" "+string(g.server.seen[i].body))
		case i >= len(g.server.seen):
			differences = append(differences, "missing request: "+want[i].line())
		default:
			for _, d := range g.compareRequest(want[i], g.server.seen[i]) {
				differences = append(differences, "request "+want[i].line()+": "+d)
			}
		}
	}
	return differences
}

func (g *stage) compareRequest(want wantedRequest, got *request) (differences []string) {
	if got.line != want.line() {
		return []string{"got " + got.line + " " + string(got.body)}
	}
	before := g.answered[got.line]
	if want.Again != "" {
		if !repeats(got, before) {
			differences = append(differences, "it is not the same request again")
		}
	} else {
		if err := matches(withoutNulls(decoded(want.Body)), withoutNulls(decoded(got.body)), time.Now()); err != nil {
			differences = append(differences, "body"+err.Error())
		}
		differences = append(differences, g.compareKey(got)...)
	}
	g.answered[got.line] = got
	if auth := g.authorization(want.Auth); got.header.Get("Authorization") != auth {
		differences = append(differences, fmt.Sprintf("Authorization: got %q, want %q", got.header.Get("Authorization"), auth))
	}
	if len(got.body) > 0 && got.header.Get("Content-Type") != "application/json" {
		differences = append(differences, fmt.Sprintf("Content-Type: got %q", got.header.Get("Content-Type")))
	}
	return differences
}

// compareKey wants an Idempotency-Key that no other request had, where the contract has one, and none elsewhere.
func (g *stage) compareKey(r *request) []string {
	key := keyOf(r)
	switch needed := needsKey.MatchString(r.line); {
	case needed && key == "":
		return []string{"it has no Idempotency-Key"}
	case !needed && key != "":
		return []string{"it has an Idempotency-Key"}
	case needed && g.keys[key]:
		return []string{"its Idempotency-Key is another request's"}
	}
	g.keys[key] = true
	return nil
}

// authorization is the header for a token: the usual one unless the script says.
func (g *stage) authorization(auth string) string {
	switch auth {
	case "none":
		return ""
	case "":
		auth = g.book.fixtures.raw["token"].(string)
	}
	return "Token " + auth
}

func (g *stage) compareStreams(want []wantedStream) (differences []string) {
	got := g.server.streams
	if len(got) != len(want) {
		acts := make([]string, len(got))
		for i, act := range got {
			acts[i] = act.by
		}
		return []string{fmt.Sprintf("streams: got %v, want %d", acts, len(want))}
	}
	for i, w := range want {
		full := streamAct{by: w.By}
		if w.By != "closed" {
			full.tenant = w.Tenant
			if full.tenant == "" {
				full.tenant = g.book.fixtures.raw["tenant"].(string)
			}
		}
		if w.By == "events" {
			full.view, full.group, full.cursor, full.auth = "self", w.Group, w.Cursor, g.authorization(w.Auth)
			if w.View != "" {
				full.view = w.View
			}
		}
		if *got[i] != full {
			differences = append(differences, fmt.Sprintf("stream %d: got %+v, want %+v", i+1, *got[i], full))
		}
	}
	return differences
}

func (g *stage) compareList(what string, want, got []any) (differences []string) {
	for i := range max(len(want), len(got)) {
		switch {
		case i >= len(want):
			differences = append(differences, "unexpected "+what+": "+written(got[i]))
		case i >= len(got):
			differences = append(differences, "missing "+what+": "+written(want[i]))
		default:
			if err := matches(want[i], got[i], time.Now()); err != nil {
				differences = append(differences, fmt.Sprintf("%s %d%v", what, i+1, err))
			}
		}
	}
	return differences
}

func (g *stage) compareEvents(what string, want []wantedEvent, got []published) (differences []string) {
	for i := range max(len(want), len(got)) {
		switch {
		case i >= len(want):
			differences = append(differences, fmt.Sprintf("unexpected %s: %s %s", what, got[i].topic, written(got[i].shown())))
		case i >= len(got):
			differences = append(differences, fmt.Sprintf("missing %s: %s", what, want[i].Topic))
		case fullTopic(want[i].Topic) != got[i].topic:
			differences = append(differences, fmt.Sprintf("%s %d: want %s, got %s %s", what, i+1, want[i].Topic, got[i].topic, written(got[i].shown())))
		default:
			for _, d := range g.compareOutcome(want[i].Response, want[i].Error, got[i]) {
				differences = append(differences, fmt.Sprintf("%s %d, %s%s", what, i+1, want[i].Topic, d))
			}
		}
	}
	return differences
}

func (p published) shown() any {
	if p.err != nil {
		return p.err
	}
	return p.response
}

// fullTopic is a topic as it is published: those of the session are written without their beginning.
func fullTopic(topic string) string {
	if topic == "cxengage" || strings.HasPrefix(topic, "cxengage/") {
		return topic
	}
	return "cxengage/session/" + topic
}

func (g *stage) compareHeard(want map[string][]wantedEvent) (differences []string) {
	names := slices.Sorted(maps.Keys(g.heard))
	for name := range want {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	for _, name := range names {
		differences = append(differences, g.compareEvents("event at "+name, want[name], g.heard[name])...)
	}
	return differences
}

func (g *stage) compareReturns(want map[string]outcome) (differences []string) {
	for _, name := range slices.Sorted(maps.Keys(g.returned)) {
		if _, wanted := want[name]; !wanted {
			differences = append(differences, fmt.Sprintf("unexpected return of %s: %s", name, written(g.returned[name].shown())))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(want)) {
		got, returned := g.returned[name]
		if !returned {
			differences = append(differences, name+" has not returned")
			continue
		}
		w := want[name]
		if w.Throws != "" {
			w.Error = &wantedError{Code: invalidParameters, Problems: []string{"must"}}
		}
		for _, d := range g.compareOutcome(w.Response, w.Error, *got) {
			differences = append(differences, "return of "+name+d)
		}
	}
	return differences
}

func (g *stage) compareOutcome(response json.RawMessage, failed *wantedError, got published) (differences []string) {
	switch {
	case response == nil && failed == nil:
		return []string{": the script says neither response nor error"}
	case failed == nil && got.err != nil:
		return []string{": got the error " + written(got.err)}
	case failed == nil:
		if err := matches(decoded(response), got.response, time.Now()); err != nil {
			return []string{err.Error()}
		}
		return nil
	case got.err == nil:
		return []string{": got " + written(got.response) + ", want an error"}
	}
	if err := matches(g.wholeError(failed), got.err, time.Now()); err != nil {
		return []string{err.Error()}
	}
	return nil
}

// wholeError is an error as the SDK publishes it, made of the short form of scripts.
func (g *stage) wholeError(w *wantedError) map[string]any {
	known := g.book.words.Codes[fmt.Sprint(w.Code)]
	data := make(map[string]any)
	given, isObject := w.Data.(map[string]any)
	maps.Copy(data, given)
	if len(w.Problems) > 0 {
		data["problems"] = "<text with " + strings.Join(w.Problems, ", ") + ">"
	}
	if w.Status != nil {
		var body any
		switch {
		case w.Body != nil:
			body = decoded(w.Body)
		case *w.Status > 0:
			body = g.server.body
		}
		data["apiResponse"] = map[string]any{
			"status":      float64(*w.Status),
			"apiResponse": map[string]any{"statusText": "<text>", "failure": "<text>", "response": body},
		}
	}
	whole := map[string]any{"code": float64(w.Code), "context": known.Context, "level": known.Level, "message": "<text>", "data": data}
	if w.Data != nil && !isObject {
		whole["data"] = w.Data
	}
	return whole
}

func (g *stage) compareFloors(want map[string][]any) (differences []string) {
	names := slices.Concat(slices.Collect(maps.Keys(g.floors)), slices.Collect(maps.Keys(want)))
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		differences = append(differences, g.compareList("update of "+name, want[name], g.floors[name])...)
	}
	return differences
}

// remembers is what the client keeps for a later one, nil for nothing.
func (g *stage) remembers() any {
	if g.remembered == (sdk.ResumePoint{}) {
		return nil
	}
	return plain(g.remembered)
}

const invalidParameters = 1003

// leaks finds what no script may allow: a token outside of a header, in an event or in a log line, and a parameter's value in
// what tells that it is wrong.
func (g *stage) leaks() (differences []string) {
	for _, r := range g.server.seen {
		if isUpload.MatchString(r.line) {
			differences = append(differences, g.repeated("an upload", string(r.body))...)
		}
		if strings.Contains(r.line, secretPart) {
			differences = append(differences, "a token stands in the address "+r.line)
		}
	}
	for _, e := range g.events {
		text := written(e.shown())
		if strings.Contains(text, secretPart) {
			differences = append(differences, "a token stands in an event on "+e.topic)
		}
		if failed, ok := e.err.(map[string]any); ok && failed["code"] == float64(invalidParameters) {
			differences = append(differences, g.repeated("an error", text)...)
		}
	}
	return differences
}

// secretPart stands in every token of the fixtures.
const secretPart = "eyJhbGciOiJIUzI1NiJ9"

// repeated finds values of parameters in a text. Short ones may stand there by chance.
func (g *stage) repeated(what, text string) (differences []string) {
	const shortest = 8
	for _, p := range g.params {
		if len(p) >= shortest && strings.Contains(text, p) {
			differences = append(differences, fmt.Sprintf("%s repeats the parameter %q", what, p))
		}
	}
	return differences
}
