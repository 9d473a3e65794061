package e2e

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/sdk"
)

// TestSDK_RidesOutRestartsOfTheServer kills the server, and stops it, under an agent on a socket and one on Server-Sent Events who are
// being changed and work. They stay in their sessions and are told all that happened, each thing once.
func TestSDK_RidesOutRestartsOfTheServer(t *testing.T) {
	t.Parallel()
	seed := rand.Uint64()
	t.Logf("drawn with the seed %d", seed)
	random := func(i uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, i)) }
	f := newSDKFloor(t, 2)
	agents := []*sdkAgent{f.agent(0, random(0)), f.agent(1, random(1), func(o *sdk.Options) { o.Transport = sdk.TransportEvents })}
	for i, a := range agents {
		f.busy.Go(func() { a.changer.run(50*time.Millisecond, f.over) })
		f.busy.Go(func() { a.asked = a.work(random(uint64(10+i)), f.over) })
	}
	data := f.server.command.Args[len(f.server.command.Args)-1]
	for _, end := range []func(*server){(*server).kill, (*server).stop, (*server).kill} {
		time.Sleep(3 * time.Second) // while the server lives
		end(f.server)
		time.Sleep(time.Second) // while there is none
		f.server = startServer(t, data)
		f.direct.lead(t, f.server)
		for _, a := range agents {
			a.proxy.lead(t, f.server)
		}
	}
	time.Sleep(3 * time.Second) // while the last one lives
	close(f.over)
	f.busy.Wait()
	for _, a := range agents {
		a.settle(time.Minute)
	}
	for _, a := range agents {
		state := presenceOf(t, a.direct)
		if state.SessionID == nil || *state.SessionID != a.session || state.Connection != api.ConnectionLive {
			t.Errorf("in the end %s is %+v", a.direct.id, state)
		}
	}
}

// TestSDK_OutlivesAnyOutageShorterThanItsLease cuts off agents, in three ways and on both transports, for nine tenths of their lease.
// They are held not ready meanwhile, and have what they had when they are back.
func TestSDK_OutlivesAnyOutageShorterThanItsLease(t *testing.T) {
	t.Parallel()
	f := newSDKFloor(t, 6)
	outages := []func(*proxy){
		func(p *proxy) { p.change(func() { p.stalled = [2]bool{true, true} }) },
		func(p *proxy) { p.change(func() { p.stalled[up] = true }) },
		func(p *proxy) { p.change(func() { p.refuses = true }); p.cut(true) },
	}
	var agents []*sdkAgent
	for i := range 2 * len(outages) {
		a := f.agent(i, rand.New(rand.NewPCG(1, uint64(i))), func(o *sdk.Options) {
			o.Transport = []sdk.Transport{sdk.TransportSocket, sdk.TransportEvents}[i/len(outages)]
		})
		agents = append(agents, a)
		_, err := a.Session.GoReady(t.Context(), sdk.GoReadyParams{ExtensionValue: a.Session.GetDefaultExtension(t.Context()).Value})
		must(t, err)
	}
	for _, a := range agents { // for what the stream has not told by then an answer may tell later, and a snapshot the rest
		eventually(t, 10*time.Second, "the stream tells that the agent is ready", func() bool {
			states := a.published(sdk.TopicState)
			return len(states) > 0 && states[len(states)-1].Response.(sdk.StateChange).State == api.StateReady
		})
	}
	for i, a := range agents {
		outages[i%len(outages)](a.proxy)
	}
	time.Sleep(demoLease * 9 / 10)
	for _, a := range agents {
		if state := presenceOf(t, a.direct); state.State != api.StateNotReady || state.Reason == nil || *state.Reason != "Connection lost" {
			t.Errorf("while %s is away it is %+v", a.direct.id, state)
		}
		a.proxy.calm()
	}
	for i, a := range agents {
		eventually(t, 20*time.Second, "the agent is ready again", func() bool { return presenceOf(t, a.direct).State == api.StateReady })
		a.settle(time.Minute)
		var connected []bool
		for _, e := range a.published(sdk.TopicConnection) {
			connected = append(connected, e.Response.(sdk.Connection).Connected)
		}
		deaf := i != 4 // events reached the one on Server-Sent Events that was only mute
		if deaf && (len(connected) != 2 || connected[0] || !connected[1]) {
			t.Errorf("of its connection %s says %v", a.direct.id, connected)
		}
		held := 0
		for _, e := range a.published(sdk.TopicState) {
			if state := e.Response.(sdk.StateChange); state.Reason != nil && *state.Reason == "Connection lost" {
				held++
			}
		}
		if held != 1 {
			t.Errorf("%s is told %d times that it was held not ready", a.direct.id, held)
		}
	}
}

// TestSDK_LeavesConnectionsThatDiedWithoutAWord lets the way to an agent's connections be lost again and again, as happens to those
// behind a box that forgets them: new ones get through all the time. Sessions live for five seconds of silence here.
func TestSDK_LeavesConnectionsThatDiedWithoutAWord(t *testing.T) {
	t.Parallel()
	f := newSDKFloor(t, 1)
	var agents []*sdkClient
	for i, username := range []string{"agent@demo.example", "admin@demo.example"} {
		c := newSDKClient(t, newProxy(t, f.server), f.person(username, "Acme"), func(o *sdk.Options) {
			o.Transport, o.Patience = []sdk.Transport{sdk.TransportSocket, sdk.TransportEvents}[i], 0
		})
		c.enter()
		agents = append(agents, c)
	}
	for range 4 {
		time.Sleep(acmeLease) // in which an agent is heard again, or not
		for _, c := range agents {
			c.proxy.forget()
		}
	}
	for _, c := range agents {
		began := time.Now()
		if _, err := c.Session.SetDirection(t.Context(), sdk.SetDirectionParams{Direction: api.DirectionOutbound}); err != nil {
			t.Error(err)
		}
		if took := time.Since(began); took > 15*time.Second {
			t.Errorf("a request took %s", took)
		}
		sessions := c.sessions()
		if s := sessions[len(sessions)-1]; len(sessions) != 1 || len(s.gone())+len(s.ended()) > 0 {
			t.Errorf("of %d sessions the last one was told %+v and %+v of its end", len(sessions), s.gone(), s.ended())
		}
	}
}
