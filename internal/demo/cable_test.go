package demo

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"testing"
	"testing/synctest"
)

func TestCable_CarriesHTTPUntilItIsClosed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		cable := NewCable()
		server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(w, r.Body)
		})}
		served := make(chan error)
		go func() { served <- server.Serve(cable) }()
		transport := &http.Transport{DialContext: cable.Dial}
		client := &http.Client{Transport: transport}
		for range 3 {
			got, err := client.Post("http://anywhere.test/", "text/plain", http.NoBody)
			if err != nil {
				t.Fatal(err)
			}
			_ = got.Body.Close()
		}
		if err := server.Shutdown(t.Context()); err != nil {
			t.Error(err)
		}
		if err := <-served; !errors.Is(err, http.ErrServerClosed) {
			t.Errorf("Serve ended with %v", err)
		}
		if _, err := cable.Dial(t.Context(), "tcp", "anywhere.test:80"); !errors.Is(err, net.ErrClosed) {
			t.Errorf("a closed cable is dialled: %v", err)
		}
		if err := cable.Close(); err != nil {
			t.Errorf("Close again: %v", err)
		}
	})
}

func TestCable_DialingEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := NewCable().Dial(ctx, "tcp", "anywhere.test:80"); !errors.Is(err, context.Canceled) {
		t.Errorf("nobody accepts, and dialing ends with %v", err)
	}
}
