package sqlite

import (
	"encoding/binary"
	"fmt"

	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

// receiptSize is the stored size of a receipt: two digests, time and number.
const receiptSize = 16 + 16 + 8 + 8

// encodeReceipts returns nil for none, which is how most agents' rows are.
func encodeReceipts(receipts []store.Receipt) []byte {
	if len(receipts) == 0 {
		return nil
	}
	b := make([]byte, 0, len(receipts)*receiptSize)
	for _, r := range receipts {
		b = append(b, r.Key[:]...)
		b = append(b, r.Body[:]...)
		b = binary.BigEndian.AppendUint64(b, uint64(r.At))
		b = binary.BigEndian.AppendUint64(b, uint64(r.Seq))
	}
	return b
}

func decodeReceipts(b []byte) ([]store.Receipt, error) {
	if len(b)%receiptSize != 0 {
		return nil, fmt.Errorf("receipts of %d bytes are no multiple of %d", len(b), receiptSize)
	}
	var receipts []store.Receipt
	for ; len(b) > 0; b = b[receiptSize:] {
		receipts = append(receipts, store.Receipt{
			Key:  [16]byte(b[0:16]),
			Body: [16]byte(b[16:32]),
			At:   presence.Instant(binary.BigEndian.Uint64(b[32:])),
			Seq:  store.Seq(binary.BigEndian.Uint64(b[40:])),
		})
	}
	return receipts, nil
}
