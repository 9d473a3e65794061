package streamtest

import "fmt"

// Converged holds that the client's rows are what the view shows at its cursor.
func Converged(truth Truth, client *Client) error {
	if client.cursor.IsZero() {
		return fmt.Errorf("the client has nothing")
	}
	view, err := newJudge(truth, client.seen.View).at(client.cursor)
	if err != nil {
		return err
	}
	if err := view.equal(client.cursor.Seq, client.held); err != nil {
		return fmt.Errorf("the client at %s: %w", client.cursor, err)
	}
	return nil
}

// CaughtUp holds that the client has all of the view: nothing of it lies beyond
// its cursor.
func CaughtUp(truth Truth, client *Client) error {
	view, err := newJudge(truth, client.seen.View).at(client.cursor)
	if err != nil {
		return err
	}
	if next, ok := view.between(client.cursor.Seq, view.head+1); ok {
		return fmt.Errorf("the client is at %s, and event %d never came", client.cursor, next)
	}
	return nil
}
