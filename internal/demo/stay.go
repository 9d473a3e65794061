package demo

// stay is a session that somebody is in the middle of when a show begins.
type stay struct {
	place place
	next  intention
}

// interrupt says that the past ends before the person does what they intend.
// They keep their session, if they are in one; the token that they had was of
// another time.
func (p *person) interrupt(what intention) {
	switch p.place {
	case arrived, working, paused:
		p.stay, p.absence = &stay{p.place, what}, 0
	default:
		p.absence = what.after
	}
	p.place = atHome
}

// hasten has a person live at another pace whose past was at pace 1. What they are
// in the middle of is over sooner, too.
func (p *person) hasten(pace float64) {
	p.pace = pace
	p.absence = p.onClock(p.absence)
	if p.stay != nil {
		p.stay.next.after = p.onClock(p.stay.next.after)
	}
}

// back reports whether the person is in the session that they stayed in, and has
// not gone on yet.
func (p *person) back() bool { return p.stay != nil && p.place == p.stay.place }

// goOn is what the person intended before.
func (p *person) goOn() intention {
	what := p.stay.next
	p.stay = nil
	return what
}
