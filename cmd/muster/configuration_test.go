package main

import (
	"strings"
	"testing"
)

// Whatever a configuration file holds, it is read or refused with a text.
func FuzzLoadConfiguration(f *testing.F) {
	for _, text := range []string{"", "listen: 127.0.0.1:8080", "listen: [a, b]", "- listen", "listen: &a [*a]", "a: {b: c}", "\"", "listen: !!binary x", "? [a]\n: b"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		settings, err := loadConfiguration(strings.NewReader(text))
		if err != nil && err.Error() == "" {
			t.Fatal("refused without a text")
		}
		if (settings == nil) == (err == nil) {
			t.Fatalf("settings %v and error %v", settings, err)
		}
	})
}
