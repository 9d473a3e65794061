package sdk

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"slices"
	"sync"
	"time"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/sdk/internal/follow"
)

// FloorUpdate is what has changed on a floor that is watched.
type FloorUpdate struct {
	// Reset tells that Rows are the whole floor, in the place of all that was known. Otherwise they are those that have changed.
	Reset bool `json:"reset"`
	// Rows are whole rows, as they are now. They are shared: nobody may write into them.
	Rows []*api.FloorRow `json:"rows"`
	// Connected tells whether the rows are being kept up to date. While it is false they may have changed meanwhile.
	Connected bool `json:"connected"`
}

// Watch shows the floor as it is and then what changes, until the context ends or the client is closed: first everything, then rows
// as they change, and everything again where the server cannot tell what was missed. It reconnects by itself. Whoever takes updates
// slowly gets fewer of them: a row that has changed twice meanwhile comes once, as it is now.
//
// It ends with [CodeParametersInvalid], or with [CodeFloorUnread] where the server refuses, as for want of the right.
func (f *Floor) Watch(ctx context.Context, p WatchParams) iter.Seq2[FloorUpdate, error] {
	return func(yield func(FloorUpdate, error) bool) {
		tenant, failed := f.core.tenantOr(p.TenantID)
		if failed != nil {
			yield(FloorUpdate{}, failed)
			return
		}
		f.core.watch(ctx, tenant, p.Group, yield)
	}
}

func (c *core) watch(ctx context.Context, tenant, group string, yield func(FloorUpdate, error) bool) {
	ctx, done := c.withLife(ctx)
	defer done()
	w := &watch{core: c, changed: make(chan struct{}, 1), rows: make(map[string]*api.FloorRow)}
	w.follower = follow.New(follow.Options{
		Base: c.base, HTTP: c.options.Client, Tenant: tenant, View: api.ViewFloor, Group: group, Name: c.options.Name,
		Tokens: patient{c.credentials, c.options.Lease}, Receiver: w, Log: c.log, Transport: c.options.Transport,
	})
	stopped := make(chan error, 1)
	if !c.begin(func() { stopped <- w.follower.Run(ctx) }) {
		return
	}
	c.addFloor(w)
	defer c.dropFloor(w)
	ended := false
	defer func() {
		done()
		if !ended {
			<-stopped
		}
	}()
	for {
		select {
		case <-w.changed:
			if update, ok := w.take(); ok && !yield(update, nil) {
				return
			}
		case err := <-stopped:
			if ended = true; err != nil {
				yield(FloorUpdate{}, stoppedError(err))
			}
			return
		}
	}
}

// stoppedError says why the server ends a watch.
func stoppedError(err error) *Error {
	answer := &APIResponse{Body: ResponseBody{StatusText: err.Error(), Failure: "error", Response: json.RawMessage("null")}}
	var stopped *follow.Stopped
	if errors.As(err, &stopped) {
		answer.Status = stopped.Status
		if stopped.Code.Valid() {
			answer.Body.Failure = stopped.Code.Name()
		}
	}
	e := newError(CodeFloorUnread, ErrorData{APIResponse: answer})
	e.cause = err
	return e
}

func (c *core) addFloor(w *watch) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.floors[w] = struct{}{}
}

func (c *core) dropFloor(w *watch) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.floors, w)
}

// watch gathers what the stream tells of a floor until it is taken. What waits is never more than the floor has rows.
type watch struct {
	core     *core
	follower *follow.Follower
	changed  chan struct{} // holds one item while there is something to take

	mu        sync.Mutex               // guards the fields below
	rows      map[string]*api.FloorRow // that wait, by resource
	order     []string                 // of rows, as they first changed
	reset     bool
	begun     bool // everything has been taken once
	connected bool
	told      bool // connected, as it was taken last
}

// take is what has gathered.
func (w *watch) take() (FloorUpdate, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case !w.begun && !w.reset: // what there is comes first
		return FloorUpdate{}, false
	case len(w.order) == 0 && !w.reset && w.connected == w.told:
		return FloorUpdate{}, false
	}
	update := FloorUpdate{Reset: w.reset, Rows: make([]*api.FloorRow, len(w.order)), Connected: w.connected}
	for i, id := range w.order {
		update.Rows[i] = w.rows[id]
	}
	clear(w.rows)
	w.order, w.reset, w.begun, w.told = nil, false, true, w.connected
	return update, true
}

func (w *watch) put(rows []*api.FloorRow, reset bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if reset {
		clear(w.rows)
		w.order, w.reset = slices.Grow(w.order[:0], len(rows)), true
	}
	for _, row := range rows {
		if _, waits := w.rows[row.ResourceID]; !waits {
			w.order = append(w.order, row.ResourceID)
		}
		w.rows[row.ResourceID] = row
	}
	w.connected = true
	w.rouse()
}

func (w *watch) rouse() {
	select {
	case w.changed <- struct{}{}:
	default:
	}
}

// Welcomed is told by the stream that it is connected. That the rows are up to date again is told with the next of them, or here.
func (w *watch) Welcomed(_ time.Duration, server api.Time, sent, received time.Time, _ bool) {
	w.core.clock.sample(server, sent, received)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.connected = true
	w.rouse()
}

// Snapshot is told by the stream what is.
func (w *watch) Snapshot(rows []json.RawMessage) {
	read := make([]*api.FloorRow, 0, len(rows))
	for _, text := range rows {
		row := new(api.FloorRow)
		if err := json.Unmarshal(text, row); err != nil {
			w.Unreadable(text, err)
			continue
		}
		read = append(read, row)
	}
	w.put(read, true)
}

// Event is told by the stream what happened.
func (w *watch) Event(message json.RawMessage) {
	var change api.FloorRowChangeMessage
	if err := json.Unmarshal(message, &change); err != nil || change.Type != api.MessageTypeFloorRowChange {
		w.Unreadable(message, err)
		return
	}
	w.put([]*api.FloorRow{&change.Row}, false)
}

// Unreadable is told by the stream what it passes over.
func (w *watch) Unreadable(_ []byte, err error) {
	w.core.log.Warn("a message about the floor cannot be read and is passed over", "error", err)
}

// Disconnected is told by the stream that it is not connected.
func (w *watch) Disconnected(reason error) {
	w.core.log.Info("the floor is not connected", "reason", reason)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.connected = false
	w.rouse()
}
