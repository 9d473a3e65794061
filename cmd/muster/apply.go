package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/auth"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/provision"
	"github.com/muster-presence/muster/internal/store/sqlite"
)

// place is where provisioning acts: on a running server or a stopped database.
type place struct {
	Server    string `help:"Talk to the server at this address, such as http://127.0.0.1:8080, with a platform administrator's token from --token-file or the variable MUSTER_TOKEN." placeholder:"URL" xor:"place"`
	TokenFile string `help:"Read the token from this file; - is standard input." placeholder:"FILE"`
	Data      string `type:"path" help:"Use the database in this folder; no server may be running on it." placeholder:"DIR" xor:"place"`
}

// Validate asks for one place.
func (p place) Validate() error {
	if p.Server == "" && p.Data == "" {
		return errors.New("say where: --server URL for a running server, --data DIR for a stopped database")
	}
	return nil
}

func (p place) client(program *program) (*client, error) {
	token, err := p.token(program)
	if err != nil {
		return nil, err
	}
	return newClient(p.Server, token)
}

// tokenVariable holds the token where no file does. Tokens are never flags:
// other users of the machine can see those.
const tokenVariable = "MUSTER_TOKEN"

func (p place) token(program *program) (string, error) {
	var text []byte
	var err error
	switch p.TokenFile {
	case "":
		text = []byte(os.Getenv(tokenVariable))
	case "-":
		text, err = io.ReadAll(program.stdin)
	default:
		text, err = os.ReadFile(p.TokenFile)
	}
	if err != nil {
		return "", fmt.Errorf("read the token: %w", err)
	}
	token := strings.TrimSpace(string(text))
	if token == "" {
		return "", fmt.Errorf("there is no token: put one into %s or a file for --token-file", tokenVariable)
	}
	return token, nil
}

type applyCommand struct {
	place
	Files  []string `arg:"" name:"file" help:"YAML files that belong together; - is standard input."`
	DryRun bool     `help:"Only say what would change."`
	Prune  bool     `help:"Delete what the files lack."`
}

// Run applies the files and prints what changed.
func (c *applyCommand) Run(p *program) error {
	files, err := readFiles(p, c.Files)
	if err != nil {
		return err
	}
	if c.Server != "" {
		return c.toServer(p, files)
	}
	return c.toDatabase(p, files)
}

func readFiles(p *program, names []string) ([]provision.File, error) {
	files := make([]provision.File, len(names))
	for i, name := range names {
		var content []byte
		var err error
		if name == "-" {
			content, err = io.ReadAll(p.stdin)
		} else {
			content, err = os.ReadFile(name)
		}
		if err != nil {
			return nil, err
		}
		files[i] = provision.File{Name: name, Content: content}
	}
	return files, nil
}

func (c *applyCommand) toDatabase(p *program, files []provision.File) error {
	db, err := openDatabase(p.ctx, c.Data, sqlite.Options{})
	if err != nil {
		return err
	}
	result, err := provision.Apply(p.ctx, db, auth.NewPasswords(), files, provision.Options{
		DryRun:    c.DryRun,
		Prune:     c.Prune,
		ActorName: "operator at the database", // no user of Muster's, but whoever may write its file
		Now:       presence.InstantOf(time.Now()),
	})
	if err := errors.Join(err, db.Close()); err != nil {
		return problemsOf(err)
	}
	for _, warning := range result.Warnings {
		fmt.Fprintln(p.stderr, "warning:", warning)
	}
	changes := make([]api.ProvisioningChange, len(result.Changes))
	for i, change := range result.Changes {
		changes[i] = api.ProvisioningChange{Action: api.ChangeAction(change.Action), Kind: string(change.Kind), Name: change.Name, Fields: change.Fields}
	}
	return printChanges(p.stdout, changes, c.DryRun)
}

func problemsOf(err error) error {
	var problems provision.Problems
	if !errors.As(err, &problems) {
		return err
	}
	return fmt.Errorf("nothing was changed, because the files have problems:\n%w", problems)
}

func (c *applyCommand) toServer(p *program, files []provision.File) error {
	client, err := c.client(p)
	if err != nil {
		return err
	}
	request := api.ProvisioningRequest{}
	for _, file := range files {
		request.Files = append(request.Files, api.ProvisioningFile{Name: file.Name, Content: string(file.Content)})
	}
	body, err := json.Marshal(request)
	if err != nil {
		return fmt.Errorf("write the request: %w", err)
	}
	var result api.ProvisioningResult
	path := fmt.Sprintf("provisioning?dryRun=%t&prune=%t", c.DryRun, c.Prune)
	if err := client.do(p.ctx, "POST", path, body, &result); err != nil {
		return err
	}
	for _, warning := range result.Warnings {
		fmt.Fprintln(p.stderr, "warning:", warning)
	}
	return printChanges(p.stdout, result.Changes, c.DryRun)
}

// printChanges prints a line a change: action, kind, name and changed fields.
func printChanges(w io.Writer, changes []api.ProvisioningChange, dryRun bool) error {
	var text strings.Builder
	for _, change := range changes {
		fmt.Fprintf(&text, "%s %s %s", change.Action, change.Kind, change.Name)
		if len(change.Fields) > 0 && change.Action == api.ChangeActionUpdate {
			fmt.Fprintf(&text, " (%s)", strings.Join(change.Fields, ", "))
		}
		text.WriteByte('\n')
	}
	switch {
	case len(changes) == 0:
		text.WriteString("nothing to change\n")
	case dryRun:
		fmt.Fprintf(&text, "%d changes would be made\n", len(changes))
	default:
		fmt.Fprintf(&text, "%d changes made\n", len(changes))
	}
	_, err := io.WriteString(w, text.String())
	return err
}
