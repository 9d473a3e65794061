package directory_test

import (
	"testing"
	"time"

	"github.com/muster-presence/muster/internal/directory"
)

func TestSettings_DefaultsAreValid(t *testing.T) {
	t.Parallel()
	if found := directory.DefaultSettings().Validate(); found != nil {
		t.Errorf("violations: %v", found)
	}
	if got := directory.DefaultSettings().OfferableFor(); got != 22500*time.Millisecond {
		t.Errorf("offerable for %s", got)
	}
}

func TestSettings_ValidateNamesTheFieldThatBreaksARule(t *testing.T) {
	t.Parallel()
	for sentence, test := range map[string]struct {
		change func(*directory.Settings)
		field  string
	}{
		"a delay too short":              {func(s *directory.Settings) { s.HeartbeatDelay = 499 * time.Millisecond }, "heartbeatDelay"},
		"a delay too long":               {func(s *directory.Settings) { s.HeartbeatDelay = 61 * time.Second }, "heartbeatDelay"},
		"a delay of microseconds":        {func(s *directory.Settings) { s.HeartbeatDelay += time.Microsecond }, "heartbeatDelay"},
		"no grace":                       {func(s *directory.Settings) { s.HeartbeatGrace = 1 }, "heartbeatGrace"},
		"a silence too long":             {func(s *directory.Settings) { s.NotReadyAfter = 2 * time.Hour }, "notReadyAfter"},
		"an end too late":                {func(s *directory.Settings) { s.EndAfter = 25 * time.Hour }, "endAfter"},
		"an unknown habit":               {func(s *directory.Settings) { s.OfflineWithWork = "never" }, "offlineWithWork"},
		"no work at all":                 {func(s *directory.Settings) { s.WorkLimit = 0 }, "workLimit"},
		"not ready before the grace":     {func(s *directory.Settings) { s.NotReadyAfter = s.OfferableFor() }, "notReadyAfter"},
		"an end no later than not ready": {func(s *directory.Settings) { s.EndAfter = s.NotReadyAfter }, "endAfter"},
	} {
		t.Run(sentence, func(t *testing.T) {
			t.Parallel()
			settings := directory.DefaultSettings()
			test.change(&settings)
			found := settings.Validate()
			if len(found) != 1 || found[0].Field != test.field {
				t.Errorf("violations %v, want one of %s", found, test.field)
			}
		})
	}
}
