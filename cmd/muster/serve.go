package main

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
)

// serverFlags are the flags of every command that runs a server.
type serverFlags struct {
	Listen        string   `default:"127.0.0.1:8080" help:"Serve the API at this address; ${default} if nothing is said, port 0 for any free one." placeholder:"HOST:PORT"`
	MetricsListen string   `default:"127.0.0.1:9464" help:"Serve Prometheus metrics at this address; ${default} if nothing is said, none switches them off." placeholder:"HOST:PORT"`
	AllowOrigin   []string `help:"Let pages of this origin call the API; * allows all. Repeat it for more." placeholder:"ORIGIN"`
	LogLevel      string   `default:"info" enum:"debug,info,warn,error" help:"Log from this level: debug, info, warn or error."`
	LogFormat     string   `default:"text" enum:"text,json" help:"Log as text or json."`
	MaxPages      int      `hidden:"" help:"Limit the database to so many pages of 4 KiB; it is then as if the disk were full."`
}

type serveCommand struct {
	serverFlags
	Data string `default:"muster-data" type:"path" help:"Keep the database in this folder, made if there is none; ${default} if nothing is said." placeholder:"DIR"`
}

// Run serves until the program is told to stop.
func (c *serveCommand) Run(p *program) error {
	node, err := openNode(p.ctx, c.Data, c.serverFlags, c.logger(p))
	if err != nil {
		return err
	}
	defer node.close()
	tenants, err := node.directory.Tenants(p.ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(p.stdout, "muster %s serves http://%s/v1/ with its data in %s\n", versionText(), node.address(), c.Data)
	if len(tenants) == 0 {
		fmt.Fprintf(p.stdout, "There is no tenant yet. Stop the server, provision with: muster apply --data %s FILE.yaml, and start it again.\n", c.Data)
	}
	return node.run(p.ctx)
}

func (f serverFlags) logger(p *program) *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(f.LogLevel)); err != nil {
		panic(err) // the flag's enum allows only levels
	}
	options := &slog.HandlerOptions{Level: level}
	if f.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(p.stderr, options))
	}
	return slog.New(slog.NewTextHandler(p.stderr, options))
}

// databaseFile is the database in a data folder, which is made if need be.
func databaseFile(folder string) (string, error) {
	err := os.MkdirAll(folder, 0o700)
	switch {
	case errors.Is(err, os.ErrPermission):
		return "", fmt.Errorf("make the data folder: %w; choose another with --data", err)
	case err != nil:
		return "", fmt.Errorf("make the data folder: %w", err)
	}
	return filepath.Join(folder, "muster.db"), nil
}
