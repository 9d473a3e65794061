package main

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/muster-presence/muster/internal/sdkjs"
)

type sdkCommand struct {
	Server string `default:"http://127.0.0.1:8080" help:"The server's address as pages see it; this machine's port 8080 unless given." placeholder:"URL"`
}

// Help says what a page on another origin needs.
func (sdkCommand) Help() string {
	return "The tags are those of this program's SDK and hold its version and integrity, so print them anew when the server is upgraded. " +
		"The server need not run. Pages of another origin than the server's need its --allow-origin."
}

// Run prints the tags.
func (c *sdkCommand) Run(p *program) error {
	base, err := serverBase(c.Server)
	if err != nil {
		return err
	}
	tags, err := sdkjs.ReadBundle().Tags(strings.TrimSuffix(base.String(), "/v1/"))
	if err != nil {
		return err
	}
	_, err = fmt.Fprint(p.stdout, tags)
	return err
}

// sayBundle tells where pages load the SDK from.
func sayBundle(address string, sdk *sdkjs.Bundle) string {
	script := url.URL{Scheme: "http", Host: address, Path: "/sdk/" + sdkjs.Classic}
	return fmt.Sprintf("Pages load the browser SDK from %s, integrity %s; muster sdk prints the tags.\n", &script, sdk.Integrity(sdkjs.Classic))
}
