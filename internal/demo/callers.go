package demo

import "time"

// script is how an interaction will go, in the time of the clock.
type script struct {
	channel          string
	ring, talk, wrap time.Duration
	// answered is false for one that rings out.
	answered bool
	// lasting ones are there for supervisors to listen to.
	lasting bool
}

// caller is somebody who waits for an agent.
type caller struct {
	script  script
	patient time.Time // hangs up then
}

// callers are the people who call: how often, and who of them waits.
type callers struct {
	dice    dice
	pace    float64
	mean    time.Duration // between two
	most    int           // who wait; whoever comes then hears the engaged tone
	next    time.Time     // when the next one calls
	waiting []caller      // who came first is first
}

// arrive lets everybody call whose time has come, and those hang up who waited
// too long.
func (c *callers) arrive(now time.Time) {
	for !c.next.After(now) {
		who := caller{c.script(), c.next.Add(c.onClock(callerPatience))}
		if len(c.waiting) < c.most && who.patient.After(now) {
			c.waiting = append(c.waiting, who)
		}
		c.next = c.next.Add(max(time.Duration(c.dice.random.ExpFloat64()*float64(c.mean)), time.Microsecond))
	}
	for len(c.waiting) > 0 && !c.waiting[0].patient.After(now) {
		c.waiting = c.waiting[1:]
	}
}

// take returns the script of who waits longest. There must be somebody.
func (c *callers) take() script {
	first := c.waiting[0].script
	c.waiting = c.waiting[1:]
	return first
}

func (c *callers) script() script {
	s := script{
		channel:  "voice",
		ring:     c.onClock(c.dice.around(meanRing, shortestRing, longestRing)),
		talk:     c.onClock(c.dice.around(meanTalk, shortestTalk, longestTalk)),
		wrap:     c.onClock(c.dice.around(meanWrap, shortestWrap, longestWrap)),
		answered: !c.dice.chance(unanswered),
	}
	if c.dice.chance(chats) {
		s.channel, s.talk = "chat", time.Duration(chatFactor*float64(s.talk))
	}
	return s
}

func (c *callers) onClock(floor time.Duration) time.Duration {
	return time.Duration(float64(floor) / c.pace)
}
