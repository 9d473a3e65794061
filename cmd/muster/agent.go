package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"time"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/desk"
	"github.com/muster-presence/muster/internal/desk/terminal"
)

// agentCommand is an agent's desk. Its commands talk to the holder that login
// starts.
type agentCommand struct {
	Name string `default:"agent" help:"The desk's name, for more than one at a time." placeholder:"DESK"`
	JSON bool   `name:"json" help:"Print JSON for scripts, errors too."`

	Login     agentLoginCommand     `cmd:"" help:"Log in and stay in, in the background."`
	Status    agentStatusCommand    `cmd:"" help:"Say how things stand. The exit code is 1 if nobody is logged in."`
	Ready     agentReadyCommand     `cmd:"" help:"Be ready for work."`
	NotReady  agentNotReadyCommand  `cmd:"" help:"Be not ready, at once and on a call too."`
	Direction agentDirectionCommand `cmd:"" help:"Choose which work to be offered."`
	Watch     agentWatchCommand     `cmd:"" help:"Print what happens as it happens, until Ctrl-C."`
	Why       agentWhyCommand       `cmd:"" help:"Say what led to the present state, and what will change it."`
	Logout    agentLogoutCommand    `cmd:"" help:"Log out."`
	Screen    agentScreenCommand    `cmd:"" default:"1" help:"Show the desk on the screen, with keys for all of this; also without a command."`
	Hold      agentHoldCommand      `cmd:"" hidden:"" help:"Hold a session; started by login."`
}

// Validate refuses names that cannot be a desk's.
func (c *agentCommand) Validate() error { return desk.CheckName(c.Name) }

func (c *agentCommand) caller() desk.Caller {
	return desk.Caller{Folder: desk.FolderOf(os.LookupEnv), Desk: c.Name}
}

// printedError is a failure that was printed as JSON.
type printedError struct{ error }

// say prints a result or an error, as JSON or as a text.
func (c *agentCommand) say(p *program, result any, err error, text func() string) error {
	switch {
	case err != nil && p.ctx.Err() != nil:
		return err
	case err != nil && c.JSON:
		return printedError{errors.Join(err, json.NewEncoder(p.stdout).Encode(map[string]any{"error": desk.ProblemOf(err).Err}))}
	case err != nil:
		return err
	case c.JSON:
		return json.NewEncoder(p.stdout).Encode(result)
	}
	_, err = io.WriteString(p.stdout, text())
	return err
}

// signInFlags say who logs in where.
type signInFlags struct {
	Server       string `default:"http://127.0.0.1:8080" help:"The server's address; this machine's port 8080 unless given." placeholder:"URL"`
	Username     string `required:"" help:"Who logs in." placeholder:"NAME"`
	Tenant       string `help:"The tenant's name or id; the user's default one unless given." placeholder:"TENANT"`
	PasswordFile string `help:"Read the password from this file; - is standard input. Without it, you are asked." placeholder:"FILE"`
}

func (f *signInFlags) order(p *program, name string) (desk.Order, error) {
	password, err := desk.ReadPassword(p.ctx, f.PasswordFile, p.stdin, f.Username)
	return desk.Order{Desk: name, Server: f.Server, Username: f.Username, Password: password, Tenant: f.Tenant}, err
}

type agentLoginCommand struct {
	signInFlags
	Foreground bool `help:"Stay in front and print what happens; Ctrl-C logs out."`
}

// Run logs in.
func (c *agentLoginCommand) Run(p *program, agent *agentCommand) error {
	folder := desk.FolderOf(os.LookupEnv)
	if status, err := agent.caller().Status(p.ctx); err == nil && status.LoggedIn {
		return agent.say(p, nil, desk.Running(agent.Name), nil) // before anybody types a password
	}
	order, err := c.order(p, agent.Name)
	if err != nil {
		return agent.say(p, nil, err, nil)
	}
	if c.Foreground {
		return c.hold(p, agent, order, folder)
	}
	program, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find the program: %w", err)
	}
	status, err := desk.Start(p.ctx, order, desk.Starting{Folder: folder, Program: program, Arguments: []string{"agent", "hold", "--name", agent.Name}})
	return agent.say(p, status, err, func() string { return desk.SayStatus(status, time.Local) })
}

