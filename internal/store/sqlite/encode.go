package sqlite

import (
	"fmt"

	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

// recordDocs are the stored texts of a record.
type recordDocs struct{ event, after string }

// encoded is a change with the texts of its records.
type encoded struct {
	change store.Change
	docs   []recordDocs
	err    error
}

// encodingAhead is how many changes may be encoded before they are written.
const encodingAhead = 64

// encodeAhead encodes the changes in their order, on another processor while the
// first are being written: a commit of many is then as fast as the driver alone.
// Closing done ends it early; the answer is closed in any case.
func encodeAhead(changes []store.Change, done <-chan struct{}) <-chan encoded {
	ahead := make(chan encoded, min(len(changes), encodingAhead))
	go func() {
		defer close(ahead)
		for _, change := range changes {
			docs, err := encode(change)
			select {
			case ahead <- encoded{change, docs, err}:
			case <-done:
				return
			}
		}
	}()
	return ahead
}

func encode(change store.Change) ([]recordDocs, error) {
	docs := make([]recordDocs, len(change.Records))
	for i, record := range change.Records {
		event, err := presence.EncodeEvent(record.Event)
		if err != nil {
			return nil, err
		}
		after, err := presence.EncodeAgent(record.After)
		if err != nil {
			return nil, fmt.Errorf("encode agent %s: %w", change.Key.Agent, err)
		}
		docs[i] = recordDocs{event: string(event), after: string(after)}
	}
	return docs, nil
}
