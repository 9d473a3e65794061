package wsapi

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/stream"
)

func TestHello_IsReadWithAndWithoutWhatMayBeLeftOut(t *testing.T) {
	t.Parallel()
	session := presence.SessionID{UUID: id(agent)}
	for text, want := range map[string]hello{
		`{"type":"hello","token":"t","view":"self"}`:                                                               {token: "t"},
		`{"type":"hello","token":"t","view":"floor","group":"Sales","more":1}`:                                     {token: "t", floor: true, group: "Sales"},
		`{"type":"hello","token":"t","view":"self","group":null,"cursor":null,"sessionId":null,"client":null}`:     {token: "t"},
		`{"type":"hello","token":"t","view":"self","group":"","cursor":"","sessionId":"","client":""}`:             {token: "t"},
		`{"type":"hello","token":"t","view":"self","sessionId":"` + strings.ToUpper(agent) + `","cursor":"e.1:7"}`: {token: "t", session: session, cursor: stream.Cursor{Epoch: "e.1", Seq: 7}},
		`{"type":"hello","token":"t","view":"self","client":"` + strings.Repeat("x", 63) + `üü"}`:                  {token: "t", client: strings.Repeat("x", 63)},
		"  {\"client\":\"desk/1\",\n\"view\":\"self\",\"token\":\"t\",\"type\":\"hello\"}\n":                       {token: "t", client: "desk/1"},
	} {
		if got, err := parseHello([]byte(text)); err != nil || got != want {
			t.Errorf("%s: got %+v, %v, want %+v", text, got, err, want)
		}
	}
}

func FuzzParseHello_TakesAnyText(f *testing.F) {
	f.Add([]byte(helloOf("t", "floor", `"group":"Sales"`, `"cursor":"e:1"`, `"sessionId":"`+agent+`"`, `"client":"x"`)))
	f.Fuzz(func(t *testing.T, text []byte) {
		h, err := parseHello(text)
		if err == nil && (h.token == "" || len(h.client) > maxClient || !utf8.ValidString(h.client) || h.group != "" && !h.floor) {
			t.Errorf("%q: got %+v", text, h)
		}
	})
}

func FuzzParseAnswer_ReadsBeatsAsTheDecoderDoes(f *testing.F) {
	for _, seed := range []string{`{"type":"beat","n":1}`, `{"type":"beat","n":0}`, `{"type":"beat","n":01}`, `{"type":"beat","n":999999999999999999}`, `{"type":"beat","n":9223372036854775808}`, `{"n":3,"type":"beat"}`, `{"type":"token","token":"t"}`, `{"type":"beat","n":1 }`, `{"type":"beat","n":1e2}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		got, err := parseAnswer(text)
		var frame api.BeatAnswerFrame
		isBeat := json.Unmarshal(text, &frame) == nil && frame.Type == api.FrameTypeBeat && frame.N > 0
		if isBeat && (err != nil || got.beat != uint64(frame.N)) || !isBeat && got.beat != 0 {
			t.Errorf("%q: got %+v, %v, the decoder says %+v", text, got, err, frame)
		}
	})
}
