package engine

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/muster-presence/muster/internal/store"
)

// receiptLife is how long a request with an idempotency key is remembered.
const receiptLife = 10 * time.Minute

// replay answers a call that repeats one already carried out; done is false if
// it does not.
func (b *batch) replay(ctx context.Context, c *call, d *draft) (done bool, err error) {
	i := slices.IndexFunc(d.receipts, func(r store.Receipt) bool {
		return r.Key == c.Idempotency.Key && b.at.Sub(r.At) < receiptLife
	})
	if i < 0 {
		return false, nil
	}
	receipt := d.receipts[i]
	if receipt.Body != c.Idempotency.Body {
		return true, ErrReceiptMismatch
	}
	record, err := b.record(ctx, c, receipt.Seq)
	if err != nil {
		return true, err
	}
	c.answer = Answer{At: b.at, Agent: record.After, Last: record.Event, Replayed: true}
	return true, nil
}

// record finds the record that answered a call: in this batch or in the log.
func (b *batch) record(ctx context.Context, c *call, seq store.Seq) (store.Record, error) {
	for _, change := range b.changes {
		for _, record := range change.Records {
			if record.Key.Tenant == c.Key.Tenant && record.Seq == seq {
				return record, nil
			}
		}
	}
	record, err := b.worker.engine.storage.Record(ctx, c.Key.Tenant, seq)
	if errors.Is(err, store.ErrNotFound) {
		return store.Record{}, &store.Unavailable{Reason: "the answer to the first request is gone", Hint: "send the request with a new idempotency key", Cause: err}
	}
	return record, err
}

// withReceipt adds a receipt, without the one of the same key that it replaces
// and the oldest if there are too many. It does not write to receipts.
func withReceipt(receipts []store.Receipt, receipt store.Receipt) []store.Receipt {
	kept := make([]store.Receipt, 0, len(receipts)+1)
	for _, r := range receipts {
		if r.Key != receipt.Key && receipt.At.Sub(r.At) < receiptLife {
			kept = append(kept, r)
		}
	}
	if extra := len(kept) + 1 - store.MaxReceipts; extra > 0 {
		kept = kept[extra:]
	}
	return append(kept, receipt)
}
