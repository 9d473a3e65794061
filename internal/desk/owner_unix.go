//go:build unix

package desk

import (
	"io/fs"
	"os"
	"os/exec"
	"syscall"
)

// isOwn tells whether a file is the user's.
func isOwn(info fs.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(stat.Uid) == os.Getuid()
}

// detach gives a process a session of its own: it goes on when the terminal is closed, and Ctrl-C there is none of its business.
func detach(command *exec.Cmd) { command.SysProcAttr = &syscall.SysProcAttr{Setsid: true} }
