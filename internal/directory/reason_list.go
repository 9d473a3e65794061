package directory

import (
	"cmp"
	"strings"

	"github.com/muster-presence/muster/internal/presence"
)

// ReasonList is a list of reasons for not being ready.
type ReasonList struct {
	ID          presence.ReasonListID `json:"id"`
	Key         string                `json:"key"`
	Name        string                `json:"name"`
	Description string                `json:"description"`
	Active      bool                  `json:"active"`
	// Shared is kept for clients that show it; Muster gives it no meaning.
	Shared bool `json:"shared"`
	// Default gives the list to every member of the tenant.
	Default bool `json:"isDefault"`
	// ExternalID is the list's id in another system, kept for clients.
	ExternalID string   `json:"externalId"`
	Reasons    []Reason `json:"reasons"`
}

// Reason is an entry of a reason list.
type Reason struct {
	ID        presence.ReasonID `json:"id"`
	Key       string            `json:"key"`
	Name      string            `json:"name"`
	Active    bool              `json:"active"`
	SortOrder int               `json:"sortOrder"`
	// Hierarchy is the path of categories above the reason, the outermost first.
	// It is never nil; it is empty for a reason without a category.
	Hierarchy []string `json:"hierarchy"`
}

// SystemListKey is the key that no tenant's list may have.
const SystemListKey = "system"

// SystemList returns the list that is the same in every tenant and that nobody
// can assign or change.
func SystemList() ReasonList {
	return ReasonList{
		ID:          presence.SystemListID,
		Key:         SystemListKey,
		Name:        presence.SystemListName,
		Description: "Reasons that Muster itself gives",
		Active:      true,
		Shared:      true,
		Default:     true,
		Reasons: []Reason{
			systemReason("logged-in", presence.LoggedIn(), 0),
			systemReason("connection-lost", presence.ConnectionLost(), 1),
		},
	}
}

func systemReason(key string, reason presence.Reason, order int) Reason {
	return Reason{ID: reason.ID, Key: key, Name: reason.Name, Active: true, SortOrder: order, Hierarchy: []string{}}
}

// Arrange brings the reasons into their one order: by sort order, then name,
// then key.
func (l *ReasonList) Arrange() {
	l.Reasons = sorted(l.Reasons, func(a, b Reason) int {
		return cmp.Or(cmp.Compare(a.SortOrder, b.SortOrder), strings.Compare(a.Name, b.Name), strings.Compare(a.Key, b.Key))
	})
}

// IsSystem reports whether this is the system's own list.
func (l *ReasonList) IsSystem() bool { return l.ID == presence.SystemListID }

// rank orders lists of different standing.
func (l *ReasonList) rank() int {
	switch {
	case l.IsSystem():
		return 0
	case l.Default:
		return 1
	}
	return 2
}
