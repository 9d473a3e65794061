package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/muster-presence/muster/internal/console"
	"github.com/muster-presence/muster/internal/httpapi"
	"github.com/muster-presence/muster/internal/sdkjs"
	"github.com/muster-presence/muster/internal/static"
	"github.com/muster-presence/muster/internal/wsapi"
)

// newHTTPServer bounds what a client can cost before it has said who it is.
func newHTTPServer(handler http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      time.Minute, // an answer that may take longer lifts it for itself
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
}

// handler puts the API, the stream, the browser SDK, the console (nil for none) and
// what operators ask next to each other. Paths are compared, not routed: every
// request passes here, and the API routes its own.
func handler(api *httpapi.Server, sockets *wsapi.Server, sdk *sdkjs.Server, pages *console.Server, metrics *metrics) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/healthz":
			static.Say(w, http.StatusOK, "alive")
		case pages == nil && r.URL.Path == "/":
			static.Say(w, http.StatusOK, "This is Muster. The API is at /v1/ and described at /v1/openapi.yaml. The browser SDK is at /sdk/cxengage.js; see /sdk/.")
		case r.URL.Path == "/readyz":
			ready(w, r, api, metrics)
		case sockets.Serves(r):
			sockets.ServeHTTP(w, r)
		case sdk.Serves(r):
			sdk.ServeHTTP(w, r)
		case pages != nil && pages.Serves(r):
			pages.ServeHTTP(w, r)
		default:
			api.ServeHTTP(w, r)
		}
	})
}

func ready(w http.ResponseWriter, r *http.Request, api *httpapi.Server, metrics *metrics) {
	ctx, cancel := context.WithTimeout(r.Context(), time.Second)
	defer cancel()
	switch err := api.Ready(ctx); {
	case err != nil:
		static.Say(w, http.StatusServiceUnavailable, "not ready: the store cannot be read")
	case metrics.storeFails():
		static.Say(w, http.StatusServiceUnavailable, "not ready: the last change could not be stored; see the server's log")
	default:
		static.Say(w, http.StatusOK, "ready")
	}
}

// serveHTTP serves until ctx ends, then lets the requests under way finish.
func serveHTTP(ctx context.Context, server *http.Server, listener net.Listener) error {
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }() // ends with Shutdown or Close below
	select {
	case err := <-failed:
		return fmt.Errorf("serve %s: %w", listener.Addr(), err)
	case <-ctx.Done():
	}
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTime)
	defer cancel()
	err := server.Shutdown(drain)
	if errors.Is(err, context.DeadlineExceeded) {
		err = server.Close() // whoever is still there loses the connection
	}
	<-failed
	return err
}