func (c *agentLoginCommand) hold(p *program, agent *agentCommand, order desk.Order, folder desk.Folder) error {
	log := slog.New(slog.NewTextHandler(p.stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	print := func(result any, text string) {
		_ = agent.say(p, result, nil, func() string { return text }) // who reads it may be gone; the session stays
	}
	ending, err := desk.Hold(p.ctx, order, desk.Holding{
		Folder: folder, Log: log,
		Ready: func(s desk.Status) { print(s, desk.SayStatus(s, time.Local)) },
		Told:  func(e desk.Event) { print(e, desk.SayLine(e, time.Local)) },
	})
	if err != nil {
		return agent.say(p, nil, err, nil)
	}
	if ending != nil && ending.Code != string(api.EndCodeLoggedOut) {
		return agent.say(p, nil, errors.New(ending.Text), nil)
	}
	return nil
}

type agentHoldCommand struct{}

// Run holds a session for the login that started it.
func (agentHoldCommand) Run(p *program, agent *agentCommand) error {
	stdout, ok := p.stdout.(io.WriteCloser)
	if !ok {
		return errors.New("this command is for muster itself: use muster agent login")
	}
	log := slog.New(slog.NewTextHandler(p.stderr, nil))
	return desk.HoldForParent(p.ctx, agent.Name, desk.FolderOf(os.LookupEnv), p.stdin, stdout, log)
}

type agentStatusCommand struct{}

// Run prints the status.
func (agentStatusCommand) Run(p *program, agent *agentCommand) error {
	status, err := agent.caller().Status(p.ctx)
	err = agent.say(p, status, err, func() string { return desk.SayStatus(status, time.Local) })
	if err == nil && !status.LoggedIn {
		return printedError{desk.ErrNotLoggedIn}
	}
	return err
}

type agentReadyCommand struct {
	Extension string `help:"Where to be called: an extension's value or id; the active one unless given." placeholder:"VALUE"`
}

// Run goes ready.
func (c *agentReadyCommand) Run(p *program, agent *agentCommand) error {
	return agent.change(p, desk.Request{Do: desk.DoReady, Extension: c.Extension})
}

type agentNotReadyCommand struct {
	Reason string `help:"Why: a reason's name, or Category/Name." placeholder:"NAME"`
}

// Run goes not ready.
func (c *agentNotReadyCommand) Run(p *program, agent *agentCommand) error {
	return agent.change(p, desk.Request{Do: desk.DoNotReady, Reason: c.Reason})
}

type agentLogoutCommand struct {
	Force bool `help:"Log out whatever work is open."`
}

// Run logs out.
func (c *agentLogoutCommand) Run(p *program, agent *agentCommand) error {
	return agent.change(p, desk.Request{Do: desk.DoLogout, Force: c.Force})
}

// change asks for a state and prints what it is now.
func (c *agentCommand) change(p *program, request desk.Request) error {
	var state api.PresenceState
	err := c.caller().Ask(p.ctx, request, &state)
	return c.say(p, state, err, func() string { return desk.SayState(state) + "\n" })
}

type agentDirectionCommand struct {
	Direction string `arg:"" enum:"inbound,outbound,agent-initiated" help:"inbound, outbound or agent-initiated."`
}

// Run sets the direction.
func (c *agentDirectionCommand) Run(p *program, agent *agentCommand) error {
	var set desk.DirectionSet
	err := agent.caller().Ask(p.ctx, desk.Request{Do: desk.DoDirection, Direction: api.Direction(c.Direction)}, &set)
	return agent.say(p, set, err, func() string { return "your direction is " + string(set.Direction) + "\n" })
}

type agentWhyCommand struct{}

// Run prints what led to the present state.
func (agentWhyCommand) Run(p *program, agent *agentCommand) error {
	var why api.Why
	err := agent.caller().Ask(p.ctx, desk.Request{Do: desk.DoWhy}, &why)
	return agent.say(p, why, err, func() string { return desk.SayWhy(why, time.Local) })
}

type agentWatchCommand struct{}

// Run prints events until the session ends or the program is told to stop.
func (agentWatchCommand) Run(p *program, agent *agentCommand) error {
	_, events, err := agent.caller().Watch(p.ctx)
	if err != nil {
		return agent.say(p, nil, err, nil)
	}
	for told, err := range events {
		if err != nil {
			return agent.say(p, nil, err, nil)
		}
		if err := agent.say(p, told.Event, nil, func() string { return desk.SayLine(told.Event, time.Local) }); err != nil {
			return err
		}
	}
	return nil
}

type agentScreenCommand struct{}

// Run shows the desk until its user leaves it, which leaves the session as it is.
func (agentScreenCommand) Run(p *program, agent *agentCommand) error {
	caller := agent.caller()
	status, err := caller.Status(p.ctx)
	switch {
	case err != nil:
		return agent.say(p, nil, err, nil)
	case !status.LoggedIn:
		return errors.New(strings.TrimSpace(desk.SayStatus(status, time.Local)) + "\nlog in with: muster agent login --username NAME")
	case agent.JSON:
		return errors.New("--json goes with a command, such as muster agent status --json")
	case !terminal.IsTerminal(p.stdout):
		return errors.New("there is no terminal to show the desk on: use a command, such as muster agent status")
	}
	ending, err := desk.ShowAgent(p.ctx, caller)
	if ending != nil {
		fmt.Fprintln(p.stdout, terminal.Clean(ending.Text))
	}
	return ignoreCancel(err)
}
