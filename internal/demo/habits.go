package demo

import "time"

// How people on this floor live, in floor time unless it says otherwise. The
// figures are those of an ordinary voice floor: four hours between two long
// absences, six tenths of the logged-in time ready, seven tenths of that on
// calls.
const (
	shortestShift = 3*time.Hour + 30*time.Minute
	longestShift  = 4*time.Hour + 30*time.Minute
	// lunchEarliest and lunchLatest are parts of the shift.
	lunchEarliest = 0.35
	lunchLatest   = 0.65

	shortestAbsence = 15 * time.Minute
	longestAbsence  = 45 * time.Minute

	// A spell is the time ready between two decisions.
	meanSpell     = 22 * time.Minute
	shortestSpell = 2 * time.Minute
	longestSpell  = 90 * time.Minute

	// browserLife is the mean time ready between two deaths of a browser. In the
	// clock's time it is never less than shortestBrowserLife, or on a fast floor
	// most browsers would be dead.
	browserLife         = 5 * time.Hour
	shortestBrowserLife = 15 * time.Minute

	// attemptsBeforeForce is how often a log-out is refused for open work until
	// the agent leaves all the same.
	attemptsBeforeForce = 5
)

// spellEnds weighs what somebody does at the end of a spell.
var spellEnds = [...]int{endShortBreak: 52, endTraining: 10, endOtherWork: 20, endDirection: 18}

const (
	endShortBreak = iota
	endTraining
	endOtherWork
	endDirection
)

// pauses says how long somebody is not ready for a purpose.
var pauses = [purposes]struct{ shortest, longest time.Duration }{
	lunch:      {30 * time.Minute, 45 * time.Minute},
	shortBreak: {4 * time.Minute, 15 * time.Minute},
	training:   {20 * time.Minute, 40 * time.Minute},
	otherWork:  {8 * time.Minute, 25 * time.Minute},
}

// What becomes of a dead browser, in the time of the clock.
const (
	soonestReturn = 20 * time.Second
	latestReturn  = 90 * time.Second
	// Whoever gives up is away until the session has surely ended: by default a
	// server ends it after five minutes of silence.
	soonestNewDay = 6 * time.Minute
	latestNewDay  = 9 * time.Minute
)

// fates weighs how somebody whose browser died goes on.
var fates = [...]int{fateResumes: 60, fateLogsIn: 25, fateGivesUp: 15}

const (
	fateResumes = iota // the same session again
	fateLogsIn         // a new token and a new session
	fateGivesUp        // gone until the session has ended
)

// How long somebody stays away whom the server turned away, in the time of the
// clock.
const (
	soonestAfterEnd = 10 * time.Second // a supervisor ended the session, say
	latestAfterEnd  = 40 * time.Second
	// Somebody else took the account over: do not fight for it.
	soonestAfterTakeover = 2 * time.Minute
	latestAfterTakeover  = 5 * time.Minute
	// A refusal, or an outage that outlasted the SDK's patience: doubled each time
	// in a row, the first included. So nobody comes back within the half minute
	// that is the most that Muster asks for.
	firstSetback   = 30 * time.Second
	longestSetback = 10 * time.Minute
)

// Calls.
const (
	meanRing, shortestRing, longestRing = 5 * time.Second, 2 * time.Second, 15 * time.Second
	meanTalk, shortestTalk, longestTalk = 210 * time.Second, 20 * time.Second, 20 * time.Minute
	meanWrap, shortestWrap, longestWrap = 40 * time.Second, 5 * time.Second, 5 * time.Minute

	// unanswered is the part of calls that ring out.
	unanswered = 0.03
	// chats is the part of interactions that are written; they take longer.
	chats, chatFactor = 0.2, 1.5

	// A floor that is fast has short calls. So that there is always one to listen
	// to, agents by the dozen have one that lasts, in the time of the clock.
	agentsPerLasting, mostLasting = 12, 4
	shortestLasting               = 3 * time.Minute
	longestLasting                = 8 * time.Minute

	// callerPatience is how long callers wait for an agent.
	callerPatience = 4 * time.Minute
)
