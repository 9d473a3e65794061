//go:build unix

package terminal

import (
	"os"
	"os/signal"
	"syscall"
)

func noticeResizes(c chan<- os.Signal) { signal.Notify(c, syscall.SIGWINCH) }
