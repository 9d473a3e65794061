package sqlite

import (
	"bytes"
	"testing"
)

// What is stored may be damaged: it is refused or read as it is, never guessed.
func FuzzDecodeReceipts(f *testing.F) {
	f.Add([]byte(nil))
	f.Add(make([]byte, receiptSize))
	f.Add(bytes.Repeat([]byte{7}, 3*receiptSize))
	f.Add(make([]byte, receiptSize-1))
	f.Fuzz(func(t *testing.T, stored []byte) {
		receipts, err := decodeReceipts(stored)
		if refused := len(stored)%receiptSize != 0; refused != (err != nil) {
			t.Fatalf("%d bytes: %v", len(stored), err)
		}
		if err == nil && !bytes.Equal(encodeReceipts(receipts), stored) {
			t.Fatalf("%x is read as %+v", stored, receipts)
		}
	})
}
