package terminal

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"
	"unicode/utf8"

	"golang.org/x/term"
)

// mostTyped is how long a secret may be.
const mostTyped = 4096

var errTypedTooLong = errors.New("that is too long to be a password")

// AskSecretly asks for a line that is not shown while it is typed. It fails with [ErrNoTerminal] where nobody can be asked, and with
// [context.Canceled] where whoever is asked would rather not, or ctx ends.
func AskSecretly(ctx context.Context, prompt string) (secret string, err error) {
	tty, err := os.OpenFile("/dev/tty", os.O_RDWR, 0)
	if err != nil {
		return "", ErrNoTerminal
	}
	defer tty.Close()
	before := onDescriptor(tty, func(fd int) *term.State {
		before, _ := term.MakeRaw(fd) // nil where it fails
		return before
	})
	if before == nil {
		return "", ErrNoTerminal
	}
	defer onDescriptor(tty, func(fd int) error { return term.Restore(fd, before) })
	defer context.AfterFunc(ctx, func() { _ = tty.SetReadDeadline(time.Now()) })()
	fmt.Fprint(tty, Clean(prompt))
	defer fmt.Fprint(tty, "\r\n")
	return readSecret(tty.Read)
}

// readSecret reads what is typed, up to the enter key.
func readSecret(read func([]byte) (int, error)) (string, error) {
	var typed, waiting []byte
	buffer := make([]byte, 256)
	for {
		n, err := read(buffer)
		if err != nil {
			return "", context.Canceled
		}
		var keys []Key
		keys, waiting = decode(append(waiting, buffer[:n]...))
		for _, key := range keys {
			letter, isLetter := key.Letter()
			switch {
			case key == Enter:
				return string(typed), nil
			case key == CtrlC:
				return "", context.Canceled
			case key == Backspace:
				_, length := utf8.DecodeLastRune(typed)
				typed = typed[:len(typed)-length]
			case isLetter && len(typed) >= mostTyped:
				return "", errTypedTooLong
			case isLetter:
				typed = utf8.AppendRune(typed, letter)
			}
		}
	}
}
