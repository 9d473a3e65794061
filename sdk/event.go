package sdk

import (
	"encoding/json"
	"reflect"
)

// Event is something that was published.
type Event struct {
	// Topic is the full topic, however short the one that was subscribed to.
	Topic Topic
	// Err is what went wrong, nil where nothing did.
	Err *Error
	// Response is what the topic carries, of the type that stands beside the topic's constant; nil with an error. Each receiver gets
	// a value of its own and may write into it.
	Response any
	// Subscription is the one that the event was delivered to.
	Subscription SubscriptionID
}

// own returns the event with a response and an error that nobody else holds.
func (e Event) own() Event {
	e.Response = copyOf(e.Response)
	if e.Err != nil {
		err := *e.Err
		err.Data = copyOf(e.Err.Data).(ErrorData)
		e.Err = &err
	}
	return e
}

// copyOf copies by way of JSON, which all that is published is made for. What holds no reference is its own copy.
func copyOf(value any) any {
	if value == nil {
		return nil
	}
	t := reflect.TypeOf(value)
	switch t.Kind() {
	case reflect.String, reflect.Bool:
		return value
	}
	text, err := json.Marshal(value)
	if err != nil {
		return value // cannot happen with our own types; see TestEvent_EveryResponseCanBeCopied
	}
	fresh := reflect.New(t)
	if err := json.Unmarshal(text, fresh.Interface()); err != nil {
		return value
	}
	return fresh.Elem().Interface()
}
