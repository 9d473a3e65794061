package demo

import "time"

const (
	// logInEvery is the time between two log-ins, and logInsAtOnce how many are
	// under way: a third of what a server can check that gives passwords two
	// processors for 25 ms each, and on a slower one no more than it works on.
	// Without the second bound, log-ins that wait would hold all workers, and
	// those who are in would get nothing done.
	logInEvery   = 40 * time.Millisecond
	logInsAtOnce = 2
	// tokensAtOnce is how many come in at once with a token that they have been
	// given: half of the workers.
	tokensAtOnce = workers / 2
)

// reception lets in those who want to log in, one after the other. It is an
// [actor].
type reception struct {
	timetable *timetable
	every     time.Duration
	atOnce    int
	line      []*seat // who came first is first
	underWay  int
	free      time.Time // for the next one
}

// newReception lets people in who have been given tokens, or who log in with a
// password.
func newReception(tokens bool) *reception {
	if tokens {
		return &reception{atOnce: tokensAtOnce}
	}
	return &reception{every: logInEvery, atOnce: logInsAtOnce}
}

// admission is where a seat is on its way through the reception.
type admission int

const (
	outside admission = iota
	inLine
	admitted
)

// join puts a seat into the line. It is woken when it is admitted; then leave
// must follow.
func (r *reception) join(s *seat) {
	s.admission = inLine
	r.line = append(r.line, s)
	r.timetable.enter(r)
}

func (r *reception) leave(s *seat) {
	s.admission = outside
	r.underWay--
	r.timetable.enter(r)
}

func (r *reception) nextTurn() (time.Time, bool) {
	return r.free, len(r.line) > 0 && r.underWay < r.atOnce
}

// act admits the first in the line.
func (r *reception) act(now time.Time) request {
	first := r.line[0]
	r.line = r.line[1:]
	r.underWay++
	r.free = now.Add(r.every)
	first.admission = admitted
	r.timetable.enter(first)
	return nil
}
