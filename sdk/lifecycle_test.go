package sdk

import (
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/muster-presence/muster/api"
)

// running are the goroutines of this bubble that run what sessions and streams are made of.
func running() (stacks []string) {
	all := make([]byte, 4<<20)
	n := runtime.Stack(all, true)
	for n == len(all) { // tests beside this one run thousands, and what is cut off would be taken for gone
		all = make([]byte, 2*len(all))
		n = runtime.Stack(all, true)
	}
	all = all[:n]
	found := strings.Split(string(all), "\n\n") // the first is the caller's own
	_, bubble, _ := strings.Cut(found[0], "synctest bubble ")
	bubble, _, _ = strings.Cut(bubble, "]")
	for _, stack := range found[1:] {
		head, frames, _ := strings.Cut(stack, "\n")
		if !strings.Contains(head, "synctest bubble "+bubble+"]") || strings.Contains(frames, "sdk.(*Client).Close") {
			continue
		}
		for _, part := range []string{"sdk.(*liveSession)", "sdk.(*keeper)", "sdk.(*subscription)", "sdk.(*hub)", "sdk.(*uploads)", "sdk.(*memory)", "internal/follow."} {
			if strings.Contains(frames, part) {
				stacks = append(stacks, stack)
				break
			}
		}
	}
	return stacks
}

// calls are every function that asks the server, in a session.
func calls() map[string]func(context.Context, *Client) error {
	return map[string]func(context.Context, *Client) error{
		"Login": func(ctx context.Context, c *Client) error {
			return second(c.Authentication.Login(ctx, LoginParams{Username: "a", Password: "b"}))
		},
		"Login by token": func(ctx context.Context, c *Client) error {
			return second(c.Authentication.Login(ctx, LoginParams{Token: "t"}))
		},
		"Logout": func(ctx context.Context, c *Client) error { return second(c.Authentication.Logout(ctx)) },
		"GetAuthInfo": func(ctx context.Context, c *Client) error {
			return second(c.Authentication.GetAuthInfo(ctx, GetAuthInfoParams{Username: "a"}))
		},
		"UpdateDefaultTenant": func(ctx context.Context, c *Client) error {
			return second(c.Authentication.UpdateDefaultTenant(ctx, UpdateDefaultTenantParams{TenantID: theTenant}))
		},
		"SetActiveTenant": func(ctx context.Context, c *Client) error {
			return second(c.Session.SetActiveTenant(ctx, SetActiveTenantParams{TenantID: theTenant}))
		},
		"SetActiveTenant of another": func(ctx context.Context, c *Client) error {
			return second(c.Session.SetActiveTenant(ctx, SetActiveTenantParams{TenantID: me}))
		},
		"GoReady": func(ctx context.Context, c *Client) error {
			return second(c.Session.GoReady(ctx, GoReadyParams{ExtensionValue: "1"}))
		},
		"GoNotReady": func(ctx context.Context, c *Client) error {
			return second(c.Session.GoNotReady(ctx, GoNotReadyParams{}))
		},
		"SetDirection": func(ctx context.Context, c *Client) error {
			return second(c.Session.SetDirection(ctx, SetDirectionParams{Direction: api.DirectionOutbound}))
		},
		"SetPresenceState": func(ctx context.Context, c *Client) error {
			return second(c.Session.SetPresenceState(ctx, SetPresenceStateParams{State: api.StateOffline}))
		},
		"GetTenantDetails":       func(ctx context.Context, c *Client) error { return second(c.Session.GetTenantDetails(ctx)) },
		"GetUserConfig":          func(ctx context.Context, c *Client) error { return second(c.Session.GetUserConfig(ctx)) },
		"GetRunningSessionState": func(ctx context.Context, c *Client) error { return second(c.Session.GetRunningSessionState(ctx)) },
		"SilentMonitor": func(ctx context.Context, c *Client) error {
			return second(c.Interactions.Voice.SilentMonitor(ctx, SilentMonitorParams{InteractionID: me}))
		},
		"ResourceRemove": func(ctx context.Context, c *Client) error {
			return second(c.Interactions.Voice.ResourceRemove(ctx, ResourceRemoveParams{InteractionID: me}))
		},
		"Floor.List": func(ctx context.Context, c *Client) error { return second(c.Floor.List(ctx, ListParams{})) },
		"Floor.ReasonLists": func(ctx context.Context, c *Client) error {
			return second(c.Floor.ReasonLists(ctx, ReasonListsParams{}))
		},
		"Floor.Why": func(ctx context.Context, c *Client) error { return second(c.Floor.Why(ctx, WhyParams{})) },
		"Work.Report": func(ctx context.Context, c *Client) error {
			return second(c.Work.Report(ctx, ReportWorkParams{ResourceID: me, InteractionID: me, Channel: "voice", Direction: api.DirectionInbound, State: api.WorkStateActive}))
		},
		"Work.End": func(ctx context.Context, c *Client) error {
			return c.Work.End(ctx, EndWorkParams{ResourceID: me, InteractionID: me})
		},
	}
}

