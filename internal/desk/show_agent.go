package desk

import (
	"context"
	"time"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/desk/terminal"
)

// outcome is the answer to a request of the screen's.
type outcome struct {
	text string
	why  *api.Why
	err  error
}

// ShowAgent shows a desk on the terminal until its user leaves it, which leaves the session as it is, or until the session ends, and
// then tells how.
func ShowAgent(ctx context.Context, caller Caller) (*Ending, error) {
	ctx, leave := context.WithCancel(ctx)
	defer leave()
	opening, events, err := caller.Watch(ctx)
	if err != nil {
		return nil, err
	}
	screen, err := terminal.Open()
	if err != nil {
		return nil, err
	}
	defer screen.Close()
	happened := make(chan Told)
	go func() { // ends with ctx, which ends when the screen is left
		defer close(happened)
		for told, err := range events {
			if err != nil {
				return
			}
			select {
			case happened <- told:
			case <-ctx.Done():
				return
			}
		}
	}()
	d := &agentDisplay{caller: caller, screen: screen, model: &agentScreen{in: time.Local}, answers: make(chan outcome, 1)}
	d.model.open(opening)
	d.heard(opening.Status)
	over, err := d.run(ctx, happened)
	if err != nil || !over {
		return nil, err
	}
	status, err := caller.Status(context.WithoutCancel(ctx))
	return status.Ended, err
}

// agentDisplay keeps the screen up to date.
type agentDisplay struct {
	caller  Caller
	screen  *terminal.Screen
	model   *agentScreen
	answers chan outcome // has room for the one request that is under way
	ahead   time.Duration
}

// heard learns how far the server's clock is ahead.
func (d *agentDisplay) heard(s Status) {
	if s.Agent != nil {
		d.ahead = time.Until(s.Now.Time())
	}
}

func (d *agentDisplay) draw() {
	columns, rows := d.screen.Size()
	d.screen.Show(d.model.lines(columns, rows, api.TimeOf(time.Now().Add(d.ahead))))
}

// run tells whether the session is over.
func (d *agentDisplay) run(ctx context.Context, happened <-chan Told) (over bool, err error) {
	ticks := time.NewTicker(time.Second)
	defer ticks.Stop()
	for {
		d.draw()
		select {
		case key, open := <-d.screen.Keys:
			if !open {
				return false, nil // the terminal is gone, and the session stays
			}
			if key == terminal.CtrlL {
				d.screen.Redraw()
				continue
			}
			ask, quit := d.model.press(key)
			if quit {
				return false, nil
			}
			if ask != nil {
				go func() { d.answers <- d.ask(ctx, *ask) }() // there is room, as the model sends one at a time
			}
		case told, open := <-happened:
			if !open {
				return true, nil
			}
			d.model.told(told)
			d.heard(told.Status)
		case answer := <-d.answers:
			d.model.answered(answer.text, answer.why, answer.err)
		case <-d.screen.Resized:
		case <-ticks.C:
		case <-ctx.Done():
			return false, context.Cause(ctx)
		}
	}
}

func (d *agentDisplay) ask(ctx context.Context, r Request) outcome {
	switch r.Do {
	case DoWhy:
		var why api.Why
		if err := d.caller.Ask(ctx, r, &why); err != nil {
			return outcome{err: err}
		}
		return outcome{why: &why}
	case DoDirection:
		return outcome{err: d.caller.Ask(ctx, r, new(any))}
	}
	var state api.PresenceState
	if err := d.caller.Ask(ctx, r, &state); err != nil {
		return outcome{err: err}
	}
	return outcome{text: SayState(state)}
}
