package sdkjs

import (
	"encoding/json"
	"fmt"
	"html"
	"strings"
)

// Tags is what a page has in its head to load this version from a server at the
// address given, such as "http://127.0.0.1:8080", and nothing else: the classic
// script, and the import map for modules.
func (b *Bundle) Tags(server string) (string, error) {
	server = strings.TrimSuffix(server, "/")
	module := server + b.Path(Module)
	imports, err := json.Marshal(map[string]map[string]string{
		"imports":   {"muster-sdk": module},
		"integrity": {module: b.Integrity(Module)},
	})
	if err != nil {
		return "", fmt.Errorf("write the import map: %w", err)
	}
	return fmt.Sprintf(`<!-- The browser SDK %s as a classic script: it sets the global CxEngage. -->
<script src="%s" integrity="%s" crossorigin="anonymous"></script>

<!-- The same for modules: import { createClient, everything } from "muster-sdk" -->
<script type="importmap">%s</script>
`, b.Version, html.EscapeString(server+b.Path(Classic)), b.Integrity(Classic), imports), nil
}
