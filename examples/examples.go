// Package examples holds files to start from. The demo runs on them, so they
// are known to work.
package examples

import _ "embed"

//go:embed demo.yaml
var demo []byte

// Demo is the provisioning file of the demo's floor.
func Demo() []byte { return demo }
