package e2e

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"strings"
	"testing"
	"time"

	"github.com/muster-presence/muster/api"
)

// consolePage asks what a page of the console asks, with a browser's cookies.
type consolePage struct {
	t      *testing.T
	server string // its address without a last slash
	client *http.Client
}

func openConsole(t *testing.T, s *server) *consolePage {
	t.Helper()
	cookies, err := cookiejar.New(nil)
	must(t, err)
	p := &consolePage{t: t, server: strings.TrimSuffix(s.base, "/v1/"), client: &http.Client{Jar: cookies}}
	t.Cleanup(p.client.CloseIdleConnections)
	return p
}

func (p *consolePage) post(path, body string) *http.Response {
	p.t.Helper()
	request, err := http.NewRequestWithContext(p.t.Context(), http.MethodPost, p.server+path, strings.NewReader(body))
	must(p.t, err)
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Origin", p.server)
	response, err := p.client.Do(request)
	must(p.t, err)
	p.t.Cleanup(func() { _ = response.Body.Close() })
	return response
}

// token expects one.
func (p *consolePage) token(path, body string) string {
	p.t.Helper()
	response := p.post(path, body)
	var answer api.TokenResponse
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil || answer.Token == "" {
		p.t.Fatalf("%s: %s, %v", path, response.Status, err)
	}
	return answer.Token
}

// TestConsole_KeepsWhoIsSignedInUntilTheySignOut signs in as the desk does, loads
// it again, lets the server start anew in between, and signs out, which ends what
// is open with the page's token.
func TestConsole_KeepsWhoIsSignedInUntilTheySignOut(t *testing.T) {
	t.Parallel()
	data := provisioned(t)
	s := startServer(t, data)
	page := openConsole(t, s)
	page.token("/console/login", fmt.Sprintf(`{"username":"supervisor@demo.example","password":%q}`, password))
	s.kill()
	s = start(t, "serve", "--listen", strings.TrimPrefix(page.server, "http://"), "--metrics-listen", "none", "--data", data)

	token := page.token("/console/token", "{}")
	asked := &person{http: page.client, base: s.base, token: token}
	identity, err := ask[api.UserIdentity](asked, "POST", "login", nil)
	must(t, err)
	if identity.Username != "supervisor@demo.example" {
		t.Errorf("the token is %s's", identity.Username)
	}
	stream := fetch(t, http.MethodGet, s.base+"tenants/"+*identity.DefaultTenant+"/stream?view=floor",
		"Authorization", "Token "+token, "Accept", "text/event-stream")
	frames := bufio.NewScanner(stream.Body)
	if !frames.Scan() {
		t.Fatalf("the floor is not streamed: %s", stream.Status)
	}

	if out := page.post("/console/logout", "{}"); out.StatusCode != http.StatusNoContent {
		t.Errorf("signing out was answered %s", out.Status)
	}
	ended := make(chan struct{})
	go func() { // ends with the stream, or with the test, which closes it
		defer close(ended)
		for frames.Scan() {
		}
	}()
	select {
	case <-ended:
	case <-time.After(10 * time.Second):
		t.Error("the floor is still streamed to who has signed out")
	}
	if again := page.post("/console/token", "{}"); again.StatusCode != http.StatusUnauthorized {
		t.Errorf("who has signed out gets a token: %s", again.Status)
	}
	if answer := fetch(t, http.MethodPost, s.base+"login", "Authorization", "Token "+token); answer.StatusCode != http.StatusUnauthorized {
		t.Errorf("the page's token is still good: %s", answer.Status)
	}
}

// inPage is what the desk's page does and notes: it signs in, opens the stream's
// socket, and tries what its policy forbids.
const inPage = `(async () => {
	const note = window.noted = {violations: [], frames: 0}
	document.addEventListener("securitypolicyviolation", (e) => note.violations.push(e.effectiveDirective))
	const post = async (path, body) => (await fetch(path, {
		method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify(body),
	})).json()
	const {token} = await post("/console/login", {username: "supervisor@demo.example", password: %q})
	const headers = {Authorization: "Token " + token}
	const {result} = await (await fetch("/v1/login", {method: "POST", headers})).json()
	const socket = new WebSocket(location.origin.replace("http", "ws") + "/v1/tenants/" + result.defaultTenant + "/stream")
	socket.onopen = () => socket.send(JSON.stringify({type: "hello", token, view: "floor", client: "test"}))
	socket.onmessage = () => note.frames++
	note.cookie = document.cookie
	await fetch("http://localhost:1/").catch(() => {})
	const inline = document.createElement("style")
	inline.textContent = "body { color: red }"
	document.head.append(inline)
	try { document.body.innerHTML = "<p>" } catch { note.html = "refused" }
	try { document.createElement("script").src = "http://localhost:1/x.js" } catch { note.script = "refused" }
	note.done = true
})()`

func TestConsole_PagesStreamFromTheirServerAndTalkToNobodyElse(t *testing.T) {
	t.Parallel()
	b := startBrowser(t)
	s := startServer(t, provisioned(t))
	desk := b.open(strings.TrimSuffix(s.base, "v1/"))
	type notes struct {
		Violations           []string
		Frames               int
		Cookie, HTML, Script string
		Done                 bool
	}
	eventually(t, 30*time.Second, "the page is there", func() (ready bool) {
		desk.evaluate("document.readyState == 'complete' && document.scripts.length > 0", &ready)
		return ready
	})
	desk.evaluate(fmt.Sprintf(inPage, password)+", true", new(bool))
	var seen notes
	eventually(t, 20*time.Second, "the page has signed in and streams", func() bool {
		desk.evaluate("window.noted", &seen)
		return seen.Done && seen.Frames >= 2 && len(seen.Violations) >= 4
	})
	if got := strings.Join(seen.Violations, " "); got != "connect-src style-src-elem require-trusted-types-for require-trusted-types-for" {
		t.Errorf("forbidden was %s", got)
	}
	if seen.Cookie != "" {
		t.Errorf("scripts can read the cookie: %s", seen.Cookie)
	}
	if seen.HTML != "refused" || seen.Script != "refused" {
		t.Error("text becomes HTML, or a script's address")
	}
}
