package sdk

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// idle is a client that has nobody to talk to.
func idle(t *testing.T, change ...func(*Options)) *Client {
	t.Helper()
	options := Options{BaseURL: "http://muster.test/"}
	for _, f := range change {
		f(&options)
	}
	c, err := New(options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// ear keeps what a subscription is called with.
type ear struct {
	mu    sync.Mutex // guards heard
	heard []Event
}

func (e *ear) hear(event Event) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.heard = append(e.heard, event)
}

func (e *ear) topics() (topics []Topic) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, event := range e.heard {
		topics = append(topics, event.Topic)
	}
	return topics
}

func (e *ear) responses() (responses []any) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, event := range e.heard {
		responses = append(responses, event.Response)
	}
	return responses
}

func mustSubscribe(t *testing.T, c *Client, topic Topic, receive func(Event)) SubscriptionID {
	t.Helper()
	id, err := c.Subscribe(topic, receive)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func locale(i int) string { return fmt.Sprintf("%04d", i) }

func publishLocales(c *Client, n int) {
	for i := range n {
		c.Session.SetLocale(context.Background(), SetLocaleParams{Locale: locale(i)})
	}
}

func TestSubscribe_DeliversInOrderToWhoeverCoversTheTopic(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := idle(t)
		var all, session, exact, other ear
		for topic, e := range map[Topic]*ear{TopicAll: &all, TopicSession: &session, TopicLocale: &exact, TopicErrors: &other} {
			mustSubscribe(t, c, topic, e.hear)
		}
		publishLocales(c, 500)
		synctest.Wait()
		for name, e := range map[string]*ear{"cxengage": &all, "cxengage/session": &session, "the topic itself": &exact} {
			responses := e.responses()
			if len(responses) != 500 || !slices.IsSortedFunc(responses, func(a, b any) int { return strings.Compare(a.(string), b.(string)) }) {
				t.Errorf("a subscriber of %s hears %v", name, responses)
			}
		}
		if heard := other.topics(); len(heard) > 0 {
			t.Errorf("a subscriber of the errors hears %v", heard)
		}
	})
}

func TestSubscribe_TokensReachSubscribersOfTheExactTopicOnly(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := idle(t)
		var all, session, exact ear
		mustSubscribe(t, c, TopicAll, all.hear)
		mustSubscribe(t, c, TopicSession, session.hear)
		mustSubscribe(t, c, TopicTokenSet, exact.hear)
		c.Session.SetToken(t.Context(), SetTokenParams{Token: "secret"})
		c.Session.GetToken(t.Context())
		c.Session.GetSSOToken(t.Context())
		synctest.Wait()
		if heard := append(all.topics(), session.topics()...); len(heard) > 0 {
			t.Errorf("prefixes hear %v", heard)
		}
		if difference := cmp.Diff([]any{nil}, exact.responses()); difference != "" {
			t.Errorf("the exact topic hears %s", difference)
		}
	})
}

func TestSubscribe_RefusesWhatCannotBeHeard(t *testing.T) {
	t.Parallel()
	c := idle(t)
	if _, err := c.Subscribe(TopicAll, nil); !errors.Is(err, CodeParametersInvalid) {
		t.Errorf("no function: %v", err)
	}
	for _, topic := range []Topic{"", "cxengag", "cxengagex", "session", "cxengage-session/x"} {
		if _, err := c.Subscribe(topic, func(Event) {}); !errors.Is(err, CodeParametersInvalid) {
			t.Errorf("%q: %v", topic, err)
		}
		for _, err := range c.Events(t.Context(), topic) {
			if !errors.Is(err, CodeParametersInvalid) {
				t.Errorf("events of %q: %v", topic, err)
			}
		}
	}
	var log bytes.Buffer
	c = idle(t, func(o *Options) { o.Log = slog.New(slog.NewTextHandler(&log, nil)) })
	mustSubscribe(t, c, "cxengage/nothing", func(Event) {})
	if !strings.Contains(log.String(), "level=WARN") {
		t.Errorf("of an unknown topic the log says %q", log.String())
	}
}

