package sdkjs

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"strings"
)

// Tags is what a page has in its head to load this version from a server at the
// address given, such as "http://127.0.0.1:8080", and nothing else: the classic
// script, and the import map for modules. The map is inline, and no file can take
// its place: with it stands the hash by which a Content-Security-Policy lets it in.
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
	hash := sha256.Sum256(imports) // of all that stands between the map's tags
	return fmt.Sprintf(`<!-- The browser SDK %s as a classic script: it sets the global CxEngage. -->
<script src="%s" integrity="%s" crossorigin="anonymous"></script>

<!-- The same for modules: import { createClient, everything } from "muster-sdk"
     The map is an inline script, which script-src of a Content-Security-Policy names as 'sha256-%s' -->
<script type="importmap">%s</script>
`, b.Version, html.EscapeString(server+b.Path(Classic)), b.Integrity(Classic), base64.StdEncoding.EncodeToString(hash[:]), imports), nil
}
