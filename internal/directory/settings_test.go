package directory_test

import (
	"math"
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
	if got := directory.DefaultSettings().SilentAfterBeats(); got != 9600*time.Millisecond {
		t.Errorf("silent after beats for %s", got)
	}
}

// A product of decimal fractions is not cut below the millisecond it means, and
// one between two milliseconds is cut to the lower.
func TestSettings_SilencesAreWholeMilliseconds(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		delay time.Duration
		grace float64
		want  time.Duration
	}{
		{time.Second, 4.1, 4100 * time.Millisecond},
		{1001 * time.Millisecond, 2.3, 2302 * time.Millisecond},
		{30 * time.Second, 10, 5 * time.Minute},
	} {
		s := directory.Settings{HeartbeatDelay: test.delay, HeartbeatGrace: test.grace, BeatDelay: test.delay, BeatGrace: test.grace}
		if got := s.SilentAfterBeats(); got != test.want {
			t.Errorf("%s × %v of beats is %s, want %s", test.delay, test.grace, got, test.want)
		}
		if got := s.OfferableFor(); got != test.want {
			t.Errorf("%s × %v of heartbeats is %s, want %s", test.delay, test.grace, got, test.want)
		}
	}
}

func TestSettings_TheEndsOfTheRangesAreValid(t *testing.T) {
	t.Parallel()
	for sentence, change := range map[string]func(*directory.Settings){
		"the shortest beats":     func(s *directory.Settings) { s.BeatDelay = time.Second },
		"the longest beats":      func(s *directory.Settings) { s.BeatDelay, s.BeatGrace = 30*time.Second, 1.5 },
		"the most patient beats": func(s *directory.Settings) { s.BeatGrace = 10 },
		"lost at once":           func(s *directory.Settings) { s.LostAfter = 0 },
		"lost as late as can be": func(s *directory.Settings) { s.LostAfter = 10 * time.Second },
		"lost when held not ready": func(s *directory.Settings) {
			s.LostAfter, s.NotReadyAfter = 10*time.Second, 10*time.Second
			s.HeartbeatDelay = time.Second
		},
		"silent just before a hold": func(s *directory.Settings) { s.BeatDelay, s.BeatGrace = 30*time.Second, 1.9999 },
	} {
		settings := directory.DefaultSettings()
		change(&settings)
		if found := settings.Validate(); found != nil {
			t.Errorf("%s: violations %v", sentence, found)
		}
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
		"beats too fast":                 {func(s *directory.Settings) { s.BeatDelay = 999 * time.Millisecond }, "beatDelay"},
		"beats too slow":                 {func(s *directory.Settings) { s.BeatDelay = 30001 * time.Millisecond }, "beatDelay"},
		"beats of microseconds":          {func(s *directory.Settings) { s.BeatDelay += time.Microsecond }, "beatDelay"},
		"no grace for beats":             {func(s *directory.Settings) { s.BeatGrace = 1 }, "beatGrace"},
		"too much grace for beats":       {func(s *directory.Settings) { s.BeatGrace = 10.1 }, "beatGrace"},
		"no number as grace for beats":   {func(s *directory.Settings) { s.BeatGrace = math.NaN() }, "beatGrace"},
		"lost before closed":             {func(s *directory.Settings) { s.LostAfter = -time.Millisecond }, "lostAfter"},
		"lost too late":                  {func(s *directory.Settings) { s.LostAfter = 10001 * time.Millisecond }, "lostAfter"},
		"lost after microseconds":        {func(s *directory.Settings) { s.LostAfter = time.Microsecond }, "lostAfter"},
		"lost after the hold":            {func(s *directory.Settings) { shortHold(s); s.LostAfter = s.NotReadyAfter + time.Millisecond }, "lostAfter"},
		"not ready before the beats":     {func(s *directory.Settings) { s.BeatGrace = 10; s.NotReadyAfter = s.SilentAfterBeats() }, "notReadyAfter"},
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

// shortHold makes the hold come as early as other timers allow for.
func shortHold(s *directory.Settings) {
	s.HeartbeatDelay, s.BeatDelay, s.NotReadyAfter = time.Second, time.Second, 3*time.Second
}
