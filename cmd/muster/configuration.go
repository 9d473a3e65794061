package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
	"github.com/goccy/go-yaml"
)

// configuration is a file of settings: a key for each flag, without the dashes
// in front. Flags and variables go before it.
type configuration struct {
	name     string
	settings map[string]any
}

// configurationError is what is wrong with the file of settings.
type configurationError struct{ text string }

func (e *configurationError) Error() string { return e.text }

// loadConfiguration reads such a file. It is a [kong.ConfigurationLoader].
func loadConfiguration(r io.Reader) (kong.Resolver, error) {
	c := configuration{name: "the configuration file"}
	if file, ok := r.(*os.File); ok {
		c.name = file.Name()
	}
	err := yaml.NewDecoder(r).Decode(&c.settings)
	var broken yaml.Error
	switch {
	case errors.As(err, &broken):
		at := broken.GetToken().Position
		return nil, &configurationError{fmt.Sprintf("%s:%d:%d: %s", c.name, at.Line, at.Column, broken.GetMessage())}
	case err != nil && !errors.Is(err, io.EOF): // an empty file sets nothing
		return nil, &configurationError{err.Error()}
	}
	return c, nil
}

// Validate refuses keys that are no flag. The flags of all commands are known,
// so that one file can serve them all.
func (c configuration) Validate(app *kong.Application) error {
	known := flagsOf(app.Node)
	for key := range c.settings {
		if !slices.ContainsFunc(known, func(f *kong.Flag) bool { return f.Name == key && mayStandInFile(f) }) {
			return &configurationError{fmt.Sprintf("%s: there is no setting %q; a setting is called like its flag, as listen for --listen", c.name, key)}
		}
	}
	return nil
}

func mayStandInFile(flag *kong.Flag) bool { return flag.Name != "config" && flag.Name != "help" }

// Resolve returns the file's value for a flag that neither the command line nor
// a variable sets.
func (c configuration) Resolve(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	value := c.settings[flag.Name]
	if !mayStandInFile(flag) || value == nil || setByVariable(flag) {
		return nil, nil
	}
	values, several := value.([]any)
	switch {
	case several && !flag.IsSlice():
		return nil, &configurationError{fmt.Sprintf("%s: %s takes one value, not a list", c.name, flag.Name)}
	case !several:
		values = []any{value}
	}
	texts := make([]any, len(values))
	for i, each := range values {
		switch each.(type) {
		case string, bool, int, int64, uint64, float64:
			texts[i] = fmt.Sprint(each) // 8080 without quotes is a text to --listen
		default:
			return nil, &configurationError{fmt.Sprintf("%s: the value of %s must be a text, a number or true or false", c.name, flag.Name)}
		}
	}
	if several {
		return texts, nil
	}
	return texts[0], nil
}

// source is where a flag's value comes from. A higher one goes before a lower.
type source int

const (
	unsaid source = iota
	inFile
	inVariable
	onCommandLine
)

// sourceOf tells where the value of a flag without a default comes from.
func sourceOf(k *kong.Context, name, value string) source {
	if value == "" {
		return unsaid
	}
	for _, path := range k.Path {
		if path.Flag != nil && path.Flag.Name == name && !path.Resolved {
			return onCommandLine
		}
	}
	for _, flag := range k.Flags() {
		if flag.Name == name && setByVariable(flag) {
			return inVariable
		}
	}
	return inFile
}

func setByVariable(flag *kong.Flag) bool {
	return slices.ContainsFunc(flag.Envs, func(name string) bool {
		_, set := os.LookupEnv(name)
		return set
	})
}

// serviceLink matches the variables that Kubernetes gives to every container
// beside a service that is called muster.
var serviceLink = regexp.MustCompile(`^MUSTER_(SERVICE_(HOST|PORT(_.*)?)|PORT|PORT_[0-9]+_(TCP|UDP)(_(ADDR|PORT|PROTO))?)$`)

// checkEnvironment refuses variables that look like settings but are none: a
// misspelt one would otherwise be silently without effect.
func checkEnvironment(app *kong.Application, environment []string) error {
	known := []string{tokenVariable}
	for _, flag := range flagsOf(app.Node) {
		known = append(known, flag.Envs...)
	}
	for _, variable := range environment {
		name, _, _ := strings.Cut(variable, "=")
		if strings.HasPrefix(name, "MUSTER_") && !slices.Contains(known, name) && !serviceLink.MatchString(name) {
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
