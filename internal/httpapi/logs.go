package httpapi

import (
	"time"

	"github.com/muster-presence/muster/api"
)

const (
	// maxLogs is the size of the largest body of logs, in bytes.
	maxLogs              = 64 << 10
	logRequestsPerMinute = 60
)

// saveLogs writes what a client logged into the server's own log.
func saveLogs(c *call) (any, error) {
	if wait := c.server.logRate.take(c.user.ID, time.Now()); wait > 0 {
		return nil, rateLimited(wait, "Too many logs within this minute. Wait as long as Retry-After says, and send more lines at a time.")
	}
	var request api.LogsRequest
	if _, err := c.decodeUpTo(maxLogs, &request); err != nil {
		return nil, err
	}
	if request.Logs == nil {
		return nil, missing("logs")
	}
	log := c.server.Log.With("user", c.user.ID, "tenant", c.tenant.ID).With(origin(request)...)
	for _, line := range request.Logs {
		log.InfoContext(c.ctx(), "client log", "level", line.Level, "clientTime", line.Timestamp, "text", line.Message)
	}
	return api.LogsReceipt{Saved: len(request.Logs)}, nil
}

// origin is what a client says of itself: what it said, not what it left out.
func origin(request api.LogsRequest) []any {
	var said []any
	add := func(name string, text *string) {
		if text != nil {
			said = append(said, name, *text)
		}
	}
	add("app", request.AppName)
	add("appId", request.AppID)
	if request.Context != nil {
		add("clientUrl", request.Context.ClientURL)
	}
	if request.Device != nil {
		add("userAgent", request.Device.UserAgent)
	}
	return said
}
