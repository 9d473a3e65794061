package stream_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/muster-presence/muster/internal/bus/local"
	"github.com/muster-presence/muster/internal/directory"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/stream"
	"github.com/muster-presence/muster/internal/stream/streamtest"
)

// Agents work at once, clients come, stall, go and come back with any cursor, the
// directory changes, and servers are stopped and started on the same store. What
// each client saw is then held against the log.
func TestGuarantees_HoldWhileATenantLives(t *testing.T) {
	t.Parallel()
	for seed := range uint64(4) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { liveThrough(t, seed) })
		})
	}
}

const (
	residents = 12
	watchers  = 36
)

func liveThrough(t *testing.T, seed uint64) {
	v := newVillage(t)
	chance := rand.New(rand.NewPCG(seed, 0))
	var working, watching sync.WaitGroup
	for n := range residents {
		own := rand.New(rand.NewPCG(seed, uint64(100+n)))
		working.Go(func() { v.work(own, agent(n)) })
	}
	var guests []*guest
	for n := range watchers {
		g := newGuest(v, viewOf(n), rand.New(rand.NewPCG(seed, uint64(1000+n))))
		guests = append(guests, g)
		watching.Go(g.stay)
	}
	upTo := func(longest time.Duration) time.Duration { return time.Duration(chance.Int64N(int64(longest))) }
	for n := range 14 {
		time.Sleep(upTo(10 * time.Second))
		v.reform(chance, n)
		switch n % 4 {
		case 1:
			v.fail(upTo(6 * time.Second))
		case 3:
			v.stop()
			time.Sleep(upTo(30 * time.Second))
			v.start()
		}
	}
	time.Sleep(20 * time.Second)
	close(v.calm)
	working.Wait()
	v.running().stopEngine() // nobody falls silent any more
	time.Sleep(time.Minute)  // longer than any stall, and a beat of every client
	close(v.over)
	watching.Wait()
	for _, s := range v.running().streams {
		if watching, queued := s.Watching(true)+s.Watching(false), s.Queued(); watching != 0 || queued != 0 {
			t.Errorf("after all have gone, %d watch and %d bytes are queued", watching, queued)
		}
	}
	v.stop()
	changes := v.log.all()
	for n, g := range guests {
		g.judge(t, n, changes)
	}
}

// viewOf is what the guest of that number watches.
func viewOf(n int) stream.View {
	switch {
	case n%3 > 0:
		return stream.View{Agent: agent(n % residents).Agent}
	case n%2 > 0:
		return stream.View{Floor: true, Group: "Sales"}
	}
	return wholeFloor
}

// seen is a client that has seen all of a view, on a connection that is gone.
func (w *world) seen(view stream.View) *streamtest.Client {
	w.t.Helper()
	client := streamtest.NewClient(streamtest.View(view))
	client.Connect()
	watcher := w.watch(view, stream.Cursor{})
	w.receive(client, watcher.sub)
	watcher.sub.Close()
	return client
}

// resume lets a client go on from where it is.
func (w *world) resume(streams *stream.Streams, client *streamtest.Client) *stream.Subscription {
	w.t.Helper()
	sub, err := streams.Subscribe(context.Background(), tenant, stream.View(client.Seen().View), stream.Cursor(client.Connect()), nil)
	if err != nil {
		w.t.Fatal(err)
	}
	return sub
}

// receive gives a client all frames that wait, which it must find right. It
// returns the length of the longest.
func (w *world) receive(client *streamtest.Client, sub *stream.Subscription) (longest int) {
	w.t.Helper()
	text := fmt.Appendf(nil, `{"type":"welcome","cursor":%q}`, sub.Welcome())
	for len(text) > 0 {
		if verdict, err := client.Receive(text); err != nil {
			w.t.Errorf("%.200s: %s, %v", text, verdict, err)
		}
		var err error
		if text, _, err = sub.Next(context.Background(), nil); err != nil {
			w.t.Fatal(err)
		}
		longest = max(longest, len(text))
	}
	return longest
}

func TestFloor_BeatOfAServerBehindTheClientSaysNothingWrong(t *testing.T) {
	t.Parallel()
	inWorld(t, 2, func(w *world) {
		behind := stream.New(stream.Options{Storage: w.store, Directory: w.store, Bus: new(local.Bus)})
		if _, err := behind.Subscribe(context.Background(), tenant, wholeFloor, stream.Cursor{}, nil); err != nil {
			t.Fatal(err)
		}
		w.login(agent(0)) // which the other server does not hear of
		client := w.seen(wholeFloor)
		sub := w.resume(behind, client)
		sub.Beat(1)
		w.receive(client, sub)
	})
}

func TestFloor_WhatWasMissedIsToldAsTheBeatBehindItCounts(t *testing.T) {
	t.Parallel()
	inWorld(t, 4, func(w *world) {
		client := w.seen(stream.View{Floor: true, Group: "Sales"})
		w.login(agent(0))
		sub := w.resume(w.streams, client)
		sub.Beat(1)
		left := *newcomer(0)[1].Document.(*directory.Membership)
		left.Groups = nil
		w.apply(directory.Changes{{Action: directory.Update, Kind: directory.KindMembership, Document: &left}})
		w.streams.Reload()
		synctest.Wait()
		w.receive(client, sub)
	})
}

func TestStreams_CountNobodyWhoCouldNotBegin(t *testing.T) {
	t.Parallel()
	inWorld(t, 1, func(w *world) {
		reads := &failing{recording: &recording{Store: w.store}}
		streams := stream.New(stream.Options{Storage: reads, Directory: w.store, Bus: w.bus})
		for range 2 {
			_, err := streams.Subscribe(context.Background(), tenant, selfView(agent(0)), stream.Cursor{}, nil)
			if watching := streams.Watching(false); watching != 1 {
				t.Errorf("%d watch, %v", watching, err)
			}
			reads.fails.Store(true)
		}
	})
}

func TestFloor_ResumesOverMoreThanIsReadAtOnce(t *testing.T) {
	t.Parallel()
	inWorld(t, 1, func(w *world) {
		w.login(agent(0))
		client := w.seen(wholeFloor)
		const missed = 900
		for n := range missed {
			time.Sleep(10 * time.Millisecond)
			w.do(agent(0), presence.SetDirection{By: sue, Direction: presence.Directions()[1+n%2]})
		}
		w.receive(client, w.resume(w.streams, client))
		came := 0
		for _, f := range client.Seen().Connections[1].Frames {
			came += len(f.Events)
		}
		if came != missed {
			t.Errorf("%d events came of %d", came, missed)
		}
	})
}

func TestStream_FramesOfWhatWasMissedAreNoLargerThanOthers(t *testing.T) {
	t.Parallel()
	for _, view := range []stream.View{wholeFloor, selfView(agent(0))} {
		t.Run(view.Name(), func(t *testing.T) {
			t.Parallel()
			inWorld(t, 1, func(w *world) {
				w.login(agent(0))
				client := w.seen(view)
				for n := range 240 {
					time.Sleep(10 * time.Millisecond) // within a millisecond, changes are taken for one
					w.do(agent(0), presence.SetDirection{By: sue, Direction: presence.Directions()[n%3]})
				}
				if longest := w.receive(client, w.resume(w.streams, client)); longest > 70<<10 {
					t.Errorf("a frame has %d bytes", longest)
				}
			})
		})
	}
}
