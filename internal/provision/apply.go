package provision

import (
	"context"
	"errors"
	"fmt"

	"github.com/muster-presence/muster/internal/directory"
	"github.com/muster-presence/muster/internal/store"
)

// Result is what applying files did, or would do in a dry run.
type Result struct {
	Changes  directory.Changes
	Warnings []Warning
	// Applied says that the changes were made. It is false in a dry run, and
	// where there was nothing to change.
	Applied bool
}

// maxAttempts bounds how often a plan is made anew because somebody else applied
// files meanwhile.
const maxAttempts = 5

// Apply makes the directory what the files say: all of it, or nothing. The error
// is a [Problems] for files that are refused; otherwise it is the store's or the
// hasher's.
func Apply(ctx context.Context, to store.Directory, hasher Hasher, files []File, options Options) (Result, error) {
	spec, _ := Parse(files) // the plan answers the problems, with its own
	hasher = remembering(hasher)
	for attempt := 1; ; attempt++ {
		result, err := applySpec(ctx, to, hasher, spec, options)
		if !errors.Is(err, store.ErrStale) || attempt == maxAttempts {
			return result, err
		}
	}
}

func applySpec(ctx context.Context, to store.Directory, hasher Hasher, spec *Spec, options Options) (Result, error) {
	current, err := to.Load(ctx)
	if err != nil {
		return Result{}, fmt.Errorf("load the directory: %w", err)
	}
	plan, problems, err := NewPlan(ctx, current, spec, hasher, options)
	if err != nil {
		return Result{}, fmt.Errorf("plan: %w", err)
	}
	if len(problems) > 0 {
		return Result{}, Problems(problems)
	}
	result := Result{Changes: plan.Changes, Warnings: plan.Warnings}
	if options.DryRun || len(plan.Changes) == 0 {
		return result, nil
	}
	entries, err := auditOf(plan.Changes, current, options)
	if err != nil {
		return Result{}, err
	}
	if err := to.Apply(ctx, plan.Revision, plan.Changes, entries); err != nil {
		return Result{}, fmt.Errorf("apply the plan: %w", err)
	}
	result.Applied = true
	return result, nil
}
