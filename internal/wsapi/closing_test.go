package wsapi

import (
	"strings"
	"testing"
	"time"

	"github.com/gobwas/ws"
	"github.com/google/go-cmp/cmp"

	"github.com/muster-presence/muster/api"
)

func TestHello_ThatIsWrongIsClosedWithItsCode(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		says func(w *world) string
		want api.CloseCode
	}{
		"no JSON":               {func(*world) string { return text("hello") }, api.CloseBadFrame},
		"an array":              {func(*world) string { return text("[]") }, api.CloseBadFrame},
		"null":                  {func(*world) string { return text("null") }, api.CloseBadFrame},
		"an unknown type":       {func(*world) string { return text(`{"type":"goodbye"}`) }, api.CloseBadFrame},
		"a beat before it":      {func(*world) string { return text(`{"type":"beat","n":1}`) }, api.CloseBadFrame},
		"no token":              {func(*world) string { return text(`{"type":"hello","view":"self"}`) }, api.CloseBadFrame},
		"no view":               {func(w *world) string { return text(`{"type":"hello","token":"` + w.token(agent, 0) + `"}`) }, api.CloseBadFrame},
		"an unknown view":       {func(w *world) string { return text(helloOf(w.token(agent, 0), "all")) }, api.CloseBadFrame},
		"a group of oneself":    {func(w *world) string { return text(helloOf(w.token(agent, 0), "self", `"group":"Sales"`)) }, api.CloseBadFrame},
		"a cursor that is none": {func(w *world) string { return text(helloOf(w.token(agent, 0), "self", `"cursor":"7"`)) }, api.CloseBadFrame},
		"a session that is none": {func(w *world) string {
			return text(helloOf(w.token(agent, 0), "self", `"sessionId":"7"`))
		}, api.CloseBadFrame},
		"a field of another type": {func(w *world) string { return text(helloOf(w.token(agent, 0), "self", `"client":7`)) }, api.CloseBadFrame},
		"binary": {func(w *world) string {
			return masked(ws.OpBinary, true, helloOf(w.token(agent, 0), "self"))
		}, api.CloseBadFrame},
		"too large": {func(w *world) string {
			return text(helloOf(w.token(agent, 0), "self", `"x":"`+strings.Repeat("x", maxMessage)+`"`))
		}, api.CloseTooLarge},
		"a foreign token":   {func(*world) string { return text(helloOf("token", "self")) }, api.CloseBadCredentials},
		"an expired token":  {func(w *world) string { return text(helloOf(w.old(agent), "self")) }, api.CloseTokenExpired},
		"a revoked token":   {func(w *world) string { return text(helloOf(w.revoked(agent), "self")) }, api.CloseTokenRevoked},
		"another's tenant":  {func(w *world) string { return text(helloOf(w.token(stranger, 0), "self")) }, api.CloseNotFound},
		"a former member":   {func(w *world) string { return text(helloOf(w.token(former, 0), "self")) }, api.CloseNotFound},
		"a missing right":   {func(w *world) string { return text(helloOf(w.token(agent, 0), "floor")) }, api.CloseForbidden},
		"no mask":           {func(*world) string { return "\x81\x02{}" }, protocolError},
		"a reserved bit":    {func(*world) string { return "\xc1\x80\x00\x00\x00\x00" }, protocolError},
		"an unknown opcode": {func(*world) string { return "\x83\x80\x00\x00\x00\x00" }, protocolError},
		"no UTF-8":          {func(*world) string { return text("\xff") }, notUTF8},
		"a lone code byte":  {func(*world) string { return masked(ws.OpClose, true, "\x03") }, protocolError},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inWorld(t, func(w *world) {
				says := c.says(w)
				client := w.upgraded()
				client.send(says)
				client.wantClose(c.want)
				if _, _, refused := w.seen.all(); refused[wordOf(c.want)] != 1 {
					t.Errorf("refused are %v", refused)
				}
			})
		})
	}
}

// old is a token that has expired.
func (w *world) old(person string) string {
	token := w.token(person, time.Minute)
	time.Sleep(time.Minute)
	return token
}

