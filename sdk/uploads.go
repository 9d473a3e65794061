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
	waiting []waitingLine
	running bool
	user    string // who is logged in, "" for nobody
}

// waitingLine is a line, and who was logged in, "" for nobody: it is uploaded as nobody else's.
type waitingLine struct {
	user string
	line api.LogLine
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
	entry := api.LogLine{Level: string(err.Level), Message: string(text), Timestamp: api.TimeOf(u.core.clock.now()).String()}
	u.mu.Lock()
	defer u.mu.Unlock()
	if len(u.waiting) == mostLines {
		return
	}
	u.waiting = append(u.waiting, waitingLine{u.user, entry})
	u.start()
}

// is says who is logged in from now on, "" for nobody.
func (u *uploads) is(user string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.user = user
}

// resume goes on with what waited for a fresh token, or for the tenant.
func (u *uploads) resume() {
	u.mu.Lock()
	defer u.mu.Unlock()
	if len(u.waiting) > 0 {
		u.start()
	}
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
		whose, lines := u.take()
		if whose == "" {
			return
		}
		if len(lines) > 0 {
			u.send(lines)
		}
	}
}

// take is what is to be uploaded, and as whose; "" ends the goroutine. Without a token that is good, and without a tenant, the lines wait.
func (u *uploads) take() (whose string, lines []api.LogLine) {
	useless := u.core.credentials.useless()
	user, _, nowhere := u.core.whoAndWhere()
	u.mu.Lock()
	defer u.mu.Unlock()
	if len(u.waiting) == 0 || useless || nowhere != nil || u.core.life.Err() != nil {
		u.running = false
		return "", nil
	}
	for _, w := range u.waiting {
		if w.user == "" || w.user == user {
			lines = append(lines, w.line)
		}
	}
	u.waiting = nil
	return user, lines
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
