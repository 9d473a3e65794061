//go:build !unix

package terminal

import "os"

// noticeResizes notices nothing here: the next change is drawn in the new size.
func noticeResizes(chan<- os.Signal) {}
