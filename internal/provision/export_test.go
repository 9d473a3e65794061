package provision_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/directory"
	"github.com/muster-presence/muster/internal/provision"
	"github.com/muster-presence/muster/internal/store"
)

func TestExport_HoldsHashesOnlyWithSecrets(t *testing.T) {
	t.Parallel()
	from := newStore()
	apply(t, from, small, provision.Options{})
	if content := export(t, from, false); strings.Contains(content, "argon2id") || strings.Contains(content, "sesame") {
		t.Error("a secret was exported")
	}
	if content := export(t, from, true); !strings.Contains(content, hashOf("open sesame")) || strings.Contains(content, "sesame") {
		t.Error("the hash was not exported, or the password was")
	}
}

func TestExport_AppliesBackToNoChangeAndToAnEmptyDirectoryAsTheSame(t *testing.T) {
	t.Parallel()
	demo, err := os.ReadFile("../../examples/demo.yaml")
	if err != nil {
		t.Fatal(err)
	}
	from := newStore()
	apply(t, from, string(demo), provision.Options{})
	roundTrip(t, from)
}

func TestExport_RoundTripsWhateverFilesSay(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		from := newStore()
		content := drawFile(r)
		apply(r, from, content, provision.Options{})
		if again := apply(r, from, content, provision.Options{Prune: true}); len(again.Changes) > 0 {
			r.Fatalf("the second time changed %v", changed(again.Changes))
		}
		roundTrip(r, from)
	})
}

// roundTrip exports a directory and applies the file to it and to an empty one.
func roundTrip(t tester, from store.Directory) {
	t.Helper()
	for _, withSecrets := range []bool{false, true} {
		content := export(t, from, withSecrets)
		if again := apply(t, from, content, provision.Options{Prune: withSecrets}); len(again.Changes) > 0 {
			t.Fatalf("the export changed %v\n%s", changed(again.Changes), content)
		}
		to := newStore()
		apply(t, to, content, provision.Options{})
		if other := export(t, to, withSecrets); other != content {
			t.Fatalf("an empty directory became\n%s\nnot\n%s", other, content)
		}
	}
}

// drawFile returns a random file that is right.
func drawFile(r *rapid.T) string {
	names := rapid.SliceOfNDistinct(rapid.StringMatching(`[a-z][a-z0-9]{0,3}`), 4, 4, rapid.ID[string]).Draw(r, "keys")
	text := func(label string) string { return fmt.Sprintf("%q", drawText(r, label)) }
	boolean := func(label string) bool { return rapid.Bool().Draw(r, label) }
	var f strings.Builder
	fmt.Fprintf(&f, "regions: [{key: %q, name: %s}]\ntenants:\n", names[0], text("region"))
	for _, key := range names[:rapid.IntRange(1, 2).Draw(r, "tenants")] {
		fmt.Fprintf(&f, "  - key: %q\n    name: %s\n    timezone: Asia/Kolkata\n    region: %q\n    active: %t\n", key, text("tenant"), names[0], boolean("active"))
		fmt.Fprintf(&f, "    settings: {workLimit: %d, endAfter: %dms, beatDelay: %dms, lostAfter: %dms}\n", rapid.IntRange(1, 100).Draw(r, "limit"),
			rapid.IntRange(60001, 86400000).Draw(r, "end"), rapid.IntRange(1000, 24000).Draw(r, "beats"), rapid.IntRange(0, 10000).Draw(r, "lost"))
		fmt.Fprintf(&f, "    roles: [{key: %q, permissions: [%s]}]\n", names[1], drawPermissions(r))
		fmt.Fprintf(&f, "    groups: [{key: %q, name: %s, description: %s}]\n", names[2], text("group"), text("description"))
		fmt.Fprintf(&f, "    reasonLists:\n      - key: %q\n        default: %t\n        externalId: %s\n        reasons: [{key: r, name: %s, sortOrder: %d, hierarchy: [%s]}, {key: s}]\n",
			names[3], boolean("default"), text("external"), text("reason"), rapid.IntRange(-9, 9).Draw(r, "order"), text("category"))
		if boolean("outbound") {
			fmt.Fprintf(&f, "    outboundIntegration: {name: %s, type: dialer}\n", text("outbound name"))
			fmt.Fprintf(&f, "    identityProviders: [{key: idp, client: %s, domain: %s}]\n", text("client"), text("domain"))
		}
	}
	fmt.Fprintf(&f, "users:\n  - username: %q\n    firstName: %s\n    active: %t\n    defaultTenant: %q\n", names[1]+"@x", text("first name"), boolean("active user"), names[0])
	if boolean("password") {
		fmt.Fprintf(&f, "    passwordHash: %q\n", hashOf(drawText(r, "password")))
		fmt.Fprintf(&f, "    platformRole: {name: %s, permissions: [%s]}\n", text("platform role"), drawPermissions(r))
	}
	fmt.Fprintf(&f, "    tenants:\n      - tenant: %q\n        roles: [%q]\n        groups: [%q]\n        skills: [%s]\n        reasonLists: [%q]\n",
		names[0], names[1], names[2], text("skill"), names[3])
	fmt.Fprintf(&f, "        extensions: [{type: sip, value: x, description: %s}, {type: webrtc, value: y, provider: p}]\n", text("extension"))
	if boolean("active extension") {
		fmt.Fprintf(&f, "        activeExtension: y\n")
	}
	return f.String()
}

// drawText returns text that YAML might take for something else.
func drawText(r *rapid.T, label string) string {
	return rapid.OneOf(
		rapid.SampledFrom([]string{"null", "~", "true", "No", "12", "1e3", "0x1f", ".inf", "- a", "a: b", "a #b", "#a", "*a", "&a", "!a", "%a", "@a", "`a", "'a'", `"a"`, `\`,
			"{a}", "[a]", "|", ">", "?", ",", "a,b", "--- a", "...", "2020-01-01", "12:30", "<<", "=", "Grüße", "日本語", "👩‍💻", "é", "a - b", "x:", "a\\nb"}),
		rapid.StringMatching(`[!-~]([ -~]{0,8}[!-~])?`),
	).Draw(r, label)
}

func drawPermissions(r *rapid.T) string {
	all := api.Permissions()
	var names []string
	for _, permission := range rapid.SliceOfDistinct(rapid.SampledFrom(all), rapid.ID[api.Permission]).Draw(r, "permissions") {
		names = append(names, string(permission))
	}
	return strings.Join(names, ", ")
}

func FuzzParse(f *testing.F) {
	demo, err := os.ReadFile("../../examples/demo.yaml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(demo)
	f.Add([]byte(small))
	f.Add([]byte("a: &a [*a]\n? b\n: - c\n---\n<<: {x: 1}\n"))
	f.Add([]byte("regions: [{key: \"a\", name: 'b', description: |\n  c\n  d\n}]"))
	f.Fuzz(func(t *testing.T, content []byte) {
		files := []provision.File{{Name: "fuzz.yaml", Content: content}}
		to := newStore()
		if _, err := provision.Apply(t.Context(), to, &quickHasher{}, files, provision.Options{}); err != nil {
			wantSame(t, "contents", &directory.Contents{}, load(t, to))
			return
		}
		again, err := provision.Apply(t.Context(), to, &quickHasher{}, files, provision.Options{Prune: true})
		if err != nil || len(again.Changes) > 0 {
			t.Fatalf("the second time: error %v, changes %v", err, changed(again.Changes))
		}
		roundTrip(t, to)
	})
}
