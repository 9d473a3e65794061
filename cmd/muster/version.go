package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
)

// version is set when a release is built.
var version = ""

type versionCommand struct{}

// Run prints the version.
func (versionCommand) Run(p *program) error {
	_, err := fmt.Fprintf(p.stdout, "muster %s (%s, %s/%s)\n", versionText(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return err
}

// versionText is the release's version, else the commit that was built.
func versionText() string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, setting := range info.Settings {
			if setting.Key == "vcs.revision" {
				return "0.0.0-" + setting.Value[:min(12, len(setting.Value))]
			}
		}
	}
	return "0.0.0-unreleased"
}
