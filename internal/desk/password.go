package desk

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/muster-presence/muster/internal/desk/terminal"
)

const longestPassword = 4096

// ReadPassword reads a password from a file, from stdin where that is "-", or asks for it where it is "". Passwords are never flags:
// other users of the machine can see those.
func ReadPassword(ctx context.Context, file string, stdin io.Reader, username string) (string, error) {
	var text []byte
	var err error
	switch file {
	case "":
		secret, err := terminal.AskSecretly(ctx, "Password of "+username+": ")
		if errors.Is(err, terminal.ErrNoTerminal) {
			return "", errors.New("there is no terminal to ask for the password: give it with --password-file FILE, or - for standard input")
		}
		if errors.Is(err, context.Canceled) && ctx.Err() == nil {
			return "", errors.New("no password was given")
		}
		return notEmpty(secret, err)
	case "-":
		text, err = io.ReadAll(io.LimitReader(stdin, longestPassword))
	default:
		text, err = readFile(file)
	}
	if err != nil {
		return "", fmt.Errorf("read the password: %w", err)
	}
	return notEmpty(strings.TrimRight(string(text), "\r\n"), nil)
}

func readFile(name string) ([]byte, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, longestPassword))
}

func notEmpty(password string, err error) (string, error) {
	if err == nil && password == "" {
		err = errors.New("the password is empty")
	}
	return password, err
}
