package main

import (
	"errors"
	"fmt"
	"log/slog"

	"github.com/muster-presence/muster/internal/console"
)

// serverFlags are the flags of every command that runs a server.
type serverFlags struct {
	Listen        string   `default:"127.0.0.1:8080" help:"Serve the API at this address, by default ${default}; port 0 takes a free one." placeholder:"HOST:PORT"`
	MetricsListen string   `default:"127.0.0.1:9464" help:"Serve Prometheus metrics at this address, by default ${default}; none switches them off." placeholder:"HOST:PORT"`
	AllowOrigin   []string `help:"Let pages of this origin call the API; * allows all. Repeat it for more." placeholder:"ORIGIN"`
	AllowFrame    []string `help:"Let pages of this origin show the console in a frame, such as https://crm.example. Repeat it for more." placeholder:"ORIGIN"`
	NoConsole     bool     `help:"Serve no console: the API and the browser SDK only."`
	LogLevel      string   `default:"info" enum:"debug,info,warn,error" help:"Log from this level: debug, info, warn or error."`
	LogFormat     string   `default:"text" enum:"text,json" help:"Log as text or json."`
	// guests are who may sign in at the console's pages for all to know.
	guests   map[string]console.Guest
	MaxPages int `hidden:"" help:"Limit the database to so many pages of 4 KiB; it is then as if the disk were full."`
}

// Validate refuses what an empty variable makes of an address: listening at every
// address of the machine, at any port.
func (f *serverFlags) Validate() error {
	if f.Listen == "" || f.MetricsListen == "" {
		return errors.New("--listen and --metrics-listen must be HOST:PORT, and --metrics-listen may be none")
	}
	for _, origin := range f.AllowFrame {
		if err := console.CheckFrame(origin); err != nil {
			return fmt.Errorf("--allow-frame: %w", err)
		}
	}
	return nil
}

type serveCommand struct {
	serverFlags
	Data string `default:"muster-data" type:"path" help:"Keep the database in this folder, by default ${default}, made if there is none." placeholder:"DIR"`
}

// Validate refuses what an empty variable makes of the folder.
func (c *serveCommand) Validate() error {
	if c.Data == "" {
		return errors.New("--data must name a folder")
	}
	return c.serverFlags.Validate()
}

// Run serves until the program is told to stop.
func (c *serveCommand) Run(p *program) error {
	return ignoreCancel(c.serve(p))
}

func (c *serveCommand) serve(p *program) (err error) {
	node, err := openNode(p.ctx, c.Data, c.serverFlags, c.logger(p))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, node.close()) }()
	tenants, err := node.directory.Tenants(p.ctx)
	if err != nil {
		return err
	}
	greeting := fmt.Sprintf("muster %s serves http://%s/v1/ with its data in %s\n", versionText(), node.address(), c.Data)
	if n := node.metrics; n != nil {
		greeting += fmt.Sprintf("Metrics are at http://%s/metrics\n", n.listener.Addr())
	}
	if node.console != nil {
		greeting += fmt.Sprintf("The agent's desk is at http://%[1]s/ and the supervisor's floor at http://%[1]s/floor\n", node.address())
	}
	greeting += sayBundle(node.address(), node.sdk)
	if len(tenants) == 0 {
		greeting += fmt.Sprintf("There is no tenant yet. Stop the server, provision with: muster apply --data %q FILE.yaml, and start it again.\n", c.Data)
	}
	fmt.Fprint(p.stdout, greeting)
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
