package wsapi

import (
	"errors"
	"time"

	"github.com/muster-presence/muster/api"
)

// What a socket's writer is doing.
const (
	idle    = iota // nobody writes
	running        // somebody writes
	again          // somebody writes, and must look once more
)

// wake makes somebody write. It does not wait.
func (k *socket) wake() {
	for {
		switch k.turn.Load() {
		case idle:
			if k.turn.CompareAndSwap(idle, running) {
				go k.write() // ends when there is nothing to send
				return
			}
		case running:
			if k.turn.CompareAndSwap(running, again) {
				return
			}
		default:
			return
		}
	}
}

// write sends what there is. It is for whoever has made the writer's turn
// running.
func (k *socket) write() {
	for {
		if err := k.sendAll(); err != nil {
			code := codeAfterWriting(err)
			k.complain(code, err)
			k.close(code)
			return // the turn stays taken: nothing is written any more
		}
		if k.turn.CompareAndSwap(running, idle) {
			return
		}
		k.turn.Store(running)
	}
}

// sendAll sends frames until none waits.
func (k *socket) sendAll() (err error) {
	defer k.guard(&err)
	buf := k.server.buffers.write()
	defer k.server.buffers.doneWriting(buf)
	for {
		var failed error
		*buf, failed = k.gather((*buf)[:0])
		if len(*buf) > 0 {
			if err := k.link.write(*buf); err != nil {
				return err
			}
		}
		if failed != nil || len(*buf) < writeSize {
			return failed
		}
	}
}

// gather appends frames that wait, up to about the size of a write.
func (k *socket) gather(b []byte) ([]byte, error) {
	for len(b) < writeSize {
		start := len(b)
		framed, _, err := k.sub.Next(k.server.life, beginText(b))
		if err != nil || len(framed) == start+headerRoom {
			return framed[:start], err
		}
		b = endText(framed, start)
	}
	return b, nil
}

// codeAfterWriting is the code of a socket that could not be written to.
func codeAfterWriting(err error) api.CloseCode {
	switch {
	case isTimeout(err):
		return api.CloseSlowConsumer
	case errors.Is(err, errNotWritten), isConnection(err):
		return broken
	}
	return closeCodeOf(err)
}

// beginBeats begins to ask.
func (k *socket) beginBeats() {
	k.beats.mu.Lock()
	defer k.beats.mu.Unlock()
	if !k.beats.ended {
		k.beats.delay = k.told
		k.beats.timer = time.AfterFunc(firstBeat(k.told), k.beat)
	}
}

// beat asks once, and sends the question itself if nobody is writing.
func (k *socket) beat() {
	n, err := k.nextBeat()
	if err != nil {
		k.close(closeCodeOf(err))
		return
	}
	if n == 0 {
		return
	}
	if k.voucher != nil {
		k.voucher.Asked(n)
	}
	mine := k.turn.CompareAndSwap(idle, running)
	k.sub.Beat(n)
	if mine {
		k.write()
	}
}

// nextBeat is the number of the beat to send, 0 if the socket has ended. It sets
// the timer for the next one.
func (k *socket) nextBeat() (n uint64, err error) {
	defer k.guard(&err)
	r, now := k.rhythm(), k.server.clock()
	k.beats.mu.Lock()
	defer k.beats.mu.Unlock()
	switch {
	case k.beats.ended:
		return 0, nil
	case k.beats.silent(now, r.patience):
		return 0, closeError{api.CloseSilent}
	}
	if r.delay != k.beats.delay {
		k.beats.delay = r.delay
		if k.voucher != nil {
			k.voucher.SetBeatDelay(r.delay)
		}
	}
	k.beats.timer.Reset(r.delay)
	return k.beats.ask(now), nil
}
