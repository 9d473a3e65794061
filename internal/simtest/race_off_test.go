//go:build !race

package simtest

// agents is how many agents a day has.
const agents = 500
