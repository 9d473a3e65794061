package httpapi

import (
	"strconv"

	"github.com/muster-presence/muster/api"
)

// boolQuery reads a query parameter; absent is false.
func boolQuery(c *call, name string) (bool, error) {
	switch c.r.URL.Query().Get(name) {
	case "", "false":
		return false, nil
	case "true":
		return true, nil
	}
	return false, badRequest(name, "The parameter %s must be true or false.", name)
}

// intQuery reads a whole number within a range; absent is the default.
func intQuery(c *call, name string, lowest, highest, absent int64) (int64, error) {
	text := c.r.URL.Query().Get(name)
	if text == "" {
		return absent, nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < lowest || n > highest {
		return 0, badRequest(name, "The parameter %s must be a whole number from %d to %d.", name, lowest, highest)
	}
	return n, nil
}

// timeQuery reads a moment; ok is false if there is none.
func timeQuery(c *call, name string) (at api.Time, ok bool, err error) {
	text := c.r.URL.Query().Get(name)
	if text == "" {
		return 0, false, nil
	}
	parsed, err := api.ParseTime(text)
	if err != nil {
		return 0, false, badRequest(name, "The parameter %s must be a time like 2026-03-01T08:00:00.000Z.", name)
	}
	return parsed, true, nil
}
