package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"os"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/muster-presence/muster/examples"
	"github.com/muster-presence/muster/internal/console"
	"github.com/muster-presence/muster/internal/demo"
	"github.com/muster-presence/muster/internal/provision"
	"github.com/muster-presence/muster/internal/store"
)

// demoPassword is everybody's password in the demo, and public.
const demoPassword = "demo-password"

// demoAgent and demoSupervisor are for whoever comes to look.
const (
	demoAgent      = "agent@demo.example"
	demoSupervisor = "supervisor@demo.example"
)

// demoAdministrator is there wherever the demo has been.
const demoAdministrator = "admin@demo.example"

type demoCommand struct {
	serverFlags
	Data             string  `type:"path" help:"Keep the data in this folder instead of a temporary one." placeholder:"DIR"`
	Agents           int     `default:"24" help:"Simulate so many agents, 0 to 10000."`
	ChangesPerSecond float64 `default:"2" help:"Let them change their presence about so often altogether."`
	Seed             uint64  `default:"1" help:"The same seed makes the same people with the same habits."`
	// Past is nil where nothing is said of it.
	Past *time.Duration `help:"Let them have been at work for so long already, 0s to 24h; 2h without this where there are 100 agents at most, else 0s." placeholder:"DURATION"`
}

// The past that people have where nothing is said of it: with more of them it
// would take longer than anybody wants to wait.
const (
	usualPast     = 2 * time.Hour
	longestPast   = 24 * time.Hour
	mostWithAPast = 100 // agents
)

func (c *demoCommand) pastLength() time.Duration {
	switch {
	case c.Past != nil:
		return *c.Past
	case c.Agents > mostWithAPast:
		return 0
	}
	return usualPast
}

// Validate keeps the demo on this machine and in its bounds.
func (c *demoCommand) Validate() error {
	if err := c.serverFlags.Validate(); err != nil {
		return err
	}
	if !isLoopback(c.Listen) {
		return errors.New("the demo listens at loopback addresses only, such as 127.0.0.1:8080, because its password is public; use muster serve for others")
	}
	if c.Agents < 0 || c.Agents > demo.MaxAgents {
		return fmt.Errorf("--agents must be from 0 to %d", demo.MaxAgents)
	}
	if c.Past != nil && (*c.Past < 0 || *c.Past > longestPast) {
		return errors.New("--past must be from 0s to 24h")
	}
	if !(c.ChangesPerSecond > 0 && c.ChangesPerSecond <= 1000) {
		return errors.New("--changes-per-second must be above 0 and at most 1000")
	}
	return nil
}

// isLoopback reports whether only this machine can reach the address.
func isLoopback(listen string) bool {
	host, _, err := net.SplitHostPort(listen)
	if err != nil {
		return false
	}
	if host == "localhost" {
		return true
	}
	address, err := netip.ParseAddr(host)
	return err == nil && address.IsLoopback()
}

// Run serves the demo until the program is told to stop.
func (c *demoCommand) Run(p *program) error { return ignoreCancel(c.serve(p)) }

func (c *demoCommand) serve(p *program) (err error) {
	folder, remove, err := c.folder()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, remove()) }()
	log := c.logger(p)
	c.guests = map[string]console.Guest{"/": {Username: demoAgent, Password: demoPassword}, "/floor": {Username: demoSupervisor, Password: demoPassword}}
	node, err := openNode(p.ctx, folder, c.serverFlags, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, node.close()) }()
	if err := c.refuseForeign(p.ctx, node.directory, folder); err != nil {
		return err
	}
	if err := c.provision(p.ctx, node); err != nil {
		return err
	}
	demoTenant, err := tenantByKey(p.ctx, node.directory, "demo")
	if err != nil {
		return err
	}
	past, err := c.livePast(p.ctx, node, demoTenant)
	if err != nil {
		return err
	}
	c.greet(p.stdout, node, demoTenant)
	parts, ctx := errgroup.WithContext(p.ctx)
	serving, stopServing := context.WithCancel(context.WithoutCancel(ctx))
	parts.Go(func() error { return node.run(serving) })
	parts.Go(func() error {
		defer stopServing() // the server outlives its agents, who would only complain
		return c.play(ctx, p.stdout, node, demoTenant, past)
	})
	return parts.Wait()
}

// play lets the simulated agents work until the context ends. They reach the
// server by a cable inside of the process: with sockets, both ends of ten thousand
// connections would be more files than a process may open.
func (c *demoCommand) play(ctx context.Context, stdout io.Writer, node *node, tenant string, past *demo.Past) error {
	if c.Agents == 0 {
		<-ctx.Done()
		return nil
	}
	cable := demo.NewCable()
	show := demo.New(demo.Options{
		BaseURL:          "http://" + node.address() + "/v1/",
		Tenant:           tenant,
		Agents:           c.Agents,
		ChangesPerSecond: c.ChangesPerSecond,
		Seed:             c.Seed,
		Past:             past,
		Password:         demoPassword,
		Token:            node.tokenOf,
		Log:              node.log,
		Dial:             cable.Dial,
	})
	parts, ctx := errgroup.WithContext(ctx)
	parts.Go(func() error { return serveCable(node.server, cable) })
	parts.Go(func() error {
		return errors.Join(ignoreCancel(show.Run(ctx)), cable.Close())
	})
	parts.Go(func() error { return tell(ctx, stdout, show) })
	return parts.Wait()
}

