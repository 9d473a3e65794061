package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/provision"
	"github.com/muster-presence/muster/internal/store/sqlite"
)

type exportCommand struct {
	place
	WithSecrets bool   `help:"Write password hashes too."`
	Output      string `short:"o" help:"Write to this file, which only you can read, instead of standard output." placeholder:"FILE"`
}

// Run writes the file.
func (c *exportCommand) Run(p *program) error {
	content, err := c.content(p)
	if err != nil {
		return err
	}
	if c.Output == "" {
		_, err = p.stdout.Write(content)
		return err
	}
	return writePrivate(c.Output, content)
}

func (c *exportCommand) content(p *program) ([]byte, error) {
	if c.Server == "" {
		return c.fromDatabase(p)
	}
	client, err := c.client(p)
	if err != nil {
		return nil, err
	}
	var export api.ProvisioningExport
	err = client.do(p.ctx, "GET", fmt.Sprintf("provisioning?withSecrets=%t", c.WithSecrets), nil, &export)
	return []byte(export.Content), err
}

func (c *exportCommand) fromDatabase(p *program) ([]byte, error) {
	if !hasDatabase(c.Data) {
		return nil, fmt.Errorf("there is no database in %s to export", c.Data)
	}
	db, err := openDatabase(p.ctx, c.Data, sqlite.Options{})
	if err != nil {
		return nil, err
	}
	content, err := provision.Export(p.ctx, db, c.WithSecrets)
	return content, errors.Join(err, db.Close())
}

// writePrivate writes a file that only its owner can read, also where others
// could read what was there before.
func writePrivate(path string, content []byte) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	err = makePrivate(file)
	if err == nil {
		_, err = file.Write(content)
	}
	return errors.Join(err, file.Close())
}

func makePrivate(file *os.File) error {
	info, err := file.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return err // a pipe or a terminal has no content to protect
	}
	return file.Chmod(0o600)
}
