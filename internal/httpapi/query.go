package httpapi

import (
	"net/url"
	"strconv"

	"github.com/muster-presence/muster/api"
)

// queried makes the query ready for a handler that looks at it.
func queried(handle func(*call) (any, error)) func(*call) (any, error) {
	return func(c *call) (any, error) {
		if err := c.readQuery(); err != nil {
			return nil, err
		}
		return handle(c)
	}
}

// readQuery reads the query, all of it or nothing: a part that cannot be read
// could be the one that matters.
func (c *call) readQuery() error {
	if c.r.URL.RawQuery == "" {
		return nil
	}
	query, err := url.ParseQuery(c.r.URL.RawQuery)
	if err != nil {
		return newFault(api.CodeBadRequest, "The query cannot be read. Write it as name=value, joined by &, with other characters escaped.")
	}
	c.query = query
	return nil
}

// boolQuery reads a query parameter; absent is false. There must be a value:
// nobody who writes ?dryRun alone means false.
func boolQuery(c *call, name string) (bool, error) {
	switch text := c.query.Get(name); {
	case !c.query.Has(name), text == "false":
		return false, nil
	case text == "true":
		return true, nil
	}
	return false, badRequest(name, "The parameter %s must be true or false.", name)
}

// intQuery reads a whole number within a range; absent is the default.
func intQuery(c *call, name string, lowest, highest, absent int64) (int64, error) {
	text := c.query.Get(name)
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
	text := c.query.Get(name)
	if text == "" {
		return 0, false, nil
	}
	parsed, err := api.ParseTime(text)
	if err != nil {
		return 0, false, badRequest(name, "The parameter %s must be a time like 2026-03-01T08:00:00.000Z.", name)
	}
	return parsed, true, nil
}
