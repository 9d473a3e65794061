package terminal

import (
	"bytes"
	"unicode/utf8"
)

// Key is a key that was pressed: a letter or sign as its rune, or one of those below.
type Key rune

// The keys that are no letters. Unknown ones are left out.
const (
	Enter     Key = '\r'
	Tab       Key = '\t'
	Escape    Key = 0x1b
	Backspace Key = 0x7f
	CtrlC     Key = 0x03
	CtrlL     Key = 0x0c

	Up Key = -1 - iota
	Down
	Left
	Right
	Home
	End
	PageUp
	PageDown
)

// sequences are what terminals send for keys that are no letters.
var sequences = map[string]Key{
	"[A": Up, "OA": Up, "[B": Down, "OB": Down, "[C": Right, "OC": Right, "[D": Left, "OD": Left,
	"[H": Home, "OH": Home, "[1~": Home, "[7~": Home, "[F": End, "OF": End, "[4~": End, "[8~": End,
	"[5~": PageUp, "[6~": PageDown,
}

// decode reads the keys from what the terminal sent at once. An escape with nothing behind it is the key of that name; what it begins
// and nobody knows is passed over as a whole. The rest is a letter that has not come whole yet.
func decode(sent []byte) (keys []Key, rest []byte) {
	for len(sent) > 0 {
		if sent[0] == byte(Escape) {
			key, length := escaped(sent)
			if key != 0 {
				keys = append(keys, key)
			}
			sent = sent[length:]
			continue
		}
		if !utf8.FullRune(sent) {
			return keys, sent
		}
		r, length := utf8.DecodeRune(sent)
		sent = sent[length:]
		if key := named(r); key != 0 {
			keys = append(keys, key)
		}
	}
	return keys, nil
}

// escaped reads what begins with an escape. The key is 0 for what is passed over.
func escaped(sent []byte) (key Key, length int) {
	if len(sent) == 1 || sent[1] == byte(Escape) {
		return Escape, 1
	}
	if sent[1] != '[' && sent[1] != 'O' {
		return 0, 1 + max(1, lengthOfRune(sent[1:])) // a letter with the alt key
	}
	end := bytes.IndexFunc(sent[2:], func(r rune) bool { return r >= '@' && r <= '~' })
	if end < 0 {
		return 0, len(sent)
	}
	length = 2 + end + 1
	return sequences[string(sent[1:length])], length
}

func lengthOfRune(text []byte) int {
	_, length := utf8.DecodeRune(text)
	return length
}

func named(r rune) Key {
	switch {
	case r == '\n':
		return Enter
	case r == '\b':
		return Backspace
	case r == utf8.RuneError:
		return 0
	case r >= ' ', Key(r) == Enter, Key(r) == Tab, Key(r) == CtrlC, Key(r) == CtrlL:
		return Key(r)
	}
	return 0
}

// Letter tells whether the key is one to type, and which.
func (k Key) Letter() (rune, bool) { return rune(k), k >= ' ' && k != Backspace }
