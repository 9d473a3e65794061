package presence

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestScripts plays the scripts in testdata/scripts, each the story of one
// agent. A script has paragraphs: lines that begin with # are remarks, one line
// is a command (time of day, who, command, arguments), and after ---- comes what
// it makes: the events, then the agent as it is from there on. With -update the
// results are written anew; read the difference before keeping it.
func TestScripts(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob("testdata/scripts/*.txt")
	if err != nil || len(paths) == 0 {
		t.Fatal("no scripts", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txt"), func(t *testing.T) {
			t.Parallel()
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			compareFile(t, path, playScript(t, string(data)))
		})
	}
}

// playScript returns the script with the results as they are.
func playScript(t *testing.T, script string) string {
	t.Helper()
	var out strings.Builder
	s := &story{}
	for i, paragraph := range strings.Split(strings.TrimSpace(script), "\n\n") {
		if i > 0 {
			out.WriteString("\n")
		}
		asked, _, _ := strings.Cut(paragraph+"\n", "----\n")
		out.WriteString(asked)
		for line := range strings.Lines(asked) {
			if strings.HasPrefix(line, "#") {
				continue
			}
			result, err := s.play(t, strings.TrimSpace(line))
			if err != nil {
				t.Fatalf("%s: %v", strings.TrimSpace(line), err)
			}
			out.WriteString("----\n" + result)
		}
	}
	return out.String()
}

// story is a script being played. Sessions are named by their number in it.
type story struct {
	agent    Agent
	sessions []SessionID
}

func (s *story) play(t *testing.T, line string) (string, error) {
	d, err := parseDirective(line)
	if err != nil {
		return "", err
	}
	c, err := s.command(d)
	if err != nil {
		return "", err
	}
	done := attempt(t, s.agent, c, d.at)
	if done.err != nil {
		return s.refused(done.err), nil
	}
	var out strings.Builder
	for i, e := range done.events {
		s.agent = done.folded[i]
		if _, ok := e.Change.(SessionStarted); ok {
			s.sessions = append(s.sessions, e.Session)
		}
		fmt.Fprintf(&out, "%d %s\n", e.Version, s.event(e))
	}
	if len(done.events) == 0 {
		out.WriteString("nothing happens\n")
	}
	return out.String() + s.state(), nil
}
