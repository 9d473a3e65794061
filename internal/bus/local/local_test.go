package local_test

import (
	"testing"

	"github.com/muster-presence/muster/internal/bus"
	"github.com/muster-presence/muster/internal/bus/bustest"
	"github.com/muster-presence/muster/internal/bus/local"
)

func TestBus(t *testing.T) {
	t.Parallel()
	bustest.Run(t, func(*testing.T) bus.Bus { return new(local.Bus) })
}
