package sdk

import "sync"

// memory keeps which session could be resumed, by way of [Options.Resume]. Whoever tells it does not wait: what was told last is
// saved by a goroutine that exists only while there is something to save.
type memory struct {
	core *core

	mu     sync.Mutex // guards the fields below
	next   *ResumePoint
	saving bool
}

func (m *memory) put(point ResumePoint) {
	if m.core.options.Resume == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.next = &point
	if !m.saving {
		m.saving = m.core.callbacks.begin("Options.Resume", m.save)
	}
}

func (m *memory) save() {
	for {
		point := m.take()
		if point == nil {
			return
		}
		m.core.callbacks.shield("Options.Resume.Save", func() { // from which the next one is saved all the same
			if err := m.core.options.Resume.Save(*point); err != nil {
				m.core.log.Warn("the session cannot be remembered", "error", err)
			}
		})
	}
}

func (m *memory) take() *ResumePoint {
	m.mu.Lock()
	defer m.mu.Unlock()
	point := m.next
	m.next, m.saving = nil, point != nil
	return point
}
