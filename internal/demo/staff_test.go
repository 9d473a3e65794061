package demo

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestNameOf_UserNamesAreUniqueAndCanBeTypedEverywhere(t *testing.T) {
	t.Parallel()
	if len(firstNames) != len(lastNames) {
		t.Fatalf("%d first and %d last names: the lists must be of one length", len(firstNames), len(lastNames))
	}
	for _, seed := range []uint64{1, 1 << 63} {
		taken := make(map[string]int)
		for i := range MaxAgents {
			username := Username(i, seed)
			if before, twice := taken[username]; twice {
				t.Fatalf("with seed %d agents %d and %d are both %s", seed, before, i, username)
			}
			if taken[username] = i; strings.Trim(username, "abcdefghijklmnopqrstuvwxyz0123456789.@") != "" {
				t.Fatalf("agent %d is %q", i, username)
			}
		}
	}
}

func TestNameOf_PeopleAreNumberedOnlyWhenNamesRunOut(t *testing.T) {
	t.Parallel()
	combinations := len(firstNames) * len(lastNames)
	full := make(map[string]bool)
	for i := range combinations {
		name := NameOf(i, 1)
		full[name.First+" "+name.Last] = true
		if strings.ContainsAny(name.Username, "0123456789") {
			t.Fatalf("agent %d of %d is numbered: %s", i, combinations, name.Username)
		}
	}
	if len(full) != combinations {
		t.Errorf("%d people have %d names", combinations, len(full))
	}
	if got, want := NameOf(combinations, 1).Username, "amelie.brandt2@demo.example"; got != want {
		t.Errorf("after all names comes %s, not %s", got, want)
	}
}

func TestStaffFile_IsTheSameForTheSameSeed(t *testing.T) {
	t.Parallel()
	first := StaffFile(50, 1, "hash")
	if !bytes.Equal(first, StaffFile(50, 1, "hash")) {
		t.Error("the same seed gives another file")
	}
	if bytes.Equal(first, StaffFile(50, 2, "hash")) {
		t.Error("another seed gives the same file")
	}
	if !bytes.HasPrefix(StaffFile(51, 1, "hash"), first) {
		t.Error("with one agent more the others are others")
	}
	if !utf8.Valid(first) {
		t.Error("the file is not UTF-8")
	}
}