// serveCable serves until the cable is closed, or the server for everybody.
func serveCable(server *http.Server, cable *demo.Cable) error {
	err := server.Serve(cable)
	if errors.Is(err, http.ErrServerClosed) || errors.Is(err, net.ErrClosed) {
		return nil
	}
	return fmt.Errorf("serve the simulated agents: %w", err)
}

// tell prints how the floor is doing: soon after the opening, then every minute.
func tell(ctx context.Context, w io.Writer, show *demo.Show) error {
	next := time.NewTimer(10 * time.Second)
	defer next.Stop()
	for {
		select {
		case <-next.C:
			fmt.Fprintln(w, show.Stats())
			next.Reset(time.Minute)
		case <-ctx.Done():
			return nil
		}
	}
}

// folder is where the data lives, and what removes it if it is temporary.
func (c *demoCommand) folder() (folder string, remove func() error, err error) {
	if c.Data != "" {
		return c.Data, func() error { return nil }, nil
	}
	folder, err = os.MkdirTemp("", "muster-demo-")
	if err != nil {
		return "", nil, fmt.Errorf("make a temporary folder: %w; choose one with --data", err)
	}
	return folder, func() error { return os.RemoveAll(folder) }, nil
}

// refuseForeign refuses a database that is not the demo's. MUSTER_DATA may well
// name the folder of a real server, and the demo brings an administrator whose
// password everybody knows.
func (c *demoCommand) refuseForeign(ctx context.Context, directory store.DirectoryReader, folder string) error {
	tenants, err := directory.Tenants(ctx)
	if err != nil || len(tenants) == 0 {
		return err
	}
	_, err = directory.UserByName(ctx, demoAdministrator)
	if errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf("the database in %s is not the demo's, and the demo's users have a public password: choose another folder with --data, or an empty one", folder)
	}
	return err
}

// provision brings the example's tenants and users, and the simulated agents,
// into the directory.
func (c *demoCommand) provision(ctx context.Context, node *node) error {
	hash, err := c.passwordHash(ctx, node)
	if err != nil {
		return err
	}
	files := []provision.File{{Name: "examples/demo.yaml", Content: examples.Demo()}}
	if c.Agents > 0 {
		files = append(files, provision.File{Name: "simulated agents", Content: demo.StaffFile(c.Agents, c.Seed, hash)})
	}
	_, err = provision.Apply(ctx, node.directory, node.passwords, files, provision.Options{
		ActorName: "muster demo",
		Now:       node.engine.Now(),
	})
	return problemsOf(err)
}

// passwordHash is one hash for all simulated agents: a hash takes tens of
// milliseconds, and this password keeps no secret.
func (c *demoCommand) passwordHash(ctx context.Context, node *node) (string, error) {
	user, err := node.directory.UserByName(ctx, demo.Username(0, c.Seed))
	if err == nil && user.PasswordHash != "" {
		return user.PasswordHash, nil // a kept demo started again changes nothing
	}
	return node.passwords.Hash(ctx, demoPassword)
}

func tenantByKey(ctx context.Context, directory store.DirectoryReader, key string) (string, error) {
	tenants, err := directory.Tenants(ctx)
	if err != nil {
		return "", err
	}
	for _, tenant := range tenants {
		if tenant.Key == key {
			return tenant.ID.String(), nil
		}
	}
	return "", fmt.Errorf("the example has no tenant %q", key)
}

func (c *demoCommand) greet(w io.Writer, node *node, tenant string) {
	fmt.Fprint(w, strings.NewReplacer(
		"{pages}", pagesOf(node), "{agents}", c.whoComes(), "{base}", "http://"+node.address()+"/v1/",
		"{sdk}", sayBundle(node.address(), node.sdk), "{tenant}", tenant, "{password}", demoPassword,
	).Replace(`
Muster is here: {base}

{pages}  tenant   Demo  {tenant}
  log-ins  agent@demo.example  supervisor@demo.example  admin@demo.example
  password {password}

{agents} Look at the floor as a supervisor, from a shell:

  TOKEN=$(curl -s {base}tokens -d '{"username":"supervisor@demo.example","password":"{password}"}' -H 'Content-Type: application/json' | sed 's/.*"token":"\([^"]*\)".*/\1/')
  curl -s -H "Authorization: Token $TOKEN" {base}tenants/{tenant}/presence

{sdk}The API is described at {base}openapi.yaml. Stop with Ctrl-C.

`))
}

// pagesOf says where the console's pages are and who can sign in there: the first
// thing to open.
func pagesOf(node *node) string {
	if node.console == nil {
		return ""
	}
	return fmt.Sprintf(`  An agent's desk:         http://%[1]s/       sign in as %[2]s
  The supervisor's floor:  http://%[1]s/floor  sign in as %[3]s

`, node.address(), demoAgent, demoSupervisor)
}

// whoComes says who works here.
func (c *demoCommand) whoComes() string {
	switch c.Agents {
	case 0:
		return "Nobody is simulated: whoever is to work here has to log in."
	case 1:
		return "1 simulated agent is coming to work."
	}
	return fmt.Sprintf("%d simulated agents are coming to work.", c.Agents)
}
