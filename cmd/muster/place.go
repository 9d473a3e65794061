package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/alecthomas/kong"
)

// place is where provisioning acts: on a running server or a stopped database.
type place struct {
	Server    string `help:"Talk to the server at this address, such as http://127.0.0.1:8080, with a platform administrator's token from --token-file or the variable MUSTER_TOKEN." placeholder:"URL"`
	TokenFile string `help:"Read the token from this file; - is standard input." placeholder:"FILE"`
	Data      string `type:"path" help:"Use the database in this folder; no server may be running on it." placeholder:"DIR"`
}

// Validate settles on one place. A server's folder often stands in a variable or
// a file for all commands; a flag for the other place goes before it.
func (p *place) Validate(k *kong.Context) error {
	server, data := sourceOf(k, "server", p.Server), sourceOf(k, "data", p.Data)
	switch {
	case server == unsaid && data == unsaid:
		return errors.New("say where: --server URL for a running server, --data DIR for a stopped database")
	case server == data:
		return errors.New("--server and --data exclude each other: say one of them")
	case server > data:
		p.Data = ""
	default:
		p.Server = ""
	}
	return nil
}

func (p *place) client(program *program) (*client, error) {
	token, err := p.token(program)
	if err != nil {
		return nil, err
	}
	return newClient(p.Server, token)
}

// tokenVariable holds the token where no file does. Tokens are never flags:
// other users of the machine can see those.
const tokenVariable = "MUSTER_TOKEN"

func (p *place) token(program *program) (string, error) {
	var text []byte
	var err error
	switch p.TokenFile {
	case "":
		text = []byte(os.Getenv(tokenVariable))
	case "-":
		text, err = io.ReadAll(program.stdin)
	default:
		text, err = os.ReadFile(p.TokenFile)
	}
	if err != nil {
		return "", fmt.Errorf("read the token: %w", err)
	}
	token := strings.TrimSpace(string(text))
	switch {
	case token == "":
		return "", fmt.Errorf("there is no token: put one into the variable %s or into a file for --token-file", tokenVariable)
	case strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r > '~' }):
		return "", errors.New("that is no token: it holds more than one word of plain letters; give the token alone, without what the server answered around it")
	}
	return token, nil
}
