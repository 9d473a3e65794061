package directory

import (
	"slices"

	"github.com/muster-presence/muster/api"
)

// Role is a named set of rights in a tenant.
type Role struct {
	ID          RoleID      `json:"id"`
	Key         string      `json:"key"`
	Name        string      `json:"name"`
	Description string      `json:"description"`
	Permissions Permissions `json:"permissions"`
}

// PlatformRole is a named set of rights that hold in every tenant the user is a
// member of, and for the installation as a whole. The zero value is none.
type PlatformRole struct {
	Name        string      `json:"name"`
	Permissions Permissions `json:"permissions"`
}

// IsZero reports whether the role is none.
func (r PlatformRole) IsZero() bool { return r.Name == "" && len(r.Permissions) == 0 }

// Permissions is a set of rights, sorted and each once. Make it with
// [NewPermissions].
type Permissions []api.Permission

// NewPermissions returns the union of the sets; it is never nil. Where one of them
// is the union already, that one is returned, so that all who have the same role
// share it.
func NewPermissions(sets ...[]api.Permission) Permissions {
	all := Permissions{}
	for _, set := range sets {
		switch {
		case len(set) == 0:
		case len(all) == 0 && isUnion(set):
			all = slices.Clip(Permissions(set))
		default:
			all = append(all, set...)
		}
	}
	if isUnion(all) {
		return all
	}
	all = slices.Clone(all)
	slices.Sort(all)
	return slices.Compact(all)
}

// isUnion reports whether permissions rise, none of them twice.
func isUnion(set []api.Permission) bool {
	for i := 1; i < len(set); i++ {
		if set[i-1] >= set[i] {
			return false
		}
	}
	return true
}

// Has reports whether the set holds the right.
func (p Permissions) Has(permission api.Permission) bool {
	_, found := slices.BinarySearch(p, permission)
	return found
}
