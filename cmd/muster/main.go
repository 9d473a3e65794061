package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
)

// program is what a run of the command has of the world around it.
type program struct {
	ctx    context.Context
	stdin  io.Reader
	stdout io.Writer
	stderr io.Writer
}

// commandLine is the grammar of the command line. A flag's value comes from the
// command line, else from the variable MUSTER_<FLAG>, else from the file of
// --config.
type commandLine struct {
	Config kong.ConfigFlag `help:"Read settings from this YAML file: a key for each flag, such as listen: 127.0.0.1:8080." placeholder:"FILE"`

	Serve   serveCommand   `cmd:"" help:"Run the server."`
	Demo    demoCommand    `cmd:"" help:"Run a server with a floor full of simulated agents, to look around."`
	Apply   applyCommand   `cmd:"" help:"Bring tenants, users, reason lists and settings to what YAML files say."`
	Export  exportCommand  `cmd:"" help:"Write tenants, users, reason lists and settings as YAML."`
	Agent   agentCommand   `cmd:"" help:"Be an agent: log in, change state, see what happens. Without a command, on the screen."`
	Floor   floorCommand   `cmd:"" help:"Watch the floor as it is now, and change who is on it."`
	SDK     sdkCommand     `cmd:"" name:"sdk" help:"Print the tags with which a page loads the browser SDK."`
	Version versionCommand `cmd:"" help:"Print the version."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // whoever asks a second time does not want to wait for an orderly end
	p := &program{ctx: ctx, stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr}
	code := p.run(os.Args[1:], os.Environ())
	stop()
	os.Exit(code)
}

// run carries out a command line and returns the exit code: 0 for success, 1 for
// a failure, 2 for a command line, variable or file that cannot be understood.
func (p *program) run(arguments, environment []string) int {
	exit := exitCode(-1)
	parser, err := kong.New(&commandLine{},
		kong.Name("muster"),
		kong.Description("Agent sessions and presence for contact centres."),
		kong.DefaultEnvars("MUSTER"),
		kong.Configuration(loadConfiguration),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.Writers(p.stdout, p.stderr),
		kong.Exit(func(code int) { panic(exitCode(code)) }),
		kong.Bind(p),
	)
	if err != nil {
		panic(err) // a mistake in the grammar above
	}
	if err := checkEnvironment(parser.Model, environment); err != nil {
		return p.fail(err, 2)
	}
	kongContext, err := parse(parser, arguments, &exit)
	if exit >= 0 {
		return int(exit)
	}
	if err != nil {
		return p.fail(explained(err), 2)
	}
	switch err := kongContext.Run(p); {
	case err == nil:
		return 0
	case p.ctx.Err() != nil && errors.Is(err, context.Canceled):
		return p.fail(errors.New("interrupted"), 1)
	case errors.As(err, new(printedError)):
		return 1
	default:
		return p.fail(err, 1)
	}
}

// explained adds to a mistake in the command line where to read about it.
// Mistakes in a file say where they are.
func explained(err error) error {
	var mistake *kong.ParseError
	if errors.As(err, new(*configurationError)) || !errors.As(err, &mistake) {
		return err
	}
	var command string
	for node := mistake.Context.Selected(); node != nil && node.Type == kong.CommandNode; node = node.Parent {
		command = " " + node.Name + command
	}
	return fmt.Errorf("%w; see muster%s --help", err, command)
}

// exitCode is how the parser ends the program after --help: as a panic that
// parse catches, so that nothing but main ends the process.
type exitCode int

func parse(parser *kong.Kong, arguments []string, exit *exitCode) (*kong.Context, error) {
	defer func() {
		switch cause := recover().(type) {
		case nil:
		case exitCode:
			*exit = cause
		default:
			panic(cause)
		}
	}()
	return parser.Parse(arguments)
}

func (p *program) fail(err error, code int) int {
	fmt.Fprintf(p.stderr, "muster: %v\n", err)
	return code
}
