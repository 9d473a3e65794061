package console

import (
	"errors"
	"regexp"
	"strings"
)

// frameOrigin matches what may stand in frame-ancestors: an origin, or all
// subdomains of one. Letters that would end the directive are none.
var frameOrigin = regexp.MustCompile(`^https?://(\*\.)?[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*(:[0-9]{1,5})?$`)

// CheckFrame refuses what is no origin that pages may be framed by.
func CheckFrame(origin string) error {
	if !frameOrigin.MatchString(origin) {
		return errors.New("an origin is like https://crm.example, or https://*.crm.example for all below, without a path")
	}
	return nil
}

// contentPolicy is the Content-Security-Policy of the pages.
func contentPolicy(allowFrames []string) string {
	return strings.Join([]string{
		"default-src 'none'",
		"script-src 'self'",
		"style-src 'self'",
		"img-src 'self' data:",
		"font-src 'self'",
		// The stream's socket is of the same host, which 'self' covers in CSP 3.
		"connect-src 'self'",
		// The SDK makes a worker of its own text where timers are held back.
		"worker-src 'self' blob:",
		"form-action 'none'",
		"base-uri 'none'",
		"frame-ancestors " + strings.Join(append([]string{"'self'"}, allowFrames...), " "),
		// What makes scripts of text is refused but for the policy of this name.
		"require-trusted-types-for 'script'",
		"trusted-types muster",
	}, "; ")
}