// The bubble itself proves the rest: it cannot end while a goroutine of it lives.
func TestClose_EndsEveryCallAndEveryGoroutine(t *testing.T) {
	t.Parallel()
	for name, call := range calls() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newSmallServer(t)
				c := s.inSession(t)
				s.hang(func(string) bool { return true })
				var calling sync.WaitGroup
				calling.Go(func() {
					if err := call(context.Background(), c); !errors.Is(err, errClosed) {
						t.Errorf("it ends with %v", err)
					}
				})
				time.Sleep(time.Second)
				began := time.Now()
				c.Close()
				calling.Wait()
				if took := time.Since(began); took > goodbye {
					t.Errorf("closing took %s", took)
				}
				if err := call(t.Context(), c); err == nil {
					t.Error("a closed client does as it is asked")
				}
			})
		})
	}
}

// goodbye is how long a socket may wait to be answered when it is closed.
const goodbye = 500 * time.Millisecond

// The way into a tenant has many steps, and Close may come at any.
func TestClose_EndsAnEntranceAtEveryStep(t *testing.T) {
	t.Parallel()
	for _, step := range []string{"GET " + theTenant, "GET r", "GET config", "POST session", "POST heartbeat", "GET stream"} {
		t.Run(step, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newSmallServer(t)
				s.hang(func(line string) bool { return line == step })
				c := s.client(t)
				if _, err := c.Authentication.Login(t.Context(), LoginParams{Username: "a", Password: "b"}); err != nil {
					t.Fatal(err)
				}
				var calling sync.WaitGroup
				calling.Go(func() {
					_, err := c.Session.SetActiveTenant(context.Background(), SetActiveTenantParams{TenantID: theTenant})
					if begun := step == "POST heartbeat" || step == "GET stream"; !begun && !errors.Is(err, errClosed) {
						t.Errorf("it ends with %v", err)
					}
				})
				time.Sleep(500 * time.Millisecond)
				c.Close()
				calling.Wait()
				if left := running(); len(left) > 0 {
					t.Errorf("%d goroutines are left:\n%s", len(left), strings.Join(left, "\n\n"))
				}
			})
		})
	}
}

func TestClose_EndsWatchesAndIterators(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSmallServer(t)
		c := s.inSession(t)
		var ending sync.WaitGroup
		for range 3 {
			ending.Go(func() {
				for _, err := range c.Floor.Watch(context.Background(), WatchParams{}) {
					if err != nil {
						t.Error(err)
					}
				}
			})
			ending.Go(func() {
				for _, err := range c.Events(context.Background()) {
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		time.Sleep(10 * time.Second)
		if n, _ := s.open(); n != 4 {
			t.Errorf("%d streams are open", n)
		}
		c.Close()
		ending.Wait()
		synctest.Wait()
		if n, _ := s.open(); n != 0 {
			t.Errorf("%d streams are left", n)
		}
		for range c.Floor.Watch(t.Context(), WatchParams{}) {
			t.Error("a closed client watches")
		}
	})
}

func TestClose_MayBeCalledByMany(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSmallServer(t)
		c := s.inSession(t)
		var closing sync.WaitGroup
		for range 20 {
			closing.Go(func() {
				c.Close()
				if left := running(); len(left) > 0 {
					t.Errorf("%d goroutines are left:\n%s", len(left), strings.Join(left, "\n\n"))
				}
			})
		}
		closing.Wait()
	})
}

// When Close returns, it is over, and not a moment later.
func TestClose_ReturnsWhenNothingRunsAnyMore(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSmallServer(t)
		for range 20 {
			c := s.inSession(t)
			mustSubscribe(t, c, TopicAll, func(Event) { time.Sleep(time.Millisecond) })
			publishLocales(c, 10)
			synctest.Wait() // of a goroutine that is at work just now no stack can be read
			if len(running()) < 2 {
				t.Fatal("nothing is found that runs")
			}
			c.Close()
			if left := running(); len(left) > 0 {
				t.Fatalf("%d goroutines are left:\n%s", len(left), strings.Join(left, "\n\n"))
			}
		}
	})
}

