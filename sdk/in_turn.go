package sdk

import "context"

// inTurn runs a request about the own agent or another when its turn has come. Meanwhile the stream's messages are held: what the
// agent asked for is answered before it is told to have happened. The answer is published, and so is an error.
func inTurn[T any](ctx context.Context, c *core, topic Topic, code Code, found problems, run func(context.Context, ownAgent) (T, *Error)) (T, error) {
	var none T
	ctx, done := c.withLife(ctx)
	defer done()
	if err := found.err(); err != nil {
		return none, c.fail(topic, err)
	}
	if err := c.turn.take(ctx); err != nil {
		return none, c.fail(topic, requestError(code, err))
	}
	defer c.turn.give()
	own, problem := c.ownAgent()
	if problem != nil {
		return none, c.fail(topic, problem)
	}
	if own.session != nil {
		own.session.hold()
		defer own.session.release()
	}
	answer, failed := run(ctx, own)
	if failed != nil {
		return none, c.fail(topic, failed)
	}
	c.publish(topic, answer)
	return answer, nil
}
