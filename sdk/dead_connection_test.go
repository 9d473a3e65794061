package sdk

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
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

// Over HTTP/2 all requests share a connection. When it dies without a word, the next ones must not wait for it until the operating
// system gives it up, which takes a quarter of an hour.
func TestRequests_LeaveADeadConnectionOfHTTP2(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		line := newPipes()
		server := httptest.NewUnstartedServer(newSmallServer(t))
		server.Listener = line
		server.EnableHTTP2 = true
		server.StartTLS()
		defer server.Close()

		var dead *atomic.Bool
		transport := newTransport()
		transport.Proxy = nil
		transport.TLSClientConfig = &tls.Config{RootCAs: x509.NewCertPool(), ServerName: "example.com"}
		transport.TLSClientConfig.RootCAs.AddCert(server.Certificate())
		transport.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
			conn, err := line.dial(ctx, network, address)
			dead = new(atomic.Bool)
			return mortalConn{conn, dead}, err
		}
		c := idle(t, func(o *Options) {
			o.BaseURL, o.Patience, o.Client = "https://muster.test/", time.Minute, &http.Client{Transport: transport}
		})
		login := func() time.Duration {
			began := time.Now()
			if _, err := c.Authentication.Login(t.Context(), LoginParams{Username: "a", Password: "b"}); err != nil {
				t.Error(err)
			}
			return time.Since(began)
		}
		login()
		dead.Store(true)
		if took := login(); took > 20*time.Second {
			t.Errorf("the requests of a login took %s", took)
		}
	})
}
