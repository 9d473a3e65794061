package memory_test

import (
	"testing"

	"github.com/muster-presence/muster/internal/store"
	"github.com/muster-presence/muster/internal/store/memory"
	"github.com/muster-presence/muster/internal/store/storetest"
)

func TestDirectory(t *testing.T) {
	t.Parallel()
	storetest.Directory(t, func(*testing.T) store.Directory {
		return memory.NewDirectory(memory.NewAudit())
	})
}

func TestAudit(t *testing.T) {
	t.Parallel()
	storetest.Audit(t, func(*testing.T) (store.Directory, store.Audit) {
		audit := memory.NewAudit()
		return memory.NewDirectory(audit), audit
	})
}
