package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/muster-presence/muster/api"
)

// password is everybody's in the example.
const password = "demo-password"

// person is a user who talks to a server. Its requests may be sent from any
// goroutine, one at a time.
type person struct {
	http   *http.Client
	base   string
	token  string
	id     string
	tenant string
}

// refusedError is an error that the server answered.
type refusedError struct {
	status int
	body   api.Error
	header http.Header
}

func (e *refusedError) Error() string {
	return fmt.Sprintf("%d %s (%s): %s", e.status, e.body.Code, e.body.Attribute, e.body.Message)
}

// logIn makes a person of a username, in the tenant of that name.
func logIn(t *testing.T, s *server, username, tenantName string) *person {
	t.Helper()
	p := &person{http: &http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 4}}, base: s.base}
	var token api.TokenResponse
	must(t, p.send("POST", "tokens", api.TokenRequest{Username: username, Password: password}, &token))
	p.token = token.Token
	identity, err := ask[api.UserIdentity](p, "POST", "login", nil)
	must(t, err)
	p.id = identity.UserID
	for _, tenant := range identity.Tenants {
		if tenant.TenantName == tenantName {
			p.tenant = tenant.TenantID
		}
	}
	if p.tenant == "" {
		t.Fatalf("%s is no member of a tenant %s", username, tenantName)
	}
	t.Cleanup(p.http.CloseIdleConnections)
	return p
}

// presence is the path of the person's own presence.
func (p *person) presence() string { return "tenants/" + p.tenant + "/presence/" + p.id }

// ask sends a request and reads the result of the answer's envelope.
func ask[T any](p *person, method, path string, body any) (T, error) {
	var answer api.Result[T]
	err := p.send(method, path, body, &answer)
	return answer.Result, err
}

// send sends a request and reads the whole answer.
func (p *person) send(method, path string, body, answer any) error {
	var content io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			return err
		}
		content = bytes.NewReader(text)
	}
	request, err := http.NewRequest(method, p.base+path, content)
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	if p.token != "" {
		request.Header.Set("Authorization", "Token "+p.token)
	}
	response, err := p.http.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK {
		refused := &refusedError{status: response.StatusCode, header: response.Header}
		var failure api.ErrorResponse
		if err := json.Unmarshal(text, &failure); err != nil {
			return fmt.Errorf("status %d without an error body: %q", response.StatusCode, text)
		}
		refused.body = failure.Error
		return refused
	}
	return json.Unmarshal(text, answer)
}