func TestSetActiveTenant_AHundredTimesIsOneStreamAndOneLoop(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSmallServer(t)
		c := s.inSession(t)
		var started ear
		mustSubscribe(t, c, TopicStarted, started.hear)
		var entering sync.WaitGroup
		for range 100 {
			entering.Go(func() {
				if _, err := c.Session.SetActiveTenant(t.Context(), SetActiveTenantParams{TenantID: theTenant}); err != nil {
					t.Error(err)
				}
			})
		}
		entering.Wait()
		synctest.Wait()
		if n := len(started.topics()); n != 100 {
			t.Errorf("it is published %d times", n)
		}
		if now, most := s.open(); now != 1 || most != 1 {
			t.Errorf("%d streams are open, %d were at once", now, most)
		}
		if n := s.times("POST session"); n != 1 {
			t.Errorf("%d sessions were started", n)
		}
		var beats ear
		mustSubscribe(t, c, TopicHeartbeat, beats.hear)
		time.Sleep(10 * 15 * time.Second)
		synctest.Wait()
		if n := len(beats.topics()); n != 10 {
			t.Errorf("%d heartbeats are published in ten delays", n)
		}
	})
}

// Each new session ends what ran for the one before.
func TestSetActiveTenant_AnotherSessionEndsTheLoopsOfTheOneBefore(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSmallServer(t)
		c := s.inSession(t)
		for i := range 20 {
			if _, err := c.Session.SetActiveTenant(t.Context(), SetActiveTenantParams{TenantID: theTenant, SilentMonitoring: i%2 == 0}); err != nil {
				t.Error(err)
			}
			time.Sleep(time.Minute)
			synctest.Wait()
			if now, most := s.open(); now != 1 || most > 2 {
				t.Fatalf("%d streams are open, %d were at once", now, most)
			}
		}
		before := s.times("POST heartbeat")
		time.Sleep(time.Minute)
		if n := s.times("POST heartbeat") - before; n != 0 {
			t.Errorf("%d heartbeats are sent beside a socket", n)
		}
	})
}

func TestLogout_EndsStreamAndHeartbeats(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSmallServer(t)
		s.inSession(t)
		s.tell(2, fmt.Sprintf(`{"type":"resource-state-change","resourceId":%q,"sessionId":%q,"state":"offline","endCode":"logged_out"}`, me, mine))
		time.Sleep(goodbye)
		synctest.Wait()
		before := s.times("POST heartbeat")
		time.Sleep(10 * time.Minute)
		if now, _ := s.open(); now != 0 || s.times("POST heartbeat") != before {
			t.Errorf("after the end %d streams are open and %d heartbeats were sent", now, s.times("POST heartbeat")-before)
		}
	})
}

// A subscriber that never returns keeps nobody from being in a session.
func TestSubscriber_ThatBlocksLetsTheSessionLive(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSmallServer(t)
		release := make(chan struct{})
		c := s.client(t)
		mustSubscribe(t, c, TopicAll, func(Event) { <-release })
		mustSubscribe(t, c, TopicAll, func(Event) { panic("a mistake of the subscriber's") })
		var states, beats ear
		mustSubscribe(t, c, TopicState, states.hear)
		mustSubscribe(t, c, TopicHeartbeat, beats.hear)
		if _, err := c.Authentication.Login(t.Context(), LoginParams{Username: "a", Password: "b"}); err != nil {
			t.Fatal(err)
		}
		if _, err := c.Session.SetActiveTenant(t.Context(), SetActiveTenantParams{TenantID: theTenant}); err != nil {
			t.Fatal(err)
		}
		for i := range 100 {
			s.tell(i+2, fmt.Sprintf(`{"type":"resource-state-change","resourceId":%q,"sessionId":%q,"state":"notready","stateSince":"2000-01-01T00:00:00.%03dZ"}`, me, mine, i))
			time.Sleep(time.Second)
		}
		synctest.Wait()
		if len(states.topics()) != 101 || len(beats.topics()) < 6 {
			t.Errorf("%d states and %d heartbeats come", len(states.topics()), len(beats.topics()))
		}
		close(release)
	})
}

// A memory that blocks or panics keeps nobody from being in a session.
func TestResumption_ThatBlocksOrPanicsHarmsOnlyItself(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSmallServer(t)
		s.inSession(t, func(o *Options) { o.Resume = panicking{} }).Close()
		c := s.client(t, func(o *Options) { o.Resume = panicking{} })
		if _, err := c.Authentication.Login(t.Context(), LoginParams{Username: "a", Password: "b"}); err != nil {
			t.Fatal(err)
		}
		for range 2 { // the turn is given back
			if _, err := c.Session.SetActiveTenant(t.Context(), SetActiveTenantParams{TenantID: theTenant, Resume: true, SilentMonitoring: true}); err != nil {
				t.Fatal(err)
			}
		}
		b := blocking{make(chan struct{})}
		c = s.inSession(t, func(o *Options) { o.Resume = b })
		began := time.Now()
		c.Close()
		if took := time.Since(began); took > callbackPatience+goodbye {
			t.Errorf("closing takes %s", took)
		}
		close(b.release)
	})
}

