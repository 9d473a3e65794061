package wsapi

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/gobwas/ws"

	"github.com/muster-presence/muster/api"
)

// linked is a link and the client's end of its connection.
func linked(early string) (*link, *memoryConn) {
	client, server := connect(home, 1<<20)
	return newLink(server, []byte(early), newBuffers(), func() time.Duration { return 0 }), client
}

func TestLink_ReadsMessagesOfAnySizeAndInAnyPieces(t *testing.T) {
	t.Parallel()
	for _, size := range []int{0, 1, 125, 126, 130, 138, 139, 144, 145, 146, 1000, maxMessage} {
		want := strings.Repeat("ü", size/2) + strings.Repeat("x", size%2)
		for name, sent := range map[string]string{
			"whole":     text(want),
			"fragments": masked(ws.OpText, false, want[:size/3]) + masked(ws.OpPing, true, "?") + masked(ws.OpContinuation, false, want[size/3:size/2]) + masked(ws.OpContinuation, true, want[size/2:]),
		} {
			for _, early := range []int{0, 1, len(sent) / 2, len(sent)} {
				l, client := linked(sent[:early])
				_, _ = io.WriteString(client, sent[early:]+text("next"))
				for _, want := range []string{want, "next"} {
					if got, err := l.read(); string(got) != want || err != nil {
						t.Fatalf("%s of %d bytes, %d of them early: got %d bytes, %v", name, size, early, len(got), err)
					}
				}
				_ = client.Close()
				if _, err := l.read(); !isConnection(err) || len(l.in) != smallRead {
					t.Fatalf("the link keeps %d bytes to read into", len(l.in))
				}
			}
		}
	}
}

