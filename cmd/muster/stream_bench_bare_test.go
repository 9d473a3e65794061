package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/coder/websocket"
	"github.com/gobwas/ws"
)

// bareOptions say what a bare server does beside answering the first message.
type bareOptions struct {
	Library string        // gobwas or coder
	Beat    time.Duration // asks every client so often; 0: never
	Keep    string        // a folder: what is posted is on the disk before it is handed on
	Tell    bool          // tells watchers whose connection has ended
}

// bareServer is what the library can do at best: it answers the first message of
// each client, asks now and then and takes the answers, and hands what comes on
// /post to everybody on /watch. It knows nobody and keeps nothing.
func bareServer(options string) {
	var o bareOptions
	if err := json.Unmarshal([]byte(options), &o); err != nil {
		panic(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	fmt.Printf("http://%s/\n", listener.Addr())
	bare := newBare(o)
	handler := http.HandlerFunc(bare.gobwas)
	if o.Library == "coder" {
		handler = bareCoder
	}
	panic(http.Serve(listener, handler))
}

var bareWelcome = []byte(`{"type":"welcome","cursor":"00000000-0000-0000-0000-000000000000:1","beatMs":4000,"timestamp":"2026-03-01T08:07:00.000Z"}`)

type bare struct {
	options  bareOptions
	keeper   *keeper
	mu       sync.Mutex // guards watchers
	watchers []net.Conn
}

func newBare(o bareOptions) *bare {
	s := &bare{options: o}
	if o.Keep != "" {
		s.keeper = newKeeper(o.Keep, s.broadcast)
	}
	return s
}

func (s *bare) gobwas(w http.ResponseWriter, r *http.Request) {
	conn, _, _, err := ws.UpgradeHTTP(r, w)
	if err != nil {
		return
	}
	watches, posts := r.URL.Path == "/watch", r.URL.Path == "/post"
	go func() { // apart from the handler, whose stack and buffers go
		defer conn.Close()
		hello, err := bareRead(conn)
		if err != nil {
			return
		}
		if ws.WriteFrame(conn, ws.NewTextFrame(bareWelcome)) != nil {
			return
		}
		if watches {
			s.mu.Lock()
			s.watchers = append(s.watchers, conn)
			s.mu.Unlock()
		}
		s.ask(conn)
		for {
			payload, err := bareRead(conn)
			if err != nil {
				if s.options.Tell && !watches {
					s.broadcast(hello)
				}
				return
			}
			switch {
			case posts && s.keeper != nil:
				s.keeper.posted <- payload
			case posts:
				s.broadcast(payload)
			}
		}
	}()
}

func (s *bare) broadcast(payload []byte) {
	frame := ws.MustCompileFrame(ws.NewTextFrame(payload))
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, conn := range s.watchers {
		_, _ = conn.Write(frame)
	}
}

// ask sends forty bytes now and then. Clients that came at once are not asked at
// once, since those of a real server are not: a thousand timers that fire together
// would cost next to nothing.
func (s *bare) ask(conn net.Conn) {
	if s.options.Beat == 0 {
		return
	}
	var n uint64
	var timer *time.Timer
	timer = time.AfterFunc(time.Hour, func() {
		n++
		question := append(strconv.AppendUint([]byte(`{"type":"beat","n":`), n, 10), `,"more":"1234"}`...)
		if ws.WriteFrame(conn, ws.NewTextFrame(question)) == nil {
			timer.Reset(s.options.Beat)
		}
	})
	timer.Reset(rand.N(s.options.Beat))
}

func bareRead(conn net.Conn) ([]byte, error) {
	header, err := ws.ReadHeader(conn)
	if err != nil {
		return nil, err
	}
	payload := make([]byte, header.Length)
	if _, err := io.ReadFull(conn, payload); err != nil {
		return nil, err
	}
	ws.Cipher(payload, header.Mask, 0)
	return payload, nil
}

func bareCoder(w http.ResponseWriter, r *http.Request) {
	conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{InsecureSkipVerify: true})
	if err != nil {
		return
	}
	defer conn.CloseNow()
	for first := true; ; first = false {
		if _, _, err := conn.Read(context.Background()); err != nil {
			return
		}
		if first && conn.Write(context.Background(), websocket.MessageText, bareWelcome) != nil {
			return
		}
	}
}
