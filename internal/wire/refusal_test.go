package wire_test

import (
	"testing"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/wire"
)

// Each refusal has the status that the contract promises.
func TestRefusal_HasTheContractsCode(t *testing.T) {
	t.Parallel()
	for refused, want := range map[presence.RefusalCode]api.Code{
		presence.RefusedNoSession:         api.CodeNoSession,
		presence.RefusedSessionEnded:      api.CodeSessionEnded,
		presence.RefusedSessionSuperseded: api.CodeSessionSuperseded,
		presence.RefusedNoExtension:       api.CodeNoExtension,
		presence.RefusedWorkOpen:          api.CodeWorkOpen,
		presence.RefusedTooMuchWork:       api.CodeBadRequest,
		presence.RefusedUndecided:         api.CodeInternal,
		"a refusal of tomorrow":           api.CodeInternal,
	} {
		got := wire.Refusal(&presence.Refusal{Code: refused, Work: []presence.Work{voice}})
		if got.Code != want || got.Message == "" {
			t.Errorf("%s became %s: %q", refused, got.Code, got.Message)
		}
		if (len(got.Work) == 1) != (refused == presence.RefusedWorkOpen) {
			t.Errorf("%s lists %v", refused, got.Work)
		}
	}
}

func TestRefusal_ListsTheOpenWork(t *testing.T) {
	t.Parallel()
	got := wire.Refusal(&presence.Refusal{Code: presence.RefusedWorkOpen, Work: []presence.Work{voice}}).Work[0]
	if got.InteractionID != callID.String() || got.Channel != "voice" {
		t.Errorf("lists %+v", got)
	}
	if list := wire.WorkList(nil); list == nil {
		t.Error("no work is null instead of an empty list")
	}
}
