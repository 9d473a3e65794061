package httpapi

import "github.com/muster-presence/muster/api"

func getOpenAPI(*call) (any, error) {
	return document{contentType: "application/yaml", body: []byte(api.OpenAPI())}, nil
}