func (w *world) revoked(person string) string {
	w.t.Helper()
	token := w.token(person, 0)
	identity, err := w.tokens.Verify(w.t.Context(), token)
	if err == nil {
		err = w.tokens.Revoke(w.t.Context(), identity)
	}
	if err != nil {
		w.t.Fatal(err)
	}
	return token
}

func TestHello_MustComeInTime(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		c := w.upgraded()
		c.send(text(helloOf(w.token(agent, 0), "self"))[:20]) // part of it is not enough
		began := time.Now()
		if got := c.next(); got.close != api.CloseHelloLate || time.Since(began) != helloTime {
			t.Errorf("after %s got %+v", time.Since(began), got)
		}
	})
}

func TestHello_TellsUnknownForeignAndSwitchedOffTenantsApartByNothing(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		var answers []frame
		for _, tenant := range []string{south, no, dusk} {
			c := w.connect()
			c.send(handshake(tenant))
			c.response()
			c.hello(w.token(agent, 0), "floor")
			answers = append(answers, c.next())
		}
		want := frame{close: api.CloseNotFound, said: reasonOf(api.CloseNotFound)}
		for _, got := range answers {
			if diff := cmp.Diff(want, got, cmp.AllowUnexported(frame{})); diff != "" {
				t.Error(diff)
			}
		}
	})
}

func TestFrame_AfterTheHelloThatIsWrongIsClosedWithItsCode(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		says func(w *world) string
		want api.CloseCode
	}{
		"a second hello":        {func(w *world) string { return text(helloOf(w.token(agent, 0), "self")) }, api.CloseBadFrame},
		"no JSON":               {func(*world) string { return text("{") }, api.CloseBadFrame},
		"an unknown type":       {func(*world) string { return text(`{"type":"welcome"}`) }, api.CloseBadFrame},
		"a beat not asked":      {func(*world) string { return text(`{"type":"beat","n":1000}`) }, api.CloseBadFrame},
		"a beat of zero":        {func(*world) string { return text(`{"type":"beat","n":0}`) }, api.CloseBadFrame},
		"a beat without number": {func(*world) string { return text(`{"type":"beat"}`) }, api.CloseBadFrame},
		"a negative beat":       {func(*world) string { return text(`{"type":"beat","n":-1}`) }, api.CloseBadFrame},
		"a huge beat":           {func(*world) string { return text(`{"type":"beat","n":18446744073709551616}`) }, api.CloseBadFrame},
		"an empty token":        {func(*world) string { return text(`{"type":"token","token":""}`) }, api.CloseBadFrame},
		"a foreign token":       {func(*world) string { return text(`{"type":"token","token":"x"}`) }, api.CloseBadCredentials},
		"another's token":       {func(w *world) string { return text(`{"type":"token","token":"` + w.token(colleague, 0) + `"}`) }, api.CloseForbidden},
		"a revoked token":       {func(w *world) string { return text(`{"type":"token","token":"` + w.revoked(agent) + `"}`) }, api.CloseTokenRevoked},
		"a large message in fragments": {func(*world) string {
			return masked(ws.OpText, false, strings.Repeat(" ", maxMessage)) + masked(ws.OpContinuation, true, " ")
		}, api.CloseTooLarge},
		"a message in a fragmented one": {func(*world) string { return masked(ws.OpText, false, " ") + text("{}") }, protocolError},
		"a continuation of nothing":     {func(*world) string { return masked(ws.OpContinuation, true, "{}") }, protocolError},
		"a fragmented ping":             {func(*world) string { return masked(ws.OpPing, false, "") }, protocolError},
		"a large ping":                  {func(*world) string { return masked(ws.OpPing, true, strings.Repeat("x", 126)) }, protocolError},
		"a length beyond reason":        {func(*world) string { return "\x81\xff\xff\xff\xff\xff\xff\xff\xff\xff\x00\x00\x00\x00" }, protocolError},
		"a length beyond memory":        {func(*world) string { return "\x81\xff\x7f\xff\xff\xff\xff\xff\xff\xff\x00\x00\x00\x00" }, api.CloseTooLarge},
		"a flood of pings":              {func(*world) string { return strings.Repeat(masked(ws.OpPing, true, ""), 2*frameBurst) }, api.CloseTooManyFrames},
		"a flood of empty fragments": {func(*world) string {
			return masked(ws.OpText, false, "") + strings.Repeat(masked(ws.OpContinuation, false, ""), 2*frameBurst)
		}, api.CloseTooManyFrames},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inWorld(t, func(w *world) {
				client := w.settled(agent, "self")
				client.send(c.says(w))
				client.wantCloseAmongPongs(c.want)
			})
		})
	}
}

