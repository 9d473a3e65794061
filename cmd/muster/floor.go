package main

import (
	"encoding/json"
	"errors"

	"github.com/muster-presence/muster/internal/desk"
	"github.com/muster-presence/muster/internal/desk/floor"
	"github.com/muster-presence/muster/internal/desk/terminal"
)

type floorCommand struct {
	signInFlags
	Group string `help:"Show the agents of this group only, by its name." placeholder:"NAME"`
	JSON  bool   `name:"json" help:"Print a line of JSON for each update, until Ctrl-C."`
	Once  bool   `help:"Print the floor as it is now, and end."`
}

// Run shows or prints the floor.
func (c *floorCommand) Run(p *program) error {
	if !c.JSON && !c.Once && !terminal.IsTerminal(p.stdout) {
		return errors.New("there is no terminal to show the floor on: use --once or --json")
	}
	err := c.show(p)
	if err == nil || p.ctx.Err() != nil {
		return ignoreCancel(err)
	}
	told := desk.ProblemOf(err)
	if c.JSON {
		return printedError{errors.Join(err, json.NewEncoder(p.stdout).Encode(map[string]any{"error": told.Err}))}
	}
	return told
}

func (c *floorCommand) show(p *program) error {
	order, err := c.order(p, "")
	if err != nil {
		return err
	}
	f, err := floor.Open(p.ctx, order, c.Group)
	if err != nil {
		return err
	}
	defer f.Close()
	switch {
	case c.Once:
		return floor.PrintOnce(p.ctx, f, p.stdout, c.JSON)
	case c.JSON:
		return floor.PrintUpdates(p.ctx, f, p.stdout)
	}
	return floor.Show(p.ctx, f)
}
