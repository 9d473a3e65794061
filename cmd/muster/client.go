package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/muster-presence/muster/api"
)

// client asks a running server.
type client struct {
	base  *url.URL // ends with /v1/
	token string
	http  *http.Client
}

func newClient(server, token string) (*client, error) {
	base, err := serverBase(server)
	if err != nil {
		return nil, err
	}
	return &client{base: base, token: token, http: new(http.Client)}, nil
}

// serverBase is the API's address at a server that was named with or without it.
func serverBase(server string) (*url.URL, error) {
	base, err := url.Parse(server)
	if err != nil || base.Host == "" || base.Scheme != "http" && base.Scheme != "https" {
		return nil, errors.New("--server must be an address like http://127.0.0.1:8080")
	}
	base.Path = strings.TrimSuffix(strings.TrimSuffix(base.Path, "/"), "/v1") + "/v1/"
	return base, nil
}

// do sends a request and reads the result of its answer.
func (c *client) do(ctx context.Context, method, path string, body []byte, result any) error {
	target, err := c.base.Parse(path)
	if err != nil {
		return fmt.Errorf("ask %s: %w", c.base, err)
	}
	request, err := http.NewRequestWithContext(ctx, method, target.String(), bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("ask %s: %w", c.base, err)
	}
	request.Header.Set("Authorization", "Token "+c.token)
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	response, err := c.http.Do(request)
	if err != nil {
		return unreachable(c.base, err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return fmt.Errorf("read the answer of %s: %w", c.base, err)
	}
	if response.StatusCode >= http.StatusBadRequest {
		return refusal(response.Status, text)
	}
	if err := json.Unmarshal(text, &struct{ Result any }{result}); err != nil {
		return fmt.Errorf("read the answer of %s: %w", c.base, err)
	}
	return nil
}

// unreachable says which server did not answer, without the method and path that
// nobody typed.
func unreachable(base *url.URL, err error) error {
	var failure *url.Error
	if errors.As(err, &failure) {
		err = failure.Err
	}
	return fmt.Errorf("no answer from %s: %w", base, err)
}

// refusal is the server's error as text, with the problems that it lists.
func refusal(status string, body []byte) error {
	var answer api.ErrorResponse
	if err := json.Unmarshal(body, &answer); err != nil || answer.Error.Code == "" {
		return fmt.Errorf("the server answered %s; is it a muster?", status)
	}
	var text strings.Builder
	fmt.Fprintf(&text, "the server refused: %s", answer.Error.Message)
	for _, p := range answer.Error.Problems {
		fmt.Fprintf(&text, "\n%s:%d:%d: ", p.File, p.Line, p.Column)
		if p.Field != "" {
			fmt.Fprintf(&text, "%s: ", p.Field)
		}
		text.WriteString(p.Message)
	}
	return errors.New(text.String())
}
