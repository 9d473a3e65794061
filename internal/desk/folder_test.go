package desk

import (
	"context"
	"os"
	"path/filepath"
	"testing"
)

func TestCheckName_TakesWhatCanBeAFile(t *testing.T) {
	t.Parallel()
	for name, good := range map[string]bool{
		"agent": true, "desk-2": true, "A.b_c": true, "9": true,
		"": false, ".hidden": false, "a/b": false, "../up": false, "with space": false, "é": false, "-x": false,
		"abcdefghijklmnopqrstuvwxyz0123456789": false,
	} {
		if err := CheckName(name); (err == nil) != good {
			t.Errorf("%q: %v", name, err)
		}
	}
}

func TestFolderOf_FollowsTheEnvironment(t *testing.T) {
	t.Parallel()
	with := func(value string) string {
		return FolderOf(func(name string) (string, bool) { return value, name == "XDG_RUNTIME_DIR" && value != "" }).path
	}
	if got := with("/run/user/7"); got != "/run/user/7/muster" {
		t.Error(got)
	}
	for _, value := range []string{"", "relative"} {
		if got := with(value); filepath.Dir(got) != filepath.Clean(os.TempDir()) {
			t.Errorf("%q: %s", value, got)
		}
	}
}

func TestFolder_IsForItsUserAlone(t *testing.T) {
	t.Parallel()
	at := filepath.Join(t.TempDir(), "run")
	folder := FolderAt(at)
	if err := folder.make(); err != nil {
		t.Fatal(err)
	}
	if err := folder.make(); err != nil {
		t.Errorf("one that is there: %v", err)
	}
	if info, err := os.Stat(at); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("%v, %v", info, err)
	}
	if err := os.Chmod(at, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := folder.check(); err == nil {
		t.Error("one that others can enter is taken")
	}
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(at, link); err != nil {
		t.Fatal(err)
	}
	if err := FolderAt(link).check(); err == nil {
		t.Error("a link to elsewhere is taken")
	}
}

func TestLock_IsHeldByOne(t *testing.T) {
	t.Parallel()
	folder := FolderAt(t.TempDir())
	lock, err := folder.tryLock("agent")
	if err != nil || lock == nil {
		t.Fatal(err)
	}
	defer lock.Close()
	if second, err := folder.tryLock("agent"); err != nil || second != nil {
		t.Errorf("a second: %v, %v", second, err)
	}
	if other, err := folder.tryLock("other"); err != nil || other == nil {
		t.Errorf("another desk's: %v", err)
	}
	// A file that was removed, as the last holder does, is no lock for whoever opened it before.
	if err := os.Remove(folder.lock("agent")); err != nil {
		t.Fatal(err)
	}
	if next, err := folder.tryLock("agent"); err != nil || next == nil {
		t.Errorf("the next: %v", err)
	}
}

func TestLock_IsGivenUpWhereAHolderAnswers(t *testing.T) {
	t.Parallel()
	caller, _ := serving(t, nobody)
	lock, err := caller.Folder.tryLock("agent")
	if err != nil || lock == nil {
		t.Fatal(err)
	}
	defer lock.Close()
	if _, err := caller.Folder.takeLock(context.WithoutCancel(t.Context()), "agent"); err == nil || ProblemOf(err).Text != ProblemOf(Running("agent")).Text {
		t.Error(err)
	}
}

func TestListen_TakesThePlaceOfADeadSocket(t *testing.T) {
	t.Parallel()
	folder := FolderAt(shortFolder(t))
	if err := os.WriteFile(folder.socket("agent"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	listener, err := folder.listen("agent")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	if info, err := os.Stat(folder.socket("agent")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	if !folder.answers("agent") {
		t.Error("it does not answer")
	}
}
