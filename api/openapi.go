package api

import _ "embed"

//go:embed openapi.yaml
var openAPI string

// OpenAPI returns the document that describes the REST interface, the stream's frames and the pushed messages, as YAML in OpenAPI 3.0.3.
func OpenAPI() string { return openAPI }
