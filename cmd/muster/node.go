package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/muster-presence/muster/internal/auth"
	"github.com/muster-presence/muster/internal/bus"
	"github.com/muster-presence/muster/internal/bus/local"
	"github.com/muster-presence/muster/internal/console"
	"github.com/muster-presence/muster/internal/engine"
	"github.com/muster-presence/muster/internal/history"
	"github.com/muster-presence/muster/internal/httpapi"
	"github.com/muster-presence/muster/internal/sdkjs"
	"github.com/muster-presence/muster/internal/store"
	"github.com/muster-presence/muster/internal/store/cached"
	"github.com/muster-presence/muster/internal/store/sqlite"
	"github.com/muster-presence/muster/internal/stream"
	"github.com/muster-presence/muster/internal/wsapi"
)

const (
	// rememberedMembers bounds the members that are kept in memory.
	rememberedMembers = 50_000
	// rememberedRecords bounds the newest records that are kept in memory for
	// whoever reads the log on.
	rememberedRecords = 8192
	// drainTime is how long requests under way may take when the server stops.
	drainTime = 5 * time.Second
)

// node is a whole server: the object graph, built by hand.
type node struct {
	log       *slog.Logger
	database  *database
	directory *cached.Directory
	passwords *auth.Passwords
	tokens    *auth.Tokens
	engine    *engine.Engine
	projector *history.Projector
	streams   *stream.Streams
	sockets   *wsapi.Server
	sdk       *sdkjs.Bundle
	console   *console.Server // nil where it is switched off
	cancelBus func()
	listener  net.Listener
	server    *http.Server
	metrics   *metricsServer
}

// openNode builds a server on a data folder and begins to listen. It serves once
// it is run; close it in any case.
func openNode(ctx context.Context, folder string, flags serverFlags, log *slog.Logger) (*node, error) {
	n := &node{log: log}
	if err := n.open(ctx, folder, flags); err != nil {
		return nil, errors.Join(err, n.close())
	}
	return n, nil
}

func (n *node) open(ctx context.Context, folder string, flags serverFlags) (err error) {
	// Listening comes first: whoever starts a second server learns at once that
	// an address is taken, and nothing has been touched yet.
	if n.listener, err = net.Listen("tcp", flags.Listen); err != nil {
		return fmt.Errorf("%w; choose another address with --listen", err)
	}
	metrics := newMetrics()
	if n.metrics, err = listenMetrics(flags.MetricsListen, metrics, n.log); err != nil {
		return err
	}
	if n.database, err = openDatabase(ctx, folder, sqlite.Options{MaxPages: flags.MaxPages}); err != nil {
		return err
	}
	n.directory = cached.NewDirectory(n.database, rememberedMembers)
	n.passwords = auth.NewPasswords()
	if n.tokens, err = auth.OpenTokens(ctx, n.database, n.directory, time.Now); err != nil {
		return fmt.Errorf("open the tokens: %w", err)
	}
	wakeUps := new(local.Bus)
	records := cached.NewLog(n.database, rememberedRecords)
	n.engine = engine.New(engine.Options{
		Storage:   records,
		Directory: n.directory,
		Bus:       wakeUps,
		Log:       n.log,
		Observer:  metrics,
	})
	n.projector = history.NewProjector(records, n.database, n.log)
	n.cancelBus = wakeUps.Subscribe(func(a bus.Announcement) { n.projector.Notify(a.Tenant) })
	n.streams = stream.New(stream.Options{
		Storage: struct {
			store.Log
			store.Floor
		}{records, n.database},
		Directory: n.directory,
		Bus:       wakeUps,
		Log:       n.log,
		Observer:  metrics,
	})
	n.sockets = wsapi.New(wsapi.Options{
		Engine:       n.engine,
		Streams:      n.streams,
		Directory:    n.directory,
		Tokens:       n.tokens,
		AllowOrigins: flags.AllowOrigin,
		Observer:     metrics,
		Log:          n.log,
	})
	// Log-ins are slowed wherever they come in, so there is one of these.
	logins := auth.NewLogins(n.directory, n.passwords, n.tokens, time.Now)
	accessChanged := func() {
		n.sockets.Recheck()
		n.streams.Reload()
	}
	api := httpapi.New(httpapi.Options{
		Engine:        n.engine,
		History:       history.NewQueries(n.projector, n.database),
		Directory:     n.directory,
		Storage:       n.database,
		Logins:        logins,
		Tokens:        n.tokens,
		Passwords:     auth.Patient{Passwords: n.passwords},
		AllowOrigins:  flags.AllowOrigin,
		AccessChanged: accessChanged,
		Observer:      metrics,
		Log:           n.log,
	})
	metrics.watch(n.engine, n.streams)
	n.sdk = sdkjs.ReadBundle()
	if !flags.NoConsole {
		n.console = console.New(console.Options{
			Logins:        logins,
			Tokens:        n.tokens,
			Refuse:        api.Refuse,
			AllowFrames:   flags.AllowFrame,
			Guests:        flags.guests,
			AccessChanged: accessChanged,
		})
	}
	n.server = newHTTPServer(handler(api, n.sockets, sdkjs.New(n.sdk, flags.AllowOrigin), n.console, metrics), n.log)
	return nil
}

// address is where the API is served.
func (n *node) address() string { return n.listener.Addr().String() }

// tokenOf issues a token of the user, who is not asked for a password: for clients
// inside of this process.
func (n *node) tokenOf(ctx context.Context, username string) (string, error) {
	user, err := n.directory.UserByName(ctx, username)
	if err != nil {
		return "", err
	}
	token, _, err := n.tokens.Issue(user, auth.DefaultLife)
	return token, err
}

// run serves until ctx ends. It ends from the outside in: first no new requests
// and no sockets, then the engine and those who read its log.
func (n *node) run(ctx context.Context) error {
	inner, stopInner := context.WithCancel(context.WithoutCancel(ctx))
	defer stopInner()
	rooms, inner := errgroup.WithContext(inner)
	rooms.Go(func() error { return paceCollections(inner) }) // the live sessions come to stay, and so not among much garbage
	if err := n.engine.Start(ctx); err != nil {
		stopInner()
		return errors.Join(err, rooms.Wait())
	}
	rooms.Go(func() error { return n.engine.Run(inner) })
	rooms.Go(func() error { return n.projector.Run(inner) })
	rooms.Go(func() error { return n.streams.Run(inner) })

	edges, edge := errgroup.WithContext(ctx)
	edges.Go(func() error { return serveHTTP(edge, n.server, n.listener) })
	edges.Go(func() error { return n.sockets.Run(edge) })
	if n.metrics != nil {
		edges.Go(func() error { return serveHTTP(edge, n.metrics.server, n.metrics.listener) })
	}
	err := edges.Wait()
	stopInner()
	return errors.Join(err, ignoreCancel(rooms.Wait()))
}

// close releases what open took; it may be called after a failed open.
func (n *node) close() error {
	var err error
	if n.cancelBus != nil {
		n.cancelBus()
	}
	if n.metrics != nil {
		err = errors.Join(err, ignoreClosed(n.metrics.listener.Close()))
	}
	if n.listener != nil {
		err = errors.Join(err, ignoreClosed(n.listener.Close()))
	}
	if n.database != nil {
		err = errors.Join(err, n.database.Close())
	}
	return err
}

func ignoreCancel(err error) error {
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

func ignoreClosed(err error) error {
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}
