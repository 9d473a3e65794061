package presence

import (
	"encoding/json"
	"testing"
	"time"
)

// A request of an agent's, decided and applied as the engine does it.
func BenchmarkDecideAndEvolve(b *testing.B) {
	for name, request := range map[string][2]Command{
		"goReady, goNotReady by turns": {GoReady{By: ada, HasExtension: true}, GoNotReady{By: ada, Reason: lunch}},
		"goReady again and again":      {GoReady{By: ada, HasExtension: true}, GoReady{By: ada, HasExtension: true}},
	} {
		b.Run(name, func(b *testing.B) {
			a := loggedIn(b)
			now := a.LastAt
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				now++
				events, err := Decide(a, request[i%2], now)
				if err != nil {
					b.Fatal(err)
				}
				for _, e := range events {
					if a, err = Evolve(a, e); err != nil {
						b.Fatal(err)
					}
				}
			}
		})
	}
}

func BenchmarkElapseWithoutEffect(b *testing.B) {
	a := loggedIn(b)
	quiet := silence(a, time.Second)
	b.ReportAllocs()
	for b.Loop() {
		if events, err := Decide(a, quiet, a.LastAt); err != nil || len(events) > 0 {
			b.Fatal(events, err)
		}
	}
}

func BenchmarkEncodeAgent(b *testing.B) {
	free := play(b, loggedIn(b), GoNotReady{By: ada, Reason: lunch})
	busy := play(b, free, ReportWork{By: router, Work: phone(1, WorkActive)}, ReportWork{By: router, Work: phone(2, WorkWrapUp)})
	for name, a := range map[string]Agent{"not ready": free, "with two calls": busy} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := EncodeAgent(a); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkDecodeAgent(b *testing.B) {
	data := []byte(text(b, play(b, loggedIn(b), GoNotReady{By: ada, Reason: lunch})))
	b.ReportAllocs()
	for b.Loop() {
		var a Agent
		if err := json.Unmarshal(data, &a); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkEncodeEvent(b *testing.B) {
	e := Event{Version: 1, At: nine, Session: loggedIn(b).Session.ID, By: ada, Change: StateSet{Intent: Intent{State: NotReady, Reason: lunch}}}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := EncodeEvent(e); err != nil {
			b.Fatal(err)
		}
	}
}
