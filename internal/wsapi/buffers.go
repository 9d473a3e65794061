package wsapi

import "sync"

const (
	// writeSize is about how much is gathered into one write, in bytes.
	writeSize = 16 << 10
	// keptBuffer is the size of the largest buffer that is kept for others: a
	// frame is seldom larger.
	keptBuffer = 128 << 10
)

// buffers are lent to sockets while they read or write something; an idle socket
// has none.
type buffers struct{ reading, writing sync.Pool }

func newBuffers() *buffers {
	b := new(buffers)
	b.reading.New = func() any { return new(make([]byte, 0, maxMessage)) }
	b.writing.New = func() any { return new(make([]byte, 0, 1<<10)) }
	return b
}

// read lends a buffer with room for the largest message.
func (b *buffers) read() *[]byte { return b.reading.Get().(*[]byte) }

func (b *buffers) doneReading(buf *[]byte) {
	*buf = (*buf)[:0]
	b.reading.Put(buf)
}

// write lends a buffer of any size.
func (b *buffers) write() *[]byte { return b.writing.Get().(*[]byte) }

func (b *buffers) doneWriting(buf *[]byte) {
	if cap(*buf) <= keptBuffer {
		*buf = (*buf)[:0]
		b.writing.Put(buf)
	}
}
