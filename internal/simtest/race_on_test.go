//go:build race

package simtest

// agents is how many agents a day has. The race detector makes a day ten times
// as long.
const agents = 50
