package sdk

import (
	"context"
	"errors"
	"fmt"
	"iter"
)

// ErrSlow ends an iterator whose events were not taken: thousands wait, and nobody is shown a part. Read the present state and
// begin anew.
var ErrSlow = errors.New("too many events wait to be taken")

// Subscribe has receive called with everything that is published on the topic and below it, in order and one at a time, from a
// goroutine of the subscription's own. Subscriptions do not wait for one another. A receive that panics is logged; one that falls
// thousands of events behind is logged and gets no more. Events about tokens reach subscribers of the exact topic only.
//
// It fails with [CodeParametersInvalid] for a nil receive or a topic that is not below "cxengage".
func (c *Client) Subscribe(topic Topic, receive func(Event)) (SubscriptionID, error) {
	if receive == nil {
		return 0, invalid("receive must be a function")
	}
	if err := c.core.checkTopic(topic); err != nil {
		return 0, err
	}
	return c.core.hub.add(&subscription{topics: []Topic{topic}, receive: receive}), nil
}

// Unsubscribe ends a subscription and tells whether there was one. An event that is being delivered is still delivered.
func (c *Client) Unsubscribe(id SubscriptionID) bool { return c.core.hub.unsubscribe(id) }

// Events is what is published on the topics and below them, from this call on, until the context ends or the client is closed.
// Without topics it is everything. It ends with [ErrSlow] for whoever does not take the events.
func (c *Client) Events(ctx context.Context, topics ...Topic) iter.Seq2[Event, error] {
	if len(topics) == 0 {
		topics = []Topic{TopicAll}
	}
	for _, topic := range topics {
		if err := c.core.checkTopic(topic); err != nil {
			return func(yield func(Event, error) bool) { yield(Event{}, err) }
		}
	}
	return c.core.hub.events(ctx, topics)
}

func (h *hub) events(ctx context.Context, topics []Topic) iter.Seq2[Event, error] {
	handed := make(chan Event)
	s := &subscription{topics: topics}
	s.receive = func(e Event) {
		select {
		case handed <- e:
		case <-s.ended:
		}
	}
	h.add(s)
	// The subscription ends with the context even if nobody ever ranges over the events.
	stop := context.AfterFunc(ctx, func() { h.unsubscribe(s.id) })
	return func(yield func(Event, error) bool) {
		defer h.unsubscribe(s.id)
		defer stop()
		for {
			select {
			case e := <-handed:
				if !yield(e, nil) {
					return
				}
			case <-s.ended:
				if s.tooSlow() {
					yield(Event{}, ErrSlow)
				}
				return
			}
		}
	}
}

// checkTopic refuses what cannot be a topic, and warns of what is none of this version's.
func (c *core) checkTopic(topic Topic) error {
	if !topic.valid() {
		return invalid(fmt.Sprintf("topic must be %q or begin with %q", TopicAll, TopicAll+"/"))
	}
	if !topic.known() {
		c.log.Warn("nothing is published on this topic", "topic", topic)
	}
	return nil
}
