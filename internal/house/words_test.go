package house

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"testing"
	"testing/fstest"
	"unicode/utf8"
)

// forbidden are words that no file may hold. The patterns are put together of
// pieces so that they do not find themselves.
var forbidden = []struct {
	word *regexp.Regexp
	why  string
}{
	{regexp.MustCompile(`\b(TO` + `DO|FIX` + `ME|XX` + `X)\b`), "what is not done is an issue, not a remark"},
	{regexp.MustCompile(`(^|[\s"'=(:])/(ro` + `ot|wo` + `rk|ho` + `me/\w+)/`), "a path of one machine"},
	{regexp.MustCompile(`proxy\.` + `golang\.org|registry\.` + `npmjs`), "a package host: builds use whatever the machine is set up for"},
	{regexp.MustCompile(`<<<<` + `<<<|>>>>` + `>>>`), "a merge that was not finished"},
}

func TestRepository_HoldsNoForbiddenWords(t *testing.T) {
	t.Parallel()
	check(t, forbiddenWords(t, os.DirFS(root)))
}

func TestForbiddenWords_AreFound(t *testing.T) {
	t.Parallel()
	in := func(text string) []string {
		return forbiddenWords(t, fstest.MapFS{"docs/x.md": {Data: []byte("first line\n" + text + "\n")}})
	}
	mustFind(t, in("// TO"+"DO: more"), "docs/x.md:2")
	mustFind(t, in("see /ro"+"ot/notes"), "machine")
	mustFind(t, in("from proxy."+"golang.org"), "package host")
	mustPass(t, in("a todo list, GET /v1/tenants/1/work/2, and \x80 bytes"))
}

func forbiddenWords(t *testing.T, files fs.FS) (findings []string) {
	t.Helper()
	err := walk(files, func(name string) error {
		text, err := fs.ReadFile(files, name)
		if err != nil || !utf8.Valid(text) {
			return err
		}
		for _, f := range forbidden {
			if place := f.word.FindIndex(text); place != nil {
				line := 1 + bytes.Count(text[:place[1]], []byte("\n"))
				findings = append(findings, fmt.Sprintf("%s:%d: %q: %s", name, line, text[place[0]:place[1]], f.why))
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return findings
}
