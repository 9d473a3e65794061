package follow

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/muster-presence/muster/api"
)

// quietLink is a link that carries nothing.
type quietLink struct{}

func (quietLink) read(time.Duration) ([]byte, error) { return nil, errSilent }
func (quietLink) answer(int64) error                 { return nil }
func (quietLink) renew(string)                       {}
func (quietLink) close()                             {}

func FuzzReceive_TakesAnyText(f *testing.F) {
	for _, seed := range []string{
		welcome("e:10"), snapshotAt("e:10", rowOf("a", 1)), partAt("e:10", 2, false), change(10, 11, rowOf("a", 2)), event(11, 12),
		beat(1, 11, 7), `{"type":"mark","cursor":"e:12"}`, `{"type":"close","code":4000}`, `{"type":"later"}`, `{"type":7}`, `null`,
	} {
		f.Add([]byte(seed), []byte(event(10, 11)))
	}
	f.Fuzz(func(t *testing.T, first, second []byte) {
		follower := New(Options{HTTP: http.DefaultClient, View: api.ViewFloor, Tokens: new(tokens), Receiver: new(recorder)})
		c := &connection{f: follower, link: quietLink{}, opened: time.Now()}
		for _, text := range [][]byte{[]byte(snapshotAt("e:10", rowOf("a", 1))), first, second} {
			err := c.receive(context.Background(), text)
			if at := follower.held.cursor; at.seq < 0 || at.isZero() && err == nil {
				t.Errorf("%s brings the view to %q and there is nothing wrong", text, at)
			}
		}
	})
}