// A subscriber that panics and one that never returns stand before, between and after others, and nobody notices.
func TestSubscriber_ThatBlocksOrPanicsHarmsOnlyItself(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := idle(t)
		release := make(chan struct{})
		var first, last, afterPanic ear
		mustSubscribe(t, c, TopicAll, first.hear)
		mustSubscribe(t, c, TopicAll, func(Event) { <-release })
		mustSubscribe(t, c, TopicAll, func(e Event) { afterPanic.hear(e); panic("a mistake of the subscriber's") })
		mustSubscribe(t, c, TopicAll, last.hear)
		publishLocales(c, 50)
		synctest.Wait()
		for name, e := range map[string]*ear{"the one before": &first, "the one that panics": &afterPanic, "the one after": &last} {
			if n := len(e.topics()); n != 50 {
				t.Errorf("%s hears %d of 50 events", name, n)
			}
		}
		close(release)
	})
}

func TestSubscriber_ThatFallsBehindIsCutOffAloneAndWhole(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		c := idle(t, func(o *Options) { o.Log = slog.New(slog.NewTextHandler(&log, nil)) })
		release := make(chan struct{})
		var slow, other ear
		slowID := mustSubscribe(t, c, TopicAll, func(e Event) { <-release; slow.hear(e) })
		mustSubscribe(t, c, TopicAll, other.hear)
		fall := func(n int) {
			publishLocales(c, n)
			synctest.Wait() // the first is being delivered and no longer waits, and others take theirs
		}
		fall(1)
		fall(mostWaiting)
		if !c.Unsubscribe(slowID) {
			t.Error("who is as far behind as one may be is cut off")
		}
		slowID = mustSubscribe(t, c, TopicAll, func(e Event) { <-release; slow.hear(e) })
		fall(1)
		fall(mostWaiting)
		fall(1)
		if c.Unsubscribe(slowID) {
			t.Error("who is further behind is not cut off")
		}
		close(release)
		synctest.Wait()
		if n := len(slow.topics()); n > 2 {
			t.Errorf("what waited for those who were cut off is delivered: %d events", n)
		}
		if n := len(other.topics()); n != 1+mostWaiting+1+mostWaiting+1 {
			t.Errorf("the other hears %d events", n)
		}
		if strings.Count(log.String(), "too slow") != 1 {
			t.Errorf("the log says %q", log.String())
		}
	})
}

func TestUnsubscribe_EndsOneSubscriptionOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := idle(t)
		var gone, stays ear
		id := mustSubscribe(t, c, TopicAll, gone.hear)
		if other := mustSubscribe(t, c, TopicAll, stays.hear); other == id {
			t.Fatal("two subscriptions have the same id")
		}
		publishLocales(c, 1)
		synctest.Wait()
		if !c.Unsubscribe(id) || c.Unsubscribe(id) || c.Unsubscribe(0) {
			t.Error("a subscription ends once")
		}
		publishLocales(c, 1)
		synctest.Wait()
		if len(gone.topics()) != 1 || len(stays.topics()) != 2 {
			t.Errorf("%d and %d events are heard", len(gone.topics()), len(stays.topics()))
		}
	})
}

// Unsubscribing, subscribing and publishing from within a subscriber is as good as from anywhere else.
func TestSubscriber_MayUseTheClient(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := idle(t)
		var id SubscriptionID
		var heard, answers ear
		id = mustSubscribe(t, c, TopicLocale, func(e Event) {
			heard.hear(e)
			c.Session.GetActiveUserID(t.Context())
			_, _ = c.Subscribe(TopicActiveUser, answers.hear)
			c.DumpState()
			if e.Response == locale(1) {
				c.Unsubscribe(id)
			}
		})
		publishLocales(c, 2)
		synctest.Wait()
		publishLocales(c, 2)
		synctest.Wait()
		if len(heard.topics()) != 2 || len(answers.topics()) != 1 {
			t.Errorf("%v and %v are heard", heard.topics(), answers.topics())
		}
	})
}

