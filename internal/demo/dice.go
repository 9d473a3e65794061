package demo

import (
	"math"
	"math/rand/v2"
	"time"
)

// dice is the chance in somebody's life. The same seed and owner throw the same.
type dice struct{ random *rand.Rand }

// newDice returns the dice of one owner. Owners of one seed are independent of
// each other.
func newDice(seed, owner uint64) dice {
	return dice{rand.New(rand.NewPCG(seed, owner))}
}

// between is evenly spread from low to high.
func (d dice) between(low, high time.Duration) time.Duration {
	return low + time.Duration(d.random.Int64N(int64(high-low)+1))
}

// around is mostly short and seldom long, as waits and talks are: exponential
// with that mean before it is cut to the bounds.
func (d dice) around(mean, low, high time.Duration) time.Duration {
	return min(max(time.Duration(d.random.ExpFloat64()*float64(mean)), low), high)
}

// chance is true with that probability.
func (d dice) chance(probability float64) bool { return d.random.Float64() < probability }

// within is true with the probability that something which happens once every
// mean on average happens within length.
func (d dice) within(length, mean time.Duration) bool {
	return d.chance(1 - math.Exp(-float64(length)/float64(mean)))
}

// weigh returns the place of one of the weights, the heavier the likelier.
func (d dice) weigh(weights ...int) int {
	sum := 0
	for _, weight := range weights {
		sum += weight
	}
	left := d.random.IntN(sum)
	for i, weight := range weights {
		if left < weight {
			return i
		}
		left -= weight
	}
	return len(weights) - 1
}
