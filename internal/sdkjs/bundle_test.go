package sdkjs

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
)

func TestBundle_HasTheVersionOfThePackage(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../sdk/js/package.json")
	if err != nil {
		t.Fatal(err)
	}
	var manifest struct{ Name, Version string }
	if err := json.Unmarshal(text, &manifest); err != nil {
		t.Fatal(err)
	}
	bundle := ReadBundle()
	if !regexp.MustCompile(`^` + regexp.QuoteMeta(manifest.Version) + `-[0-9a-f]{12}$`).MatchString(bundle.Version) {
		t.Errorf("version %q, want %s and twelve digits", bundle.Version, manifest.Version)
	}
	for _, name := range []string{Classic, Module} {
		content := bundle.files[name].Content
		if line := banner(content); !strings.HasPrefix(line, "/*! muster-sdk "+manifest.Version+" | ") {
			t.Errorf("%s has the banner %q", name, line)
		}
		if !bytes.Contains(content, []byte(`"`+manifest.Version+`"`)) {
			t.Errorf("%s does not tell the package's version: is sdk/js/src/version.ts that of package.json?", name)
		}
	}
}

// compileHint has Chromium compile a script as a whole beside the page's thread. It counts at the very top only.
var compileHint = []byte("//# allFunctionsCalledOnLoad\n")

// banner is the first line of a script, after its compile hint.
func banner(content []byte) string {
	line, _, _ := bytes.Cut(bytes.TrimPrefix(content, compileHint), []byte("\n"))
	return string(line)
}

func TestBundle_HasTheClassicScriptCompiledAsAWhole(t *testing.T) {
	t.Parallel()
	if content := ReadBundle().files[Classic].Content; !bytes.HasPrefix(content, compileHint) {
		t.Errorf("%s begins with %.60q", Classic, content)
	}
}

func TestBundle_NamesItsLicenceAndItsSourceMap(t *testing.T) {
	t.Parallel()
	for _, name := range []string{Classic, Module} {
		content := string(ReadBundle().files[name].Content)
		if line := banner([]byte(content)); !strings.Contains(line, "Copyright (c)") || !strings.Contains(line, "MIT") {
			t.Errorf("%s has the banner %q", name, line)
		}
		// Without a folder, so that it holds with a version in the path and without.
		if !strings.HasSuffix(content, "\n//# sourceMappingURL="+name+".map\n") {
			t.Errorf("%s ends with %q", name, content[len(content)-60:])
		}
	}
}

func TestBundle_HasAnotherVersionForAnyOtherContent(t *testing.T) {
	t.Parallel()
	made := func(change func(fstest.MapFS)) string {
		files := fstest.MapFS{
			"bundle/version":         {Data: []byte("1.2.3\n")},
			"bundle/cxengage.js":     {Data: []byte("one")},
			"bundle/cxengage.js.map": {Data: []byte("two")},
			"bundle/muster.js":       {Data: []byte("three")},
			"bundle/muster.js.map":   {Data: []byte("four")},
		}
		change(files)
		bundle, err := readBundle(files)
		if err != nil {
			t.Fatal(err)
		}
		return bundle.Version
	}
	unchanged := func(fstest.MapFS) {}
	wantEqual(t, made(unchanged), made(unchanged))
	seen := map[string]string{made(unchanged): "nothing"}
	for _, name := range []string{"version", "cxengage.js", "cxengage.js.map", "muster.js", "muster.js.map"} {
		version := made(func(files fstest.MapFS) { files["bundle/"+name].Data = []byte("1.2.4") })
		if other := seen[version]; other != "" {
			t.Errorf("a change of %s makes the version that a change of %s made", name, other)
		}
		seen[version] = name
	}
	moved := made(func(files fstest.MapFS) {
		files["bundle/cxengage.js"].Data, files["bundle/cxengage.js.map"].Data = []byte("on"), []byte("etwo")
	})
	if seen[moved] != "" {
		t.Error("bytes that move from one file into another make no other version")
	}
}

func TestBundle_IsReadWholeOrNotAtAll(t *testing.T) {
	t.Parallel()
	if _, err := readBundle(fstest.MapFS{"bundle/version": {Data: []byte("1.2.3\n")}}); err == nil {
		t.Error("a bundle without scripts was read")
	}
}

func TestTags_HoldAddressAndIntegrity(t *testing.T) {
	t.Parallel()
	bundle := ReadBundle()
	tags, err := bundle.Tags("https://muster.example/")
	if err != nil {
		t.Fatal(err)
	}
	script := `<script src="https://muster.example` + bundle.Path(Classic) + `" integrity="` + bundle.Integrity(Classic) + `" crossorigin="anonymous"></script>`
	if !strings.Contains(tags, script) {
		t.Errorf("no %s in\n%s", script, tags)
	}
	text := regexp.MustCompile(`(?s)<script type="importmap">(.*)</script>`).FindStringSubmatch(tags)
	if text == nil {
		t.Fatalf("no import map in\n%s", tags)
	}
	var imports struct{ Imports, Integrity map[string]string }
	if err := json.Unmarshal([]byte(text[1]), &imports); err != nil {
		t.Fatal(err)
	}
	module := "https://muster.example" + bundle.Path(Module)
	wantEqual(t, imports.Imports["muster-sdk"], module)
	wantEqual(t, imports.Integrity[module], bundle.Integrity(Module))
}

// A browser hashes the text between the tags, byte for byte.
func TestTags_NameTheHashOfTheImportMap(t *testing.T) {
	t.Parallel()
	seen := make(map[string]bool)
	for _, server := range []string{"https://muster.example", "https://muster.example/behind/a?proxy&of=<many>", "http://127.0.0.1:8080"} {
		tags, err := ReadBundle().Tags(server)
		if err != nil {
			t.Fatal(err)
		}
		text := regexp.MustCompile(`(?s)<script type="importmap">(.*?)</script>`).FindStringSubmatch(tags)
		said := regexp.MustCompile(`'sha256-([^']*)'`).FindAllStringSubmatch(tags, -1)
		if text == nil || len(said) != 1 {
			t.Fatalf("no import map with one hash in\n%s", tags)
		}
		sum := sha256.Sum256([]byte(text[1]))
		wantEqual(t, said[0][1], base64.StdEncoding.EncodeToString(sum[:]))
		seen[said[0][1]] = true
	}
	wantEqual(t, len(seen), 3)
}

func TestTags_KeepAnAddressInsideOfItsQuotes(t *testing.T) {
	t.Parallel()
	tags, err := ReadBundle().Tags(`https://muster.example/"><script>`)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(tags, `"><script>`) {
		t.Errorf("the address ends its attribute:\n%s", tags)
	}
}
