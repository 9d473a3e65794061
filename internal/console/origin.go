package console

import (
	"net/http"
	"net/url"
)

// pageOrigin is the origin of the page that asks, if that is a page of this
// server's. Browsers say it of every POST, and no page can say another; a page's
// scheme is the one that the browser sees, whatever stands in front of the server.
//
// Where browsers also say how page and server are related, that is what counts: a
// proxy may have put another Host. They say so on https and on localhost only.
func pageOrigin(r *http.Request) (*url.URL, error) {
	foreign := refused(codeForeign, "Only this server's own pages may ask this, with fetch and its default mode.")
	origin, err := url.Parse(r.Header.Get("Origin"))
	if err != nil || origin.Host == "" || origin.Scheme != "http" && origin.Scheme != "https" {
		return nil, foreign
	}
	switch site := r.Header.Get("Sec-Fetch-Site"); {
	case site == "same-origin":
		return origin, nil
	case site == "" && origin.Host == r.Host:
		return origin, nil
	}
	return nil, foreign
}
