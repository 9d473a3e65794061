package memory_test

import (
	"testing"

	"github.com/muster-presence/muster/internal/store"
	"github.com/muster-presence/muster/internal/store/memory"
	"github.com/muster-presence/muster/internal/store/storetest"
)

func TestTokens(t *testing.T) {
	t.Parallel()
	storetest.Tokens(t, func(*testing.T) store.Tokens { return memory.NewTokens() })
}
