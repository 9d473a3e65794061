// Package bus is the port for wake-ups: after a commit it tells readers that
// there is something new in a tenant's log.
//
// An announcement carries no content and proves nothing. Readers fetch the
// committed log; an announcement that is lost, repeated or late costs latency
// and never truth. The package knows the ids and numbers that an announcement is made of.
package bus

import (
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

// Announcement says that a tenant's log reaches at least up to a number.
type Announcement struct {
	Tenant presence.TenantID
	Seq    store.Seq
}

// Bus carries announcements. All methods may be called at once.
type Bus interface {
	// Announce tells all subscribers; it does not wait for them to act.
	Announce(Announcement)
	// Subscribe calls receive for announcements from now on until cancel is
	// called. Receive must not block: it is called by whoever announces.
	Subscribe(receive func(Announcement)) (cancel func())
}
