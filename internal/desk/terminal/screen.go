package terminal

import (
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"time"

	"golang.org/x/term"
)

// ErrNoTerminal is returned where nobody could look at a screen.
var ErrNoTerminal = errors.New("there is no terminal")

// Screen is the whole terminal while a program has it.
type Screen struct {
	// Keys are the keys that are pressed. It is closed when the terminal is gone.
	Keys <-chan Key
	// Resized tells that the size may be another.
	Resized <-chan os.Signal

	tty     *os.File
	before  *term.State
	colours bool
	resized chan os.Signal
	closed  chan struct{} // by Close

	shown         []string // as it stands there; nil when nobody knows
	columns, rows int      // when it was shown
}

// IsTerminal tells whether a person may be looking at the file.
func IsTerminal(file any) bool {
	f, ok := file.(*os.File)
	return ok && onDescriptor(f, term.IsTerminal)
}

// onDescriptor asks about a file's descriptor without changing how it is read.
func onDescriptor[T any](f *os.File, ask func(int) T) (answer T) {
	if raw, err := f.SyscallConn(); err == nil {
		_ = raw.Control(func(fd uintptr) { answer = ask(int(fd)) }) // a closed file is none
	}
	return answer
}

// Colours tells whether colours are wanted, by what the environment says (no-color.org).
func Colours(lookup func(string) (string, bool)) bool {
	if no, set := lookup("NO_COLOR"); set && no != "" {
		return false
	}
	kind, _ := lookup("TERM")
	return kind != "dumb" && kind != ""
}

// Open takes over the terminal that the program was started from, whatever its input and output are. It fails with [ErrNoTerminal]
// where there is none.
func Open() (*Screen, error) {
	tty, err := os.OpenFile("/dev/tty", os.O_RDWR, 0)
	if err != nil {
		return nil, ErrNoTerminal
	}
	s := &Screen{
		tty: tty, colours: Colours(os.LookupEnv),
		resized: make(chan os.Signal, 1), closed: make(chan struct{}),
	}
	s.Resized = s.resized
	s.before = onDescriptor(tty, func(fd int) *term.State {
		before, rawError := term.MakeRaw(fd)
		err = rawError
		return before
	})
	if err != nil || s.before == nil {
		return nil, errors.Join(ErrNoTerminal, tty.Close())
	}
	noticeResizes(s.resized)
	keys := make(chan Key)
	s.Keys = keys
	go s.read(keys)
	s.write("\x1b[?1049h\x1b[?25l\x1b[2J") // the other screen, without cursor, empty
	return s, nil
}

// Close gives the terminal back as it was.
func (s *Screen) Close() {
	close(s.closed)
	signal.Stop(s.resized)
	s.write("\x1b[?25h\x1b[?1049l")
	onDescriptor(s.tty, func(fd int) error { return term.Restore(fd, s.before) })
	// A reader that nothing can wake, as on systems without deadlines for terminals, is left to the end of the program.
	_ = s.tty.SetReadDeadline(time.Now())
	_ = s.tty.Close()
}

// escapeTime is how long what follows an escape may take: more than that, and the key was pressed by itself.
const escapeTime = 50 * time.Millisecond

func (s *Screen) read(keys chan<- Key) {
	defer close(keys)
	buffer, waiting := make([]byte, 256), []byte(nil)
	for {
		n, err := s.tty.Read(buffer)
		if err != nil {
			return
		}
		waiting = append(waiting, buffer[:n]...)
		if len(waiting) < len(buffer) && waiting[len(waiting)-1] == byte(Escape) && s.tty.SetReadDeadline(time.Now().Add(escapeTime)) == nil {
			n, _ := s.tty.Read(buffer) // nothing in time: it is the key itself
			waiting = append(waiting, buffer[:n]...)
			if s.tty.SetReadDeadline(time.Time{}) != nil {
				return
			}
		}
		var pressed []Key
		pressed, waiting = decode(waiting)
		for _, key := range pressed {
			select {
			case keys <- key:
			case <-s.closed:
				return
			}
		}
	}
}

// Size is how many columns and rows there are, 80 by 24 where the terminal does not say.
func (s *Screen) Size() (columns, rows int) {
	size := onDescriptor(s.tty, func(fd int) [2]int {
		columns, rows, err := term.GetSize(fd)
		if err != nil {
			return [2]int{}
		}
		return [2]int{columns, rows}
	})
	if size[0] <= 0 || size[1] <= 0 {
		return 80, 24
	}
	return size[0], size[1]
}

// Redraw forgets what stands on the screen: something else may have written there.
func (s *Screen) Redraw() { s.shown = nil }

// Show makes the screen these lines, as many as there is room for.
func (s *Screen) Show(lines []Line) {
	columns, rows := s.Size()
	if columns != s.columns || rows != s.rows {
		s.shown, s.columns, s.rows = nil, columns, rows
	}
	wanted := make([]string, min(len(lines), rows))
	for i := range wanted {
		wanted[i] = lines[i].render(columns, s.colours)
	}
	s.write(changes(s.shown, wanted))
	s.shown = wanted
}

// changes is what turns a screen into another; what stands there now is nil when nobody knows.
func changes(now, wanted []string) string {
	var text strings.Builder
	if now == nil {
		text.WriteString("\x1b[H\x1b[2J")
	}
	for i := range max(len(now), len(wanted)) {
		switch {
		case i >= len(wanted):
			fmt.Fprintf(&text, "\x1b[%d;1H\x1b[2K", i+1)
		case i >= len(now) && wanted[i] == "":
		case i >= len(now) || now[i] != wanted[i]:
			fmt.Fprintf(&text, "\x1b[%d;1H%s\x1b[K", i+1, wanted[i])
		}
	}
	if text.Len() == 0 {
		return ""
	}
	return "\x1b[?2026h" + text.String() + "\x1b[?2026l" // shown at once, by terminals that know how
}

func (s *Screen) write(text string) {
	if text != "" {
		_, _ = s.tty.WriteString(text) // a terminal that is gone closes Keys
	}
}
