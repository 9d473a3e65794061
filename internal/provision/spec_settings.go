package provision

import (
	"time"

	"github.com/muster-presence/muster/internal/directory"
)

type settingsSpec struct {
	at              Position
	given           bool
	heartbeatDelay  opt[time.Duration]
	heartbeatGrace  opt[float64]
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
			given:           true,
			heartbeatDelay:  scalar(m, "heartbeatDelay", duration),
			heartbeatGrace:  scalar(m, "heartbeatGrace", number),
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
		NotReadyAfter:   s.notReadyAfter.or(current.NotReadyAfter),
		EndAfter:        s.endAfter.or(current.EndAfter),
		OfflineWithWork: directory.OfflineWithWork(s.offlineWithWork.or(string(current.OfflineWithWork))),
		WorkLimit:       s.workLimit.or(current.WorkLimit),
	}
}

// place returns where a setting stands, or the settings if the file lacks it.
func (s settingsSpec) place(name string) Position {
	for field, at := range map[string]struct {
		set bool
		at  Position
	}{
		"heartbeatDelay":  {s.heartbeatDelay.set, s.heartbeatDelay.at},
		"heartbeatGrace":  {s.heartbeatGrace.set, s.heartbeatGrace.at},
		"notReadyAfter":   {s.notReadyAfter.set, s.notReadyAfter.at},
		"endAfter":        {s.endAfter.set, s.endAfter.at},
		"offlineWithWork": {s.offlineWithWork.set, s.offlineWithWork.at},
		"workLimit":       {s.workLimit.set, s.workLimit.at},
	} {
		if field == name && at.set {
			return at.at
		}
	}
	at := s.at
	at.Path = join(at.Path, name)
	return at
}
