package provision

import (
	"github.com/goccy/go-yaml/ast"

	"github.com/muster-presence/muster/internal/directory"
	"github.com/muster-presence/muster/internal/presence"
)

// Spec is what files say, read and checked as far as that goes without knowing
// the directory.
type Spec struct {
	files    []File
	problems *problemLog
	// broken says that a file could not be read at all, so that references into
	// it cannot be judged.
	broken  bool
	regions []head
	tenants []tenantSpec
	users   []userSpec
}

// head is what all entities with a key have.
type head struct {
	at          Position
	key         opt[string]
	id          opt[presence.UUID]
	name        opt[string]
	description opt[string]
}

type tenantSpec struct {
	head
	active, passwordLogin opt[bool]
	timezone, region      opt[string]
	outbound              opt[outboundSpec]
	settings              settingsSpec
	providers             []providerSpec
	roles                 []roleSpec
	groups                []head
	lists                 []listSpec
}

type providerSpec struct {
	head
	client, domain opt[string]
}

type outboundSpec struct {
	id         opt[presence.UUID]
	name, kind opt[string]
	active     opt[bool]
}

type roleSpec struct {
	head
	permissions opt[[]opt[string]]
}

type listSpec struct {
	head
	active, shared, isDefault opt[bool]
	externalID                opt[string]
	reasons                   []reasonSpec
}

type reasonSpec struct {
	head
	active    opt[bool]
	sortOrder opt[int]
	hierarchy opt[[]opt[string]]
}

type userSpec struct {
	at                            Position
	id                            opt[presence.UUID]
	username, firstName, lastName opt[string]
	active                        opt[bool]
	password, passwordHash        opt[string]
	platformRole                  opt[platformRoleSpec]
	defaultTenant                 opt[string]
	tenants                       []membershipSpec
}

type platformRoleSpec struct {
	name        opt[string]
	permissions opt[[]opt[string]]
}

type membershipSpec struct {
	at              Position
	tenant          opt[string]
	active          opt[bool]
	roles           opt[[]opt[string]]
	groups          opt[[]opt[string]]
	skills          opt[[]opt[string]]
	reasonLists     opt[[]opt[string]]
	extensions      []extensionSpec
	activeExtension opt[string]
}

type extensionSpec struct {
	at                           Position
	id                           opt[presence.UUID]
	kind                         opt[string]
	value, description           opt[string]
	provider, region, sdkVersion opt[string]
}

// Parse reads the files. A Spec comes with every answer, so that [NewPlan] can
// add the problems that show only beside the directory; with problems it can
// never be applied.
func Parse(files []File) (*Spec, []Problem) {
	s := &Spec{files: files, problems: newProblemLog()}
	budget := aliasedValues
	for _, file := range files {
		budget += len(file.Content)
	}
	for _, file := range files {
		documents, problem := parseSyntax(file)
		if problem != (Problem{}) {
			s.problems.all = append(s.problems.all, problem)
			s.broken = true
		}
		for _, document := range documents {
			s.read(file.Name, document, &budget)
		}
	}
	s.refuseTwins()
	return s, s.problems.sorted(files)
}

// read adds what one document says; an empty one says nothing.
func (s *Spec) read(file string, document *ast.DocumentNode, budget *int) {
	if document.Body == nil {
		return
	}
	r := newReader(file, document, s.problems, budget)
	root, ok := r.value(document.Body, "")
	if !ok || root.isNull() {
		return
	}
	m, ok := r.mapping(root)
	if !ok {
		return
	}
	s.regions = append(s.regions, entities(m, "regions", "region", readHead)...)
	s.tenants = append(s.tenants, entities(m, "tenants", "tenant", readTenant)...)
	s.users = append(s.users, entities(m, "users", "user", readUser)...)
	m.skipExtensions()
	m.done()
}

// refuseTwins tells of entities that stand twice, within and across the files,
// and keeps the first.
func (s *Spec) refuseTwins() {
	s.regions = unique(s.problems, s.regions, "region", func(h head) opt[string] { return h.key })
	s.tenants = unique(s.problems, s.tenants, "tenant", func(t tenantSpec) opt[string] { return t.key })
	s.users = unique(s.problems, s.users, "user", func(u userSpec) opt[string] {
		folded := u.username
		folded.value = directory.FoldUsername(folded.value)
		return folded
	})
}

// unique returns the entities without later ones of the same identity.
func unique[T any](problems *problemLog, all []T, what string, identity func(T) opt[string]) []T {
	first := make(map[string]Position, len(all))
	var kept []T
	for _, entity := range all {
		known := identity(entity)
		if place, twice := first[known.value]; twice {
			problems.add(known.at, "the %s %q stands in %s line %d already: make one entry of both", what, known.value, place.File, place.Line)
			continue
		}
		first[known.value] = known.at
		kept = append(kept, entity)
	}
	return kept
}

// readHead reads what all entities have; it answers false without a key.
func readHead(m *mapping) (head, bool) {
	h := head{
		at:          m.at,
		key:         scalar(m, "key", key),
		id:          scalar(m, "id", id),
		name:        scalar(m, "name", word),
		description: scalar(m, "description", paragraph),
	}
	return h, h.key.set
}
