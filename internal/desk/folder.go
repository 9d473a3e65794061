package desk

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"

	"github.com/muster-presence/muster/api"
)

// DefaultName is the desk of whoever has one only.
const DefaultName = "agent"

var deskName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$`)

// CheckName refuses names that cannot be a desk's: it is part of file names.
func CheckName(name string) error {
	if !deskName.MatchString(name) {
		return errors.New("a desk's name has 1 to 32 letters, digits, dots, hyphens and underscores, and begins with a letter or digit")
	}
	return nil
}

// Folder is where a user's desks have their sockets. Nobody else can enter it.
type Folder struct{ path string }

// FolderOf is the folder by the environment: below XDG_RUNTIME_DIR, which ends with the user's log-in, else a temporary one.
func FolderOf(environment func(string) (string, bool)) Folder {
	if runtime, _ := environment("XDG_RUNTIME_DIR"); filepath.IsAbs(runtime) {
		return Folder{filepath.Join(runtime, "muster")}
	}
	return Folder{filepath.Join(os.TempDir(), "muster-"+strconv.Itoa(os.Getuid()))}
}

// FolderAt is a folder at a path of one's own choice.
func FolderAt(path string) Folder { return Folder{path} }

// make makes the folder if need be.
func (f Folder) make() error {
	if err := os.Mkdir(f.path, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("make the folder for the desk's socket: %w", err)
	}
	return f.check()
}

// check refuses a folder that somebody else may have prepared. One that is not there has nothing to refuse.
func (f Folder) check() error {
	info, err := os.Lstat(f.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("look at the folder of the desk's socket: %w", err)
	case !info.IsDir() || !isOwn(info):
		return fmt.Errorf("%s is not a folder of yours: remove it, or set XDG_RUNTIME_DIR to another place", f.path)
	case info.Mode().Perm()&0o077 != 0:
		return fmt.Errorf("others can enter %s: take that from them with chmod 700", f.path)
	}
	return nil
}

// The files of a desk.
func (f Folder) socket(desk string) string { return filepath.Join(f.path, desk+".sock") }
func (f Folder) lock(desk string) string   { return filepath.Join(f.path, desk+".lock") }
func (f Folder) note(desk string) string   { return filepath.Join(f.path, desk+".ended.json") }

// Log is the file that a desk's holder logs to.
func (f Folder) Log(desk string) string { return filepath.Join(f.path, desk+".log") }

// Ending tells how the last session of a desk ended.
type Ending struct {
	At       api.Time `json:"at"`
	Username string   `json:"username"`
	// Code is the contract's end code, or "session_gone", or "stopped" of a session that was left to its lease.
	Code string `json:"code"`
	Text string `json:"text"`
}

func (f Folder) leaveNote(desk string, ending Ending) error {
	text, err := json.Marshal(ending)
	if err == nil {
		err = os.WriteFile(f.note(desk), text, 0o600)
	}
	if err != nil {
		return fmt.Errorf("note how the session ended: %w", err)
	}
	return nil
}

// readNote is how the last session ended, nil where nobody knows.
func (f Folder) readNote(desk string) *Ending {
	text, err := os.ReadFile(f.note(desk))
	if err != nil {
		return nil
	}
	var ending Ending
	if json.Unmarshal(text, &ending) != nil {
		return nil
	}
	return &ending
}

// tidy removes what a desk leaves behind, and the folder with it if it was the last.
func (f Folder) tidy(paths ...string) {
	for _, path := range paths {
		_ = os.Remove(path) // it may not be there
	}
	_ = os.Remove(f.path) // not while other desks have something there
}
