package provision

import (
	"context"

	"github.com/google/uuid"

	"github.com/muster-presence/muster/internal/directory"
	"github.com/muster-presence/muster/internal/presence"
)

// Options say how files are applied.
type Options struct {
	// Prune deletes what no file names, but never the acting administrator.
	Prune bool
	// DryRun works everything out and changes nothing.
	DryRun bool
	// Actor is who applies the files, for the audit; zero for the system itself.
	Actor     presence.AgentID
	ActorName string
	// Now is the time of the audit entries.
	Now presence.Instant
	// RequestID is the request's, for the audit; it may be empty.
	RequestID string
	// NewID makes an id; nil makes UUIDs of version 7.
	NewID func() (presence.UUID, error)
}

// Plan is what applying files would do.
type Plan struct {
	// Changes lead from the directory to what the files say.
	Changes directory.Changes
	// Warnings are for people; they keep nothing from being applied.
	Warnings []Warning
	// Revision is that of the directory that was compared.
	Revision int64
}

// NewPlan compares what files say with what the directory is. With any problem,
// of the files themselves too, there is no plan; all problems are answered. The
// error is the hasher's or that of making ids. In a dry run no password is
// hashed; those that would change are compared all the same.
func NewPlan(ctx context.Context, current *directory.Contents, spec *Spec, hasher Hasher, options Options) (*Plan, []Problem, error) {
	problems := spec.problems.clone()
	if spec.broken {
		return nil, problems.sorted(spec.files), nil
	}
	d := newDraft(current, problems, options)
	d.regionsOf(spec)
	d.tenantsOf(spec)
	d.usersOf(spec)
	if options.Prune {
		d.prune()
	}
	d.check()
	if d.err != nil {
		return nil, nil, d.err
	}
	if len(problems.all) > 0 {
		return nil, problems.sorted(spec.files), nil
	}
	if err := d.setPasswords(ctx, remembering(hasher)); err != nil {
		return nil, nil, err
	}
	wanted := d.contents()
	return &Plan{
		Changes:  directory.Diff(current, wanted),
		Warnings: warningsOf(wanted, options),
		Revision: current.Revision,
	}, nil, nil
}

func newUUID() (presence.UUID, error) {
	id, err := uuid.NewV7()
	return presence.UUID(id), err
}
