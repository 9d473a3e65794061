package wsapi

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/muster-presence/muster/api"
)

// dial opens a socket with another implementation of the protocol than the
// server's.
func (w *world) dial(options websocket.DialOptions) (*websocket.Conn, *http.Response, error) {
	transport := &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
		client, _ := w.listener.dial(home, inFlight)
		return client, nil
	}}
	options.HTTPClient = &http.Client{Transport: transport}
	return websocket.Dial(context.Background(), "ws://muster.example/v1/tenants/"+north+"/stream", &options)
}

func TestSecondImplementation_TalksAllDay(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		session := w.login(agent)
		conn, _, err := w.dial(websocket.DialOptions{CompressionMode: websocket.CompressionContextTakeover}) // offered, and not taken
		if err != nil {
			t.Fatal(err)
		}
		say := func(format string, args ...any) {
			if err := conn.Write(context.Background(), websocket.MessageText, fmt.Appendf(nil, format, args...)); err != nil {
				t.Fatal(err)
			}
		}
		say("%s", helloOf(w.token(agent, 0), "self", `"sessionId":"`+session+`"`))
		seen := make(map[api.FrameType]int)
		for seen[api.FrameTypeBeat] < 20 {
			_, text, err := conn.Read(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			var f frame
			if err := json.Unmarshal(text, &f); err != nil {
				t.Fatal(err)
			}
			if seen[f.Type]++; f.Type == api.FrameTypeBeat {
				say(`{"type":"beat","n":%d}`, f.N)
				w.turn(agent)
			}
		}
		if seen[api.FrameTypeWelcome] != 1 || seen[api.FrameTypeSnapshot] != 1 || seen[api.FrameTypeEvents] < 19 {
			t.Errorf("got %v", seen)
		}
		began := time.Now()
		if err := conn.Close(websocket.StatusNormalClosure, "done"); err != nil || time.Since(began) > 0 {
			t.Errorf("the closing handshake takes %s: %v", time.Since(began), err)
		}
	})
}

func TestSecondImplementation_IsToldWhyItIsClosed(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		conn, _, err := w.dial(websocket.DialOptions{})
		if err != nil {
			t.Fatal(err)
		}
		_ = conn.Write(context.Background(), websocket.MessageBinary, []byte("x"))
		_, _, err = conn.Read(context.Background())
		if got := websocket.CloseStatus(err); got != websocket.StatusCode(api.CloseBadFrame) {
			t.Errorf("got %v", err)
		}
	})
}

func TestOrigins_OfPagesThatMayOpenSockets(t *testing.T) {
	t.Parallel()
	const desk = "https://desk.example"
	inWorld(t, func(w *world) {
		for origin, want := range map[string]int{
			"":                            http.StatusSwitchingProtocols,
			desk:                          http.StatusSwitchingProtocols,
			"http://muster.example":       http.StatusSwitchingProtocols, // the server's own host
			"https://MUSTER.example":      http.StatusSwitchingProtocols,
			"https://muster.example:8443": http.StatusForbidden,
			"https://evil.example":        http.StatusForbidden,
			desk + ".evil":                http.StatusForbidden,
			"null":                        http.StatusForbidden,
			"https://":                    http.StatusForbidden,
		} {
			header := make(http.Header)
			if origin != "" {
				header.Set("Origin", origin)
			}
			conn, response, _ := w.dial(websocket.DialOptions{HTTPHeader: header})
			if conn != nil {
				_ = conn.CloseNow()
			}
			if response == nil || response.StatusCode != want {
				t.Errorf("%q gets %v, want %d", origin, response, want)
			}
		}
	}, func(o *Options) { o.AllowOrigins = []string{desk} })
}

func TestOrigins_MayReadEventsAndTheirErrors(t *testing.T) {
	t.Parallel()
	const desk = "https://desk.example"
	inWorld(t, func(w *world) {
		for _, token := range []string{w.token(agent, 0), "x"} {
			c := w.connect()
			c.send(eventsRequest(north, "", token, "Origin: "+desk))
			if got := c.response(); got.Header.Get("Access-Control-Allow-Origin") != desk {
				t.Errorf("%s has %v", got.Status, got.Header)
			}
		}
		c := w.connect()
		c.send("OPTIONS /v1/tenants/" + north + "/stream HTTP/1.1\r\nHost: muster.example\r\nOrigin: " + desk + "\r\nAccess-Control-Request-Method: GET\r\n\r\n")
		if got := c.response(); got.StatusCode != http.StatusNoContent || got.Header.Get("Access-Control-Allow-Headers") == "" {
			t.Errorf("got %s %v", got.Status, got.Header)
		}
	}, func(o *Options) { o.AllowOrigins = []string{desk} })
}
