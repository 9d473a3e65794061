package provision_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/muster-presence/muster/internal/directory"
	"github.com/muster-presence/muster/internal/provision"
	"github.com/muster-presence/muster/internal/store"
	"github.com/muster-presence/muster/internal/store/memory"
)

// quickHasher makes strings that look like argon2id at no cost. It counts what
// it is asked.
type quickHasher struct{ hashed, compared int }

func (h *quickHasher) Hash(_ context.Context, password string) (string, error) {
	h.hashed++
	return hashOf(password), nil
}

func (h *quickHasher) Matches(_ context.Context, hash, password string) (bool, error) {
	h.compared++
	return hash == hashOf(password), nil
}

func hashOf(password string) string {
	sum := sha256.Sum256([]byte(password))
	return "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$" + base64.RawStdEncoding.EncodeToString(sum[:])
}

func newStore() store.Directory { return memory.NewDirectory(memory.NewAudit()) }

func file(name, content string) provision.File {
	return provision.File{Name: name, Content: []byte(content)}
}

// tester is what checks need, of a test and of a property's check alike.
type tester interface {
	Helper()
	Context() context.Context
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
	Fatal(args ...any)
}

// apply applies one file that must be accepted.
func apply(t tester, to store.Directory, content string, options provision.Options) provision.Result {
	t.Helper()
	result, err := provision.Apply(t.Context(), to, &quickHasher{}, []provision.File{file("test.yaml", content)}, options)
	if err != nil {
		t.Fatalf("apply: %v\n%s", err, content)
	}
	return result
}

func load(t tester, from store.Directory) *directory.Contents {
	t.Helper()
	contents, err := from.Load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return contents
}

func export(t tester, from store.Directory, withSecrets bool) string {
	t.Helper()
	content, err := provision.Export(t.Context(), from, withSecrets)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// changed tells the changes in short, for comparing.
func changed(changes directory.Changes) []string {
	var told []string
	for _, change := range changes {
		text := string(change.Action) + " " + string(change.Kind) + " " + change.Name
		for _, field := range change.Fields {
			text += " " + field
		}
		told = append(told, text)
	}
	return told
}

func wantSame(t tester, what string, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}