func TestLink_ReadsByteByByte(t *testing.T) {
	t.Parallel()
	want := strings.Repeat("x", 300)
	l, client := linked("")
	go func() {
		for _, b := range []byte(masked(ws.OpPing, true, "?") + text(want)) {
			_, _ = client.Write([]byte{b})
		}
	}()
	if got, err := l.read(); string(got) != want || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestLink_ReadsABeatAtOnceAndKeepsNothing(t *testing.T) {
	l, client := linked("")
	beat := text(`{"type":"beat","n":123456789}`)
	server := l.conn.(*memoryConn)
	for range 10 {
		before := server.reads.Load()
		_, _ = io.WriteString(client, beat)
		got, err := l.read()
		if said, wrong := parseAnswer(got); err != nil || wrong != nil || said.beat != 123456789 {
			t.Fatalf("got %+v, %v, %v", said, err, wrong)
		}
		if n := server.reads.Load() - before; n != 1 {
			t.Errorf("a beat takes %d reads", n)
		}
	}
	var frame [64]byte
	n := copy(frame[:], beat)
	l.clock = func() time.Duration { return time.Hour }
	if allocs := testing.AllocsPerRun(100, func() {
		l.r, l.w = 0, copy(l.in, frame[:n])
		l.frames = 0
		got, _ := l.read()
		_, _ = parseAnswer(got)
	}); allocs != 0 {
		t.Errorf("a beat allocates %g times", allocs)
	}
}

func TestLink_SendsFramesOfAnySize(t *testing.T) {
	t.Parallel()
	var all []byte
	sizes := []int{0, 1, 125, 126, 127, 65535, 65536, 200_000}
	for _, size := range sizes {
		start := len(all)
		all = append(beginText(all), bytes.Repeat([]byte{byte('a' + start%26)}, size)...)
		all = endText(all, start)
	}
	l, client := linked("")
	if err := l.write(all); err != nil || l.conn.(*memoryConn).writes.Load() != 1 {
		t.Fatalf("%d writes, %v", l.conn.(*memoryConn).writes.Load(), err)
	}
	for _, size := range sizes {
		f, err := ws.ReadFrame(client)
		if err != nil || ws.CheckHeader(f.Header, ws.StateClientSide) != nil || !f.Header.Fin || f.Header.OpCode != ws.OpText || len(f.Payload) != size || strings.Trim(string(f.Payload), string(f.Payload[:min(size, 1)])) != "" {
			t.Fatalf("got %+v, %v, want %d bytes", f.Header, err, size)
		}
	}
}

func TestLink_AnswersPingsAndCloseFrames(t *testing.T) {
	t.Parallel()
	l, client := linked("")
	_, _ = io.WriteString(client, masked(ws.OpPing, true, "a")+masked(ws.OpPong, true, "b")+masked(ws.OpClose, true, "\x03\xe8bye"))
	if _, err := l.read(); !errors.Is(err, errLeft) {
		t.Errorf("got %v, want that the client left", err)
	}
	if err := l.write(endText(beginText(nil), 0)); !errors.Is(err, errNotWritten) {
		t.Errorf("after the close frame a write says %v", err)
	}
	l.drop()
	got, _ := io.ReadAll(client)
	if want := "\x8a\x01a\x88\x02\x03\xe8"; string(got) != want {
		t.Errorf("the client got %q, want %q", got, want)
	}
}

func TestLink_GivesBackItsBuffers(t *testing.T) {
	t.Parallel()
	l, client := linked("")
	_, _ = io.WriteString(client, text(strings.Repeat("x", 1000))+text("y"))
	_, _ = l.read()
	if l.message == nil {
		t.Fatal("a large message is in no buffer")
	}
	if _, _ = l.read(); l.message != nil {
		t.Error("the buffer is kept")
	}
	_, _ = io.WriteString(client, masked(ws.OpText, false, strings.Repeat("x", 1000)))
	_ = client.Close()
	_, _ = l.read()
	if l.drop(); l.message != nil {
		t.Error("the buffer is kept when the connection ends")
	}
}

func FuzzParseHeader_ReadsWhatTheLibraryReads(f *testing.F) {
	for _, seed := range []string{"", "\x81", "\x81\x80\x01\x02\x03\x04", "\x81\xfe\x00\x80\x01\x02\x03\x04", "\x81\xff\x00\x00\x00\x00\x00\x01\x00\x00\x01\x02\x03\x04", "\x88\x7f\xff", "\x01\xff\xff\x00\x00\x00\x00\x00\x00\x00"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		rest := bytes.NewReader(b)
		want, failed := ws.ReadHeader(rest)
		got, size, err := parseHeader(b)
		switch incomplete := errors.Is(failed, io.EOF) || errors.Is(failed, io.ErrUnexpectedEOF); {
		case incomplete:
			// The library looks at the length's first bit only when the mask has come.
			if size != 0 {
				t.Errorf("%x: size %d of a header that is not whole", b, size)
			}
		case failed != nil:
			if err == nil {
				t.Errorf("%x: no error, want %v", b, failed)
			}
		case err != nil || got != want || size != len(b)-rest.Len():
			t.Errorf("%x: got %+v, %d, %v, want %+v, %d", b, got, size, err, want, len(b)-rest.Len())
		}
	})
}

func FuzzLink_TakesAnyBytes(f *testing.F) {
	for _, seed := range []string{
		text(`{"type":"beat","n":1}`), text(strings.Repeat("x", 200)), masked(ws.OpText, false, "{") + masked(ws.OpContinuation, true, "}"),
		masked(ws.OpPing, true, "x"), masked(ws.OpClose, true, "\x03\xe8"), text("\xff"), "\x81\xff\x7f\xff\xff\xff\xff\xff\xff\xff\x00\x00\x00\x00", "GET / HTTP/1.1\r\n\r\n",
	} {
		f.Add([]byte(seed), 0)
		f.Add([]byte(seed), 3)
	}
	f.Fuzz(func(t *testing.T, b []byte, early int) {
		early = min(max(early, 0), len(b))
		l, client := linked(string(b[:early]))
		client.out.limit = len(b) + 1
		_, _ = client.Write(b[early:])
		client.out.end()
		for {
			message, err := l.read()
			if err == nil {
				if len(message) > maxMessage || !utf8.Valid(message) {
					t.Fatalf("read %q", message)
				}
				continue
			}
			if code := codeAfter(err); code != broken && code != noCode && reasonOf(code) == "" {
				t.Errorf("%v closes with %d, which says nothing", err, code)
			}
			l.shut(api.CloseBadFrame, "x")
			return
		}
	})
}