type panicking struct{}

func (panicking) Load() (ResumePoint, error) { panic("a mistake of the caller's") }
func (panicking) Save(ResumePoint) error     { panic("a mistake of the caller's") }

type blocking struct{ release chan struct{} }

func (b blocking) Load() (ResumePoint, error) { <-b.release; return ResumePoint{}, nil }
func (b blocking) Save(ResumePoint) error     { <-b.release; return nil }

// A token's callback that never returns keeps no heartbeat from being sent and no client from being closed.
func TestTokenCallback_ThatBlocksLetsTheSessionLive(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSmallServer(t)
		release := make(chan struct{})
		c := s.inSession(t, func(o *Options) { o.Token = func(context.Context) (string, error) { <-release; return "", nil } })
		var beats ear
		mustSubscribe(t, c, TopicHeartbeat, beats.hear)
		c.core.postponeRenewal(0)
		time.Sleep(10 * time.Minute)
		synctest.Wait()
		if n := len(beats.topics()); n < 20 {
			t.Errorf("%d heartbeats are published in ten minutes", n)
		}
		began := time.Now()
		c.Close()
		if took := time.Since(began); took > callbackPatience+goodbye {
			t.Errorf("closing takes %s", took)
		}
		close(release)
	})
}

// What is published on a topic is of the type that its comment promises.
func TestTopics_CarryWhatTheyPromise(t *testing.T) {
	t.Parallel()
	promised := promises(t)
	synctest.Test(t, func(t *testing.T) {
		s := newSmallServer(t)
		c := s.client(t)
		var mu sync.Mutex
		seen := make(map[Topic]bool)
		mustSubscribe(t, c, TopicAll, func(e Event) {
			mu.Lock()
			defer mu.Unlock()
			seen[e.Topic] = true
			if got := fmt.Sprint(reflect.TypeOf(e.Response)); e.Response != nil && strings.TrimPrefix(got, "sdk.") != promised[e.Topic] {
				t.Errorf("%s carries %s, and promises %s", e.Topic, got, promised[e.Topic])
			}
		})
		ctx := t.Context()
		for _, name := range []string{
			"Login", "SetActiveTenant", "GoReady", "GoNotReady", "SetDirection", "SetPresenceState", "GetTenantDetails", "GetUserConfig", "GetRunningSessionState",
			"SilentMonitor", "ResourceRemove", "GetAuthInfo", "UpdateDefaultTenant", "Floor.List", "Floor.Why", "Floor.ReasonLists", "Work.Report", "Work.End",
		} {
			if err := calls()[name](ctx, c); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		c.Session.GetActiveUserID(ctx)
		c.Session.GetActiveTenantID(ctx)
		c.Session.GetDefaultExtension(ctx)
		c.Session.GetExtensions(ctx)
		c.Session.GetMonitoredInteraction(ctx)
		c.Session.ClearMonitoredInteraction(ctx)
		c.Session.SetLocale(ctx, SetLocaleParams{Locale: "de"})
		c.Session.SetUserIdentity(ctx, SetUserIdentityParams{UserID: me})
		if _, err := c.Authentication.Login(ctx, LoginParams{Username: "a", Password: "b", NoStateReset: true}); err != nil {
			t.Error(err)
		}
		_ = c.Authentication.PopIdentityPage(ctx)
		time.Sleep(time.Minute)
		synctest.Wait()
		if len(seen) < 25 {
			t.Errorf("only %d topics were seen", len(seen))
		}
	})
}

// promises are the types in the comments beside the topics.
func promises(t *testing.T) map[Topic]string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "topic.go", nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	promised := make(map[Topic]string)
	ast.Inspect(file, func(n ast.Node) bool {
		if spec, ok := n.(*ast.ValueSpec); ok && spec.Comment != nil && strings.HasPrefix(spec.Names[0].Name, "Topic") {
			kind, _, _ := strings.Cut(strings.TrimSpace(spec.Comment.Text()), ",")
			kind, _, _ = strings.Cut(kind, ";")
			promised[Topic(strings.Trim(spec.Values[0].(*ast.BasicLit).Value, `"`))] = kind
		}
		return true
	})
	return promised
}
