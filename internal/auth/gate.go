package auth

import "context"

// gate lets a few in at once, lets a few more wait and turns the others away.
type gate struct {
	places chan struct{} // one token for each that is inside or waits
	inside chan struct{} // one token for each that is inside
}

func newGate(inside, waiting int) gate {
	return gate{
		places: make(chan struct{}, inside+waiting),
		inside: make(chan struct{}, inside),
	}
}

// enter returns nil once the caller is inside; then leave must follow. Otherwise
// it answers [ErrBusy] at once or, while waiting, the context's error.
func (g gate) enter(ctx context.Context) error {
	select {
	case g.places <- struct{}{}:
	default:
		return ErrBusy
	}
	select {
	case g.inside <- struct{}{}:
		return nil
	case <-ctx.Done():
		<-g.places
		return ctx.Err()
	}
}

func (g gate) leave() {
	<-g.inside
	<-g.places
}
