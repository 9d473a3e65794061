package floor

import (
	"context"
	"time"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/desk/terminal"
	"github.com/muster-presence/muster/sdk"
)

// outcome is the answer to an order.
type outcome struct {
	order order
	text  string
	lists []api.ReasonList
	err   error
}

// Show shows the floor on the terminal until its user leaves it, or the server refuses to show it.
func Show(ctx context.Context, f *Floor) error {
	ctx, leave := context.WithCancel(ctx)
	defer leave()
	screen, err := terminal.Open()
	if err != nil {
		return err
	}
	defer screen.Close()
	title := f.tenant.TenantName
	if f.group != "" {
		title += ", group " + f.group
	}
	updates, refused := make(chan sdk.FloorUpdate), make(chan error, 1)
	go func() { refused <- f.follow(ctx, updates) }() // ends with ctx, which ends when the screen is left
	d := &display{floor: f, screen: screen, model: &model{table: newTable(), title: title + ", " + f.server}, answers: make(chan outcome, 1)}
	return d.run(ctx, updates, refused)
}

// follow hands on what changes.
func (f *Floor) follow(ctx context.Context, updates chan<- sdk.FloorUpdate) error {
	for update, err := range f.client.Floor.Watch(ctx, sdk.WatchParams{Group: f.group}) {
		if err != nil {
			return err
		}
		select {
		case updates <- update:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	return context.Cause(ctx)
}

// display keeps the screen up to date.
type display struct {
	floor   *Floor
	screen  *terminal.Screen
	model   *model
	answers chan outcome // has room for the one order that is under way
}

// drawPause is how long changes of others wait, so that a busy floor is drawn a few times a second and not for each of them.
const drawPause = 150 * time.Millisecond

func (d *display) draw() (page int) {
	columns, rows := d.screen.Size()
	d.screen.Show(d.model.lines(columns, rows, api.TimeOf(d.floor.client.Now())))
	return max(1, rows-8)
}

func (d *display) run(ctx context.Context, updates <-chan sdk.FloorUpdate, refused <-chan error) error {
	ticks := time.NewTicker(time.Second)
	defer ticks.Stop()
	soon := time.NewTimer(0)
	defer soon.Stop()
	page := 1
	for {
		select {
		case key, open := <-d.screen.Keys:
			if !open {
				return nil
			}
			if d.pressed(ctx, key, page) {
				return nil
			}
			page = d.draw()
		case update := <-updates:
			first := !d.model.loaded
			d.model.update(update)
			if first {
				soon.Reset(0)
			} else {
				soon.Reset(drawPause)
			}
		case answer := <-d.answers:
			d.answered(answer)
			page = d.draw()
		case err := <-refused:
			return err
		case <-soon.C:
			page = d.draw()
		case <-ticks.C:
			page = d.draw()
		case <-d.screen.Resized:
			page = d.draw()
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// pressed tells whether the key leaves the screen.
func (d *display) pressed(ctx context.Context, key terminal.Key, page int) (quit bool) {
	if key == terminal.CtrlL {
		d.screen.Redraw()
		return false
	}
	ask, quit := d.model.press(key, page)
	if ask != nil {
		go func() { d.answers <- d.do(ctx, *ask) }() // there is room, as the model sends one at a time
	}
	return quit
}

func (d *display) do(ctx context.Context, o order) outcome {
	if o.kind == readReasons {
		lists, err := d.floor.reasons(ctx, o.agent)
		return outcome{order: o, lists: lists, err: err}
	}
	text, err := d.floor.carryOut(ctx, o)
	return outcome{order: o, text: text, err: err}
}

func (d *display) answered(a outcome) {
	if a.order.kind == readReasons {
		d.model.reasonsRead(a.order, a.lists, a.err)
		return
	}
	d.model.done(a.text, a.err)
}
