package rest_test

import (
	"context"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/sdk/internal/rest"
)

// mortalConn is a connection that something on the way may forget without a word: what is written is lost, and nothing comes.
type mortalConn struct {
	net.Conn
	dead *atomic.Bool
}

func (c mortalConn) Write(b []byte) (int, error) {
	if c.dead.Load() {
		return len(b), nil
	}
	return c.Conn.Write(b)
}

// Several connections are kept, and the way to all of them is lost at once. The request that finds out about one does not try the others.
func TestDo_LeavesKeptConnectionsWhenOneIsFoundDead(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			time.Sleep(time.Second) // so that those at once need a connection each
			_, _ = w.Write([]byte(`{"result":{}}`))
		})
		dead := new(atomic.Bool)
		transport := &http.Transport{MaxIdleConnsPerHost: 4, DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			conn, err := s.dial(ctx, network, address)
			return mortalConn{conn, dead}, err
		}}
		defer transport.CloseIdleConnections()
		client := s.client(func(o *rest.Options) { o.HTTP = &http.Client{Transport: transport} })
		ask := func() error {
			return client.Do(t.Context(), rest.Request{Method: http.MethodGet, Path: []string{"me"}, Patience: rest.Patience{Budget: time.Minute}}, new(api.Result[any]))
		}
		var asking sync.WaitGroup
		for range 4 {
			asking.Go(func() {
				if err := ask(); err != nil {
					t.Error(err)
				}
			})
		}
		asking.Wait()
		dead.Store(true)
		dead = new(atomic.Bool) // of those to come
		began := time.Now()
		if err := ask(); err != nil {
			t.Error(err)
		}
		if took := time.Since(began); took > 15*time.Second {
			t.Errorf("it took %s", took)
		}
	})
}
