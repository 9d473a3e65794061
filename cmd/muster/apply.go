package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/auth"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/provision"
	"github.com/muster-presence/muster/internal/store"
	"github.com/muster-presence/muster/internal/store/memory"
	"github.com/muster-presence/muster/internal/store/sqlite"
)

type applyCommand struct {
	place
	Files  []string `arg:"" name:"file" help:"YAML files that belong together; - is standard input."`
	DryRun bool     `help:"Only say what would change."`
	Prune  bool     `help:"Delete what the files lack."`
}

// Validate refuses to read two things from standard input, of which the second
// would be empty.
func (c *applyCommand) Validate(k *kong.Context) error {
	if err := c.place.Validate(k); err != nil {
		return err
	}
	fromStdin := 0
	for _, name := range append(slices.Clone(c.Files), c.TokenFile) {
		if name == "-" {
			fromStdin++
		}
	}
	if fromStdin > 1 {
		return errors.New("standard input can be read once only: one of the files or --token-file may be -")
	}
	return nil
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
	return c.toFolder(p, files)
}

func readFiles(p *program, names []string) ([]provision.File, error) {
	files := make([]provision.File, len(names))
	for i, name := range names {
		var content []byte
		var err error
		if name == "-" {
			content, err = io.ReadAll(p.stdin)
			name = "standard input"
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

func (c *applyCommand) toFolder(p *program, files []provision.File) error {
	if c.DryRun && !hasDatabase(c.Data) {
		// To say what would change must not leave a database behind.
		return c.toDirectory(p, memory.NewDirectory(memory.NewAudit()), files)
	}
	db, err := openDatabase(p.ctx, c.Data, sqlite.Options{})
	if err != nil {
		return err
	}
	return errors.Join(c.toDirectory(p, db, files), db.Close())
}

func (c *applyCommand) toDirectory(p *program, to store.Directory, files []provision.File) error {
	result, err := provision.Apply(p.ctx, to, auth.NewPasswords(), files, provision.Options{
		DryRun:    c.DryRun,
		Prune:     c.Prune,
		ActorName: "operator at the database", // no user of Muster's, but whoever may write its file
		Now:       presence.InstantOf(time.Now()),
	})
	if err != nil {
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
	return fmt.Errorf("the files have problems, so nothing was changed:\n%w", problems)
}

func (c *applyCommand) toServer(p *program, files []provision.File) error {
	client, err := c.client(p)
	if err != nil {
		return err
	}
	result, err := c.ask(p.ctx, client, files)
	if err != nil {
		return err
	}
	for _, warning := range result.Warnings {
		fmt.Fprintln(p.stderr, "warning:", warning)
	}
	return printChanges(p.stdout, result.Changes, c.DryRun)
}

func (c *applyCommand) ask(ctx context.Context, client *client, files []provision.File) (result api.ProvisioningResult, err error) {
	request := api.ProvisioningRequest{}
	for _, file := range files {
		request.Files = append(request.Files, api.ProvisioningFile{Name: file.Name, Content: string(file.Content)})
	}
	body, err := json.Marshal(request)
	if err != nil {
		return result, fmt.Errorf("write the request: %w", err)
	}
	path := fmt.Sprintf("provisioning?dryRun=%t&prune=%t", c.DryRun, c.Prune)
	return result, client.do(ctx, "POST", path, body, &result)
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
	count := fmt.Sprintf("%d changes", len(changes))
	if len(changes) == 1 {
		count = "1 change"
	}
	switch {
	case len(changes) == 0:
		text.WriteString("nothing to change\n")
	case dryRun:
		fmt.Fprintf(&text, "%s would be made\n", count)
	default:
		fmt.Fprintf(&text, "%s made\n", count)
	}
	_, err := io.WriteString(w, text.String())
	return err
}
