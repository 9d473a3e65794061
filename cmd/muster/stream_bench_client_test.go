package main

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/textproto"
	"strconv"
	"strings"
	"sync"
	"time"
)

// benchSocket is the cheapest client there is: its own processor time competes
// with that of the server it measures. It masks with zeros.
type benchSocket struct {
	conn    net.Conn
	in      *bufio.Reader
	payload []byte
	cursor  string // in the last frame that had one
	writing sync.Mutex

	welcomed string // the first frame's cursor
}

// benchHello is where to connect and what each client says first.
type benchHello struct {
	Path  string
	Texts []string
}

func dialBench(address, path, from string) (*benchSocket, error) {
	dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}, Timeout: 30 * time.Second}
	conn, err := dialer.Dial("tcp", address)
	if err != nil {
		return nil, err
	}
	s := &benchSocket{conn: conn, in: bufio.NewReaderSize(conn, 512)}
	_ = conn.SetDeadline(time.Now().Add(30 * time.Second))
	fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n", path, address)
	text := textproto.NewReader(s.in)
	status, err := text.ReadLine()
	if err == nil && !strings.Contains(status, " 101 ") {
		err = errors.New(status)
	}
	if err == nil {
		_, err = text.ReadMIMEHeader()
	}
	if err != nil {
		_ = conn.Close()
		return nil, err
	}
	_ = conn.SetDeadline(time.Time{})
	return s, nil
}

// greet says hello and waits for the first frame.
func (s *benchSocket) greet(hello string) error {
	if err := s.write([]byte(hello)); err != nil {
		return err
	}
	_ = s.conn.SetReadDeadline(time.Now().Add(30 * time.Second))
	payload, err := s.next()
	_ = s.conn.SetReadDeadline(time.Time{})
	s.note(payload)
	s.welcomed = s.cursor
	return err
}

// serve answers beats and hands every other frame on until the connection ends.
func (s *benchSocket) serve(take func(payload []byte)) error {
	for {
		payload, err := s.next()
		if err != nil {
			return err
		}
		if n, ok := beatNumber(payload); ok {
			if err := s.write(append(strconv.AppendUint([]byte(`{"type":"beat","n":`), n, 10), '}')); err != nil {
				return err
			}
			continue
		}
		s.note(payload)
		if take != nil {
			take(payload)
		}
	}
}

// note remembers a frame's cursor.
func (s *benchSocket) note(payload []byte) {
	if _, rest, ok := bytes.Cut(payload[:min(len(payload), 256)], []byte(`"cursor":"`)); ok {
		cursor, _, _ := bytes.Cut(rest, []byte(`"`))
		s.cursor = string(cursor)
	}
}

func beatNumber(payload []byte) (uint64, bool) {
	rest, ok := bytes.CutPrefix(payload, []byte(`{"type":"beat","n":`))
	if !ok {
		return 0, false
	}
	end := bytes.IndexAny(rest, ",}")
	n, err := strconv.ParseUint(string(rest[:end]), 10, 64)
	return n, err == nil
}

// next is the next frame's payload, valid until the next call.
func (s *benchSocket) next() ([]byte, error) {
	var head [10]byte
	if _, err := io.ReadFull(s.in, head[:2]); err != nil {
		return nil, err
	}
	size := uint64(head[1] & 0x7f)
	switch size {
	case 126:
		if _, err := io.ReadFull(s.in, head[2:4]); err != nil {
			return nil, err
		}
		size = uint64(binary.BigEndian.Uint16(head[2:]))
	case 127:
		if _, err := io.ReadFull(s.in, head[2:10]); err != nil {
			return nil, err
		}
		size = binary.BigEndian.Uint64(head[2:])
	}
	if uint64(cap(s.payload)) < size {
		s.payload = make([]byte, size)
	}
	payload := s.payload[:size]
	if _, err := io.ReadFull(s.in, payload); err != nil {
		return nil, err
	}
	if head[0]&0x0f == 8 {
		return nil, fmt.Errorf("closed by the server: %q", payload)
	}
	return payload, nil
}

func (s *benchSocket) write(payload []byte) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	frame := make([]byte, 0, len(payload)+8)
	frame = append(frame, 0x81)
	if len(payload) < 126 {
		frame = append(frame, 0x80|byte(len(payload)))
	} else {
		frame = append(frame, 0x80|126)
		frame = binary.BigEndian.AppendUint16(frame, uint16(len(payload)))
	}
	frame = append(frame, 0, 0, 0, 0)
	_, err := s.conn.Write(append(frame, payload...))
	return err
}

// cut breaks the connection without a word.
func (s *benchSocket) cut() {
	_ = s.conn.(*net.TCPConn).SetLinger(0)
	_ = s.conn.Close()
}
