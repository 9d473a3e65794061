package main

import (
	"fmt"
	"testing"

	"github.com/muster-presence/muster/internal/auth"
	"github.com/muster-presence/muster/internal/provision"
)

// Provisioning checks hashes when it reads a file, to name the line; logging in
// checks them again. What one accepts and the other does not would be a user who
// can never log in.
func TestPasswordHashes_AreAcceptedInFilesExactlyIfLogInsAcceptThem(t *testing.T) {
	t.Parallel()
	accepted := 0
	for _, memory := range []int{0, 7, 8, 16, 19456, 65536, 131072, 131073, 1 << 20} {
		for _, passes := range []int{0, 1, 2, 4, 5, 8, 28, 65536} {
			for _, lanes := range []int{0, 1, 2, 4, 5} {
				hash := fmt.Sprintf("$argon2id$v=19$m=%d,t=%d,p=%d$MDEyMzQ1Njc4OWFiY2RlZg$MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY", memory, passes, lanes)
				logIn := auth.CheckHash(hash) == nil
				_, problems := provision.Parse([]provision.File{{Name: "users.yaml", Content: []byte("users: [{username: a@b.example, passwordHash: '" + hash + "'}]")}})
				if inFile := len(problems) == 0; inFile != logIn {
					t.Errorf("%s: a file accepts it: %t, a log-in: %t (%v)", hash, inFile, logIn, problems)
				}
				if logIn {
					accepted++
				}
			}
		}
	}
	if accepted == 0 {
		t.Error("no hash was accepted at all: the test shows nothing")
	}
}
