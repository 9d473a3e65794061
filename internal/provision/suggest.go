package provision

import (
	"fmt"
	"strings"
)

// didYouMean returns the question that helps whoever mistyped a word, or all
// words when none is near.
func didYouMean(word string, known []string) string {
	best, distance := "", 3
	for _, candidate := range known {
		if d := editDistance(strings.ToLower(word), strings.ToLower(candidate)); d < distance && d < len(candidate) {
			best, distance = candidate, d
		}
	}
	switch {
	case best != "":
		return fmt.Sprintf("did you mean %q?", best)
	case len(known) == 0:
		return "there is none yet"
	case len(known) > maxListed:
		return fmt.Sprintf("known are %s and %d more", quoted(known[:maxListed]), len(known)-maxListed)
	}
	return "known are " + quoted(known)
}

// maxListed is how many words a text lists.
const maxListed = 24

func quoted(words []string) string {
	return `"` + strings.Join(words, `", "`) + `"`
}

// editDistance is the least number of insertions, deletions, replacements and
// swaps of neighbours that make one word of the other. Long words are cut: they
// are no slips of the finger.
func editDistance(a, b string) int {
	const longest = 64
	a, b = a[:min(len(a), longest)], b[:min(len(b), longest)]
	before, above, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		before, above, row = above, row, before
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(above[j]+1, row[j-1]+1, above[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
	}
	return row[len(b)]
}