func TestEvents_CoverSeveralTopicsInOrderFromTheCallOn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := idle(t)
		publishLocales(c, 3) // nobody's
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		events := c.Events(ctx, TopicLocale, TopicActiveUser)
		publishLocales(c, 1)
		c.Session.GetActiveTenantID(ctx)
		c.Session.GetActiveUserID(ctx)
		publishLocales(c, 1)
		var topics []Topic
		for e, err := range events {
			if err != nil {
				t.Fatal(err)
			}
			if topics = append(topics, e.Topic); len(topics) == 3 {
				cancel()
			}
		}
		if difference := cmp.Diff([]Topic{TopicLocale, TopicActiveUser, TopicLocale}, topics); difference != "" {
			t.Error(difference)
		}
		for range events {
			t.Error("events that have ended begin again")
		}
	})
}

func TestEvents_EndWithErrSlowForWhoDoesNotTakeThem(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := idle(t)
		var other ear
		mustSubscribe(t, c, TopicAll, other.hear)
		events := c.Events(t.Context())
		publishLocales(c, 1)
		var taken []any
		var last error
		for e, err := range events {
			if err != nil {
				last = err
				continue
			}
			taken = append(taken, e.Response)
			for range 3 { // while this one is being looked at
				publishLocales(c, mostWaiting/2)
				synctest.Wait() // others take theirs
			}
		}
		if !errors.Is(last, ErrSlow) {
			t.Errorf("the end is %v", last)
		}
		if len(taken) == 0 || len(taken) > 2 || taken[0] != locale(0) {
			t.Errorf("taken are %v", taken) // one more may have been on its way
		}
		if n := len(other.topics()); n != 1+len(taken)*3*(mostWaiting/2) {
			t.Errorf("others hear %d events", n)
		}
	})
}

func TestEvents_EndWithTheirContextThoughNobodyRanges(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := idle(t)
		ctx, cancel := context.WithCancel(t.Context())
		events := c.Events(ctx)
		publishLocales(c, 10)
		synctest.Wait()
		cancel()
		synctest.Wait()
		if left := len(c.core.hub.subscriptions); left != 0 {
			t.Errorf("%d subscriptions are left", left)
		}
		for range events {
			t.Error("events come after the end")
		}
	})
}

func TestClose_DeliversWhatWaitsAndLeavesBehindWhoDoesNotReturn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := idle(t)
		release := make(chan struct{})
		var slow ear
		mustSubscribe(t, c, TopicAll, func(e Event) { time.Sleep(10 * time.Millisecond); slow.hear(e) })
		publishLocales(c, 50)
		c.Close()
		if n := len(slow.topics()); n != 50 {
			t.Errorf("%d of 50 events are delivered", n)
		}

		c = idle(t)
		mustSubscribe(t, c, TopicAll, func(Event) { <-release })
		events := c.Events(t.Context())
		publishLocales(c, 3)
		before := time.Now()
		c.Close()
		if took := time.Since(before); took != callbackPatience {
			t.Errorf("closing takes %s", took)
		}
		for range events {
			t.Error("events come after the end")
		}
		close(release) // and the goroutine is gone, or the bubble would not end
	})
}

func TestClosedClient_TakesSubscribersAndTellsThemNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := idle(t)
		c.Close()
		c.Close()
		var heard ear
		mustSubscribe(t, c, TopicAll, heard.hear)
		publishLocales(c, 3)
		for range c.Events(t.Context()) {
			t.Error("a closed client has events")
		}
		if _, err := c.Session.GoReady(t.Context(), GoReadyParams{ExtensionValue: "1"}); err == nil {
			t.Error("a closed client goes ready")
		}
		synctest.Wait()
		if topics := heard.topics(); len(topics) > 0 {
			t.Errorf("a closed client publishes %v", topics)
		}
	})
}
