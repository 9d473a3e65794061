package e2e

import (
	"fmt"
	"net/http"
	"testing"
)

// TestHeaders_FloodIsRefused sends more headers than anybody needs.
func TestHeaders_FloodIsRefused(t *testing.T) {
	t.Parallel()
	s := startServer(t, provisioned(t))
	request, err := http.NewRequest("GET", s.base+"me", nil)
	must(t, err)
	for i := range 2000 {
		request.Header.Set(fmt.Sprintf("X-Flood-%d", i), "0123456789abcdef0123456789abcdef")
	}
	response, err := http.DefaultClient.Do(request)
	must(t, err)
	defer response.Body.Close()
	if response.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("status %d, want 431", response.StatusCode)
	}
	response, err = http.Get(s.base + "openapi.yaml")
	must(t, err)
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		t.Errorf("after the flood: status %d", response.StatusCode)
	}
}
