package api_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/muster-presence/muster/api"
)

func TestCloseCode_EveryCodeHasACompleteRowInItsRange(t *testing.T) {
	t.Parallel()
	name := regexp.MustCompile(`^[a-z]+(_[a-z]+)*$`)
	seen := map[string]bool{}
	for _, code := range api.CloseCodes() {
		if !code.Valid() || !name.MatchString(code.Name()) || seen[code.Name()] {
			t.Errorf("%d is called %q", code, code.Name())
		}
		seen[code.Name()] = true
		if reason := code.Reason(); reason == "" || len(reason) > 123 {
			t.Errorf("%d: %q is no reason that fits into a close frame", code, reason)
		}
		if code < 4000 || code > 4299 {
			t.Errorf("%d is outside of the ranges", code)
		}
	}
	if !slices.IsSorted(api.CloseCodes()) {
		t.Error("the codes do not rise")
	}
	var listed []string
	for _, code := range api.CloseCodes() {
		listed = append(listed, fmt.Sprint(int(code)))
	}
	if diff := cmp.Diff(sorted(constantsOf(t, "close_codes.go", "CloseCode")), sorted(listed)); diff != "" {
		t.Errorf("constants (-) and rows (+) differ:\n%s", diff)
	}
}

func TestCloseCode_SaysByItsRangeWhatAClientDoes(t *testing.T) {
	t.Parallel()
	for code, want := range map[api.CloseCode][2]bool{
		api.CloseGoingAway: {true, false}, 4099: {true, false},
		api.CloseTokenExpired: {true, true}, 4199: {true, true},
		api.CloseBadFrame: {false, false}, 4299: {false, false}, 1006: {false, false},
	} {
		if got := [2]bool{code.Resumes(), code.NeedsToken()}; got != want {
			t.Errorf("%d: resumes and needs a token: %v, want %v", code, got, want)
		}
	}
}

func TestCloseCode_TheDocumentHasTheSameList(t *testing.T) {
	t.Parallel()
	var listed []api.CloseCode
	for _, value := range document(t).Components.Schemas["CloseCode"].Value.Enum {
		listed = append(listed, api.CloseCode(value.(float64)))
	}
	if diff := cmp.Diff(listed, api.CloseCodes()); diff != "" {
		t.Errorf("openapi.yaml (-) and close_codes.go (+) differ:\n%s", diff)
	}
}

func TestCloseCode_TheProtocolSaysWhatAClientDoesOnEach(t *testing.T) {
	t.Parallel()
	row := regexp.MustCompile("(?m)^\\| (\\d{4}) \\| `(\\w+)` \\| (resumes with a fresh token|resumes|stops)")
	var got, want []string
	for _, found := range row.FindAllStringSubmatch(read(t, protocolDocument), -1) {
		got = append(got, strings.Join(found[1:], " "))
	}
	for _, code := range api.CloseCodes() {
		want = append(want, fmt.Sprint(int(code), " ", code.Name(), " ", whatAClientDoes(code)))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("close_codes.go (-) and docs/protocol.md (+) differ:\n%s", diff)
	}
}

func whatAClientDoes(code api.CloseCode) string {
	switch {
	case code.NeedsToken():
		return "resumes with a fresh token"
	case code.Resumes():
		return "resumes"
	}
	return "stops"
}

func TestCloseCode_AnUnlistedOneSaysNothing(t *testing.T) {
	t.Parallel()
	if code := api.CloseCode(4050); code.Valid() || code.Name() != "" || code.Reason() != "" {
		t.Errorf("%q, %q", code.Name(), code.Reason())
	}
}
