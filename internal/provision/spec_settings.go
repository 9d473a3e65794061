package provision

import (
	"time"

	"github.com/muster-presence/muster/internal/directory"
)

type settingsSpec struct {
	at              Position
	places          map[string]Position // of the fields that the file has
	heartbeatDelay  opt[time.Duration]
	heartbeatGrace  opt[float64]
	beatDelay       opt[time.Duration]
	beatGrace       opt[float64]
	lostAfter       opt[time.Duration]
	notReadyAfter   opt[time.Duration]
	endAfter        opt[time.Duration]
	offlineWithWork opt[string]
	workLimit       opt[int]
}

func readSettings(m *mapping) settingsSpec {
	if taken, present := m.take("settings"); present && !taken.wrong && taken.isNull() {
		m.problems.add(taken.at, "has no value: write some, or remove the line to keep what there is")
		return settingsSpec{}
	}
	read := section(m, "settings", func(m *mapping) settingsSpec {
		return settingsSpec{
			at:              m.at,
			places:          m.places(),
			heartbeatDelay:  scalar(m, "heartbeatDelay", duration),
			heartbeatGrace:  scalar(m, "heartbeatGrace", number),
			beatDelay:       scalar(m, "beatDelay", duration),
			beatGrace:       scalar(m, "beatGrace", number),
			lostAfter:       scalar(m, "lostAfter", duration),
			notReadyAfter:   scalar(m, "notReadyAfter", duration),
			endAfter:        scalar(m, "endAfter", duration),
			offlineWithWork: scalar(m, "offlineWithWork", line),
			workLimit:       scalar(m, "workLimit", integer),
		}
	})
	return read.value
}

// over returns the settings with what the file says written over them.
func (s settingsSpec) over(current directory.Settings) directory.Settings {
	return directory.Settings{
		HeartbeatDelay:  s.heartbeatDelay.or(current.HeartbeatDelay),
		HeartbeatGrace:  s.heartbeatGrace.or(current.HeartbeatGrace),
		BeatDelay:       s.beatDelay.or(current.BeatDelay),
		BeatGrace:       s.beatGrace.or(current.BeatGrace),
		LostAfter:       s.lostAfter.or(current.LostAfter),
		NotReadyAfter:   s.notReadyAfter.or(current.NotReadyAfter),
		EndAfter:        s.endAfter.or(current.EndAfter),
		OfflineWithWork: directory.OfflineWithWork(s.offlineWithWork.or(string(current.OfflineWithWork))),
		WorkLimit:       s.workLimit.or(current.WorkLimit),
	}
}

// place returns where a setting stands, or the settings if the file lacks it.
func (s settingsSpec) place(name string) Position {
	if at, ok := s.places[name]; ok {
		return at
	}
	at := s.at
	at.Path = join(at.Path, name)
	return at
}
