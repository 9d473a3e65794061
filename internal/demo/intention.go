package demo

import (
	"time"

	"github.com/muster-presence/muster/api"
)

// deed is something that a person does, or that happens to a person's browser.
type deed int

const (
	// logIn fetches a token and asks who one is.
	logIn deed = iota + 1
	// startSession reads the configuration and begins to work.
	startSession
	goReady
	goNotReady
	changeDirection
	logOut
	// loseBrowser asks for nothing: the socket ends, and the rest the server finds
	// out by itself.
	loseBrowser
	// comeBack takes the session up again where the browser left it.
	comeBack
	// takeUp does so with a session of the time before the show.
	takeUp
)

var deedNames = [...]string{
	logIn: "log in", startSession: "start a session", goReady: "go ready", goNotReady: "go not ready",
	changeDirection: "change direction", logOut: "log out", loseBrowser: "lose the browser", comeBack: "come back",
	takeUp: "take up a session",
}

func (d deed) String() string { return deedNames[d] }

// changesPresence reports whether the deed, once accepted, changes what others
// see on the floor.
func (d deed) changesPresence() bool {
	switch d {
	case startSession, goReady, goNotReady, changeDirection, logOut:
		return true
	}
	return false
}

// purpose is what somebody goes not ready for. The tenant's reasons are sorted
// into these; see [choices].
type purpose int

const (
	lunch purpose = iota
	shortBreak
	training
	otherWork
	purposes // how many there are
)

// intention is what a person does next.
type intention struct {
	deed deed
	// after is how long from now, in the time of the clock.
	after time.Duration
	// patient intentions wait for the end of a call.
	patient bool
	// purpose and pick choose a reason, with goNotReady.
	purpose purpose
	pick    uint64
	// direction is what changeDirection changes to.
	direction api.Direction
	// force ends the session whatever work is open, with logOut.
	force bool
}
