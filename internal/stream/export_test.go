package stream

// Waiting is what waits for the client as it will be sent: events, and rows of
// snapshots. It is the queue's own memory.
func (s *Subscription) Waiting() (encoded [][]byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, i := range s.queue.rest() {
		if i.kind == anEvent {
			encoded = append(encoded, i.encoded)
		}
		if i.snapshot != nil {
			encoded = append(encoded, i.snapshot.rows...)
		}
	}
	return encoded
}
