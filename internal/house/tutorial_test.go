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
	root := filepath.Join("..", "..")
	page, err := os.ReadFile(filepath.Join(root, "docs", "sdk-go.md"))
	if err != nil {
		t.Fatal(err)
	}
	program, err := os.ReadFile(filepath.Join(root, "examples", "agent", "main.go"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(page), "```go\n"+string(program)+"```\n") {
		t.Error("docs/sdk-go.md does not show examples/agent/main.go as it is: copy it there")
	}
}
