// Package terminal draws screens of text and reads keys.
//
// # Purpose
//
// A screen is a list of lines, made anew for each change by a pure function of whatever is shown; this package works out what differs
// from what stands there and writes only that, so that nothing flickers. Lines are cut to the width that there is. Text from elsewhere
// cannot control the terminal: control characters are shown as dots. It knows nothing of agents.
//
// # Concurrency
//
// [Screen.Show] and [Screen.Size] are for one goroutine. One goroutine of the screen's own reads keys.
//
// # Lifecycle
//
// [Open] takes the terminal over, and [Screen.Close] gives it back as it was.
//
// # Dependencies
//
// golang.org/x/term for the terminal's modes, github.com/rivo/uniseg for the width of text, and the standard library.
package terminal
