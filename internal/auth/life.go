package auth

import "time"

// How long tokens live.
const (
	// DefaultLife is the life of a token for which none was asked.
	DefaultLife = 24 * time.Hour
	// ShortestLife and LongestLife bound what can be asked for.
	ShortestLife = time.Minute
	LongestLife  = 7 * 24 * time.Hour
)

// Seconds returns the life that a client asks for by a number of seconds. It is
// right to give it any number: those beyond what is granted anyway stay beyond
// it instead of overflowing.
func Seconds(n int64) time.Duration {
	const beyond = int64(LongestLife / time.Second)
	return time.Duration(min(max(n, -beyond), beyond)) * time.Second
}

// granted returns the life, in whole seconds, of a token for which asked was
// asked; 0 means that nothing was asked.
func granted(asked time.Duration) time.Duration {
	if asked == 0 {
		return DefaultLife
	}
	return min(max(asked, ShortestLife), LongestLife).Truncate(time.Second)
}
