package console

import (
	"net/http"
	"net/url"
	"time"
)

// cookieLife is a working day: how long somebody stays signed in who loads the
// page again. It is fixed, not renewed by use.
const cookieLife = 12 * time.Hour

// cookie holds the token of who is signed in at a page. Desk and floor have one
// each, so that one browser can show an agent's desk and a supervisor's floor.
//
// On https it is of the kind that only this host, and only over https, can have
// set; that kind goes with every path. On http, which is for trying out on one's
// own machine, it goes with the console's own paths.
func cookie(page string, origin *url.URL) *http.Cookie {
	c := &http.Cookie{Name: "muster_" + page, Path: "/console/", HttpOnly: true, SameSite: http.SameSiteStrictMode}
	if origin.Scheme == "https" {
		c.Name, c.Path, c.Secure = "__Host-"+c.Name, "/", true
	}
	return c
}

// keep has the browser keep a token for as long as it lives.
func keep(w http.ResponseWriter, c *http.Cookie, token string, life time.Duration) {
	c.Value, c.MaxAge = token, int(life/time.Second)
	http.SetCookie(w, c)
}

// forget has the browser delete the cookie.
func forget(w http.ResponseWriter, c *http.Cookie) {
	c.Value, c.MaxAge = "", -1
	http.SetCookie(w, c)
}
