package house

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestTutorial_ShowsTheProgramThatIsBuilt holds the program in the SDK's tutorial
// to the one that is compiled.
func TestTutorial_ShowsTheProgramThatIsBuilt(t *testing.T) {
	t.Parallel()
	mustShow(t, "docs/sdk-go.md", "go", "examples/agent/main.go")
}

// TestTutorial_ShowsThePagesThatAreTested holds the pages in the browser SDK's
// tutorial to those that are opened in a browser.
func TestTutorial_ShowsThePagesThatAreTested(t *testing.T) {
	t.Parallel()
	mustShow(t, "docs/sdk-js.md", "html", "examples/page/index.html")
	mustShow(t, "docs/sdk-js.md", "html", "examples/page/module.html")
}

// mustShow fails unless the document has a block of code with all of the file.
func mustShow(t *testing.T, document, language, file string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, document))
	if err != nil {
		t.Fatal(err)
	}
	shown, err := os.ReadFile(filepath.Join(root, file))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), "```"+language+"\n"+string(shown)+"```\n") {
		t.Errorf("%s does not show %s as it is: copy it there", document, file)
	}
}
