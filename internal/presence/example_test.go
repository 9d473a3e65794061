package presence_test

import (
	"fmt"

	"github.com/muster-presence/muster/internal/presence"
)

func Example() {
	agent := presence.Actor{Cause: presence.ByAgent, Name: "Ada"}
	commands := []presence.Command{
		presence.StartSession{By: agent, WorkLimit: 1},
		presence.GoReady{By: agent, HasExtension: true},
		presence.GoReady{By: agent}, // refused
	}
	var a presence.Agent
	for now, command := range commands {
		events, err := presence.Decide(a, command, presence.Instant(now))
		for _, event := range events {
			a, _ = presence.Evolve(a, event) // accepts whatever Decide answers
		}
		fmt.Printf("%s: %s %v %v\n", command.Name(), a.State(), a.Offerable(), err)
	}
	// Output:
	// start session: notready false <nil>
	// go ready: ready true <nil>
	// go ready: ready true refused: no_extension
}
