package console

import (
	"bytes"
	"fmt"
	"html"
	"path"

	"github.com/muster-presence/muster/internal/static"
)

// Guest is a log-in that everybody may know, such as one of the demo's.
type Guest struct{ Username, Password string }

// welcome writes into the pages which guest may sign in there. They show it below
// the form.
func (b bundle) welcome(guests map[string]Guest) {
	for at, name := range pages {
		guest, ok := guests[at]
		if !ok {
			continue
		}
		tag := fmt.Appendf(nil, "<meta name=\"guest\" content=\"%s\" data-password=\"%s\" />\n  </head>", html.EscapeString(guest.Username), html.EscapeString(guest.Password))
		b[at] = static.NewFile(mediaTypes[path.Ext(name)], bytes.Replace(b[at].Content, []byte("</head>"), tag, 1))
	}
}
