package api_test

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"
)

const protocolDocument = "../docs/protocol.md"

// Whoever writes a client begins with the examples: each must be a frame.
func TestProtocol_EveryFrameOfTheExamplesFitsTheSchema(t *testing.T) {
	t.Parallel()
	schemas := document(t).Components.Schemas
	unions := map[string]string{"> ": "ClientFrame", "< ": "ServerFrame", "data: ": "ServerFrame"}
	shown := map[string]bool{}
	for _, frame := range framesOfExamples(t) {
		var value map[string]any
		if err := json.Unmarshal([]byte(frame.text), &value); err != nil {
			t.Errorf("%v: %s", err, frame.text)
			continue
		}
		union := unions[frame.from]
		if err := schemas[union].Value.VisitJSON(value); err != nil {
			t.Errorf("%v\n%s", err, frame.text)
		}
		kind, _ := value["type"].(string)
		shown[union+" "+kind] = true
	}
	for _, union := range unions {
		for kind := range schemas[union].Value.Discriminator.Mapping {
			if !shown[union+" "+kind] {
				t.Errorf("there is no example of the %s %s", union, kind)
			}
		}
	}
}

type exampleFrame struct{ from, text string }

// framesOfExamples are the frames in the document's blocks of code. A line that is indented goes on with the frame before it.
func framesOfExamples(t *testing.T) (frames []exampleFrame) {
	t.Helper()
	block, begins := regexp.MustCompile("(?ms)^```\n(.*?)^```"), regexp.MustCompile(`^(> |< |data: )(.*)`)
	for _, code := range block.FindAllStringSubmatch(read(t, protocolDocument), -1) {
		for line := range strings.Lines(code[1]) {
			line = strings.TrimSuffix(line, "\n")
			if found := begins.FindStringSubmatch(line); found != nil {
				frames = append(frames, exampleFrame{from: found[1], text: found[2]})
			} else if rest, indented := strings.CutPrefix(line, "   "); indented {
				frames[len(frames)-1].text += rest
			}
		}
	}
	return frames
}