// wantCloseAmongPongs is wantClose where pongs may come before it.
func (c *client) wantCloseAmongPongs(code api.CloseCode) {
	c.t.Helper()
	for {
		head, err := c.from.Peek(1)
		if err != nil {
			c.t.Fatal(err)
		}
		if head[0] != opPong {
			break
		}
		c.raw()
	}
	c.wantClose(code)
}

func TestSocket_IsClosedWhenItsTokenExpires(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		c := w.upgraded()
		c.hello(w.token(agent, 70*time.Second), "self") // rights are looked at at other times
		c.nextOf(api.FrameTypeSnapshot)
		c.obey(69 * time.Second)
		began := time.Now()
		c.wantClose(api.CloseTokenExpired)
		if waited := time.Since(began); waited > 2*time.Second {
			t.Errorf("closed %s late", waited-time.Second)
		}
	})
}

func TestSocket_LivesOnWithAFreshToken(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		c := w.upgraded()
		c.hello(w.token(agent, time.Minute), "self")
		c.nextOf(api.FrameTypeSnapshot)
		c.send(text(`{"type":"token","token":"` + w.token(agent, 0) + `"}`))
		c.obey(2 * time.Minute)
		c.wantOpen()
	})
}

func TestSocket_LosesWhatItsUserLosesWithinASecond(t *testing.T) {
	t.Parallel()
	for name, c := range theLosses() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inWorld(t, func(w *world) {
				told, untold := w.settled(supervisor, "floor"), w.settled(supervisor, "floor")
				c.lose(w)
				w.server.Recheck()
				began := time.Now()
				told.wantClose(c.want)
				if waited := time.Since(began); waited > time.Second {
					t.Errorf("closed after %s", waited)
				}
				untold.wantClose(c.want)
			})
		})
	}
}

func TestSocket_LosesItsRightWithinHalfAMinuteThoughNobodySaysSo(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		c := w.settled(agent, "self")
		if err := w.tokens.RevokeAll(t.Context(), keyOf(agent).Agent); err != nil {
			t.Fatal(err)
		}
		for began := time.Now(); ; {
			got := c.next()
			if got.Type == api.FrameTypeBeat {
				c.answer(got.N)
				continue
			}
			if waited := time.Since(began); got.close != api.CloseTokenRevoked || waited > 30*time.Second {
				t.Errorf("after %s got %+v", waited, got)
			}
			return
		}
	})
}

func TestRun_ClosesEveryConnectionAtItsEnd(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		stranger, welcomed, stuck := w.upgraded(), w.settled(agent, "self"), w.settled(agent, "self")
		go w.stop()
		stranger.wantClose(api.CloseGoingAway)
		welcomed.wantClose(api.CloseGoingAway)
		if got := stuck.next(); got.close != api.CloseGoingAway {
			t.Errorf("got %+v", got)
		}
		began := time.Now()
		w.stop() // the one that does not answer is cut
		if waited := time.Since(began); waited > closeTime {
			t.Errorf("it took %s", waited)
		}
		late := w.upgraded()
		late.wantClose(api.CloseGoingAway)
	})
}

func TestRun_WaitsForNobodyForLong(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		c := w.upgradedWithRoom(100) // it takes so many bytes and no more
		c.hello(w.token(supervisor, 0), "floor")
		time.Sleep(time.Second)
		began := time.Now()
		w.stop()
		if waited := time.Since(began); waited > stopTime {
			t.Errorf("it took %s", waited)
		}
	})
}
