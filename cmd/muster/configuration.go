package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
	"github.com/goccy/go-yaml"
)

// configuration is a file of settings: a key for each flag, without the dashes
// in front. Flags and variables go before it.
type configuration map[string]any

// loadConfiguration reads such a file. It is a [kong.ConfigurationLoader].
func loadConfiguration(r io.Reader) (kong.Resolver, error) {
	var settings configuration
	if err := yaml.NewDecoder(r).Decode(&settings); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read the configuration file: %s", yaml.FormatError(err, false, false))
	}
	return settings, nil
}

// Validate refuses keys that are no flag.
func (c configuration) Validate(app *kong.Application) error {
	known := flagsOf(app.Node)
	for key := range c {
		if !slices.ContainsFunc(known, func(f *kong.Flag) bool { return f.Name == key && key != "config" }) {
			return fmt.Errorf("the configuration file has the unknown key %q; the keys are the flags' names, see muster serve --help", key)
		}
	}
	return nil
}

// Resolve returns the file's value for a flag that neither the command line nor
// a variable sets.
func (c configuration) Resolve(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	for _, name := range flag.Envs {
		if _, set := os.LookupEnv(name); set {
			return nil, nil
		}
	}
	return c[flag.Name], nil
}

// checkEnvironment refuses variables that look like settings but are none: a
// misspelt one would otherwise be silently without effect.
func checkEnvironment(app *kong.Application, environment []string) error {
	known := []string{tokenVariable}
	for _, flag := range flagsOf(app.Node) {
		known = append(known, flag.Envs...)
	}
	for _, variable := range environment {
		name, _, _ := strings.Cut(variable, "=")
		if strings.HasPrefix(name, "MUSTER_") && !slices.Contains(known, name) {
			return fmt.Errorf("the variable %s is unknown; a variable is called like its flag, as MUSTER_LISTEN for --listen", name)
		}
	}
	return nil
}

func flagsOf(node *kong.Node) []*kong.Flag {
	flags := slices.Clone(node.Flags)
	for _, child := range node.Children {
		flags = append(flags, flagsOf(child)...)
	}
	return flags
}
