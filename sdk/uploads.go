package sdk

import (
	"context"
	"encoding/json"
	"net/http"
	"sync"
	"time"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/sdk/internal/rest"
)

const (
	// mostLines wait to be uploaded; what comes beyond says the same again.
	mostLines = 100
	// uploadPause lets lines gather, and keeps far below what the server takes in a minute.
	uploadPause = 2 * time.Second
)

// uploads bring published errors into the server's logs, once user and tenant are known: until then they wait. Its goroutine exists only while there is
// something to upload. What cannot be uploaded is not tried again, and never uploads itself.
type uploads struct {
	core *core

	mu      sync.Mutex // guards the fields below
	waiting []api.LogLine
	running bool
}

// logged is what a line says: no parameter's value is in it.
type logged struct {
	Topic   Topic  `json:"topic"`
	Code    Code   `json:"code"`
	Status  *int   `json:"status,omitempty"`
	Failure string `json:"failure,omitempty"`
	Message string `json:"message"`
}

func (u *uploads) put(topic Topic, err *Error) {
	line := logged{Topic: topic, Code: err.Code, Message: err.Message}
	if r := err.Data.APIResponse; r != nil {
		line.Status, line.Failure = &r.Status, r.Body.Failure
	}
	text, _ := json.Marshal(line) // of strings and numbers only
	u.mu.Lock()
	defer u.mu.Unlock()
	if len(u.waiting) == mostLines {
		return
	}
	u.waiting = append(u.waiting, api.LogLine{Level: string(err.Level), Message: string(text), Timestamp: api.TimeOf(u.core.clock.now()).String()})
	u.start()
}

// resume goes on with what waited for a fresh token, or for the tenant.
func (u *uploads) resume() {
	u.mu.Lock()
	defer u.mu.Unlock()
	if len(u.waiting) > 0 {
		u.start()
	}
}

// forget drops what waits: it is of somebody who is logged in no more.
func (u *uploads) forget() {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.waiting = nil
}

// start is for whoever holds the lock.
func (u *uploads) start() {
	if !u.running {
		u.running = u.core.begin(u.run)
	}
}

// run uploads what has gathered until nothing is left.
func (u *uploads) run() {
	for {
		pause := time.NewTimer(uploadPause)
		select {
		case <-pause.C:
		case <-u.core.life.Done():
			pause.Stop()
		}
		lines := u.take()
		if lines == nil {
			return
		}
		u.send(lines)
	}
}

// take is what is to be uploaded; nil ends the goroutine. Without a token that is good, and without a tenant, the lines wait.
func (u *uploads) take() []api.LogLine {
	useless := u.core.credentials.useless()
	_, _, nowhere := u.core.whoAndWhere()
	u.mu.Lock()
	defer u.mu.Unlock()
	if len(u.waiting) == 0 || useless || nowhere != nil || u.core.life.Err() != nil {
		u.running = false
		return nil
	}
	lines := u.waiting
	u.waiting = nil
	return lines
}

func (u *uploads) send(lines []api.LogLine) {
	c := u.core
	user, tenant, problem := c.whoAndWhere()
	if problem != nil {
		return // whoever it was has just left
	}
	name := c.options.Name
	body := api.LogsRequest{Logs: lines, AppName: &name}
	ctx, cancel := context.WithTimeout(c.life, callbackTime)
	defer cancel()
	r := c.once(http.MethodPost, body, "tenants", tenant, "users", user, "logs")
	r.Token = c.credentials.Token() // a refused token is not waited for
	receipt, err := rest.Result[api.LogsReceipt](ctx, c.rest, r)
	if c.life.Err() != nil {
		return
	}
	if err != nil {
		c.publishError(TopicLogsSaved, requestErrorWith(CodeLogsUnsaved, ErrorData{Logs: lines}, err))
		return
	}
	c.publish(TopicLogsSaved, receipt)
}
