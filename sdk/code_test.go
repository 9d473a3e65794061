package sdk

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/muster-presence/muster/sdk/internal/rest"
)

func TestCode_HasALevelAContextAndAMessage(t *testing.T) {
	t.Parallel()
	contexts := map[int]string{1: "general", 2: "session", 3: "authentication", 4: "interaction", 7: "voice", 14: "logging"}
	fatal := []Code{CodeModuleFailed, CodeSessionGone}
	for _, code := range Codes() {
		if want := contexts[int(code)/1000]; code.Context() != want {
			t.Errorf("%d belongs to %q, not %q", code, code.Context(), want)
		}
		want := LevelError
		if slices.Contains(fatal, code) {
			want = LevelSessionFatal
		}
		if code.Level() != want {
			t.Errorf("%d is %s", code, code.Level())
		}
		if m := code.Message(); m == "" || m == Code(1).Message() || strings.HasSuffix(m, ".") {
			t.Errorf("%d says %q", code, m)
		}
	}
	if codes := Codes(); !slices.IsSorted(codes) || len(slices.Compact(codes)) != len(codeRows) {
		t.Errorf("the codes are %v", codes)
	}
}

func TestError_IsFoundByItsCodeItsKindAndItsCause(t *testing.T) {
	t.Parallel()
	failure := &rest.Failure{Status: -1, StatusText: "timeout", Cause: context.DeadlineExceeded}
	err := fmt.Errorf("going ready: %w", requestError(CodeStateRefused, failure))
	var found *Error
	if !errors.Is(err, CodeStateRefused) || errors.Is(err, CodeSessionGone) || !errors.As(err, &found) || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v is not what it is", err)
	}
	if !errors.Is(err, newError(CodeStateRefused, ErrorData{})) || errors.Is(err, newError(CodeSessionGone, ErrorData{})) {
		t.Error("errors of a code are not equal")
	}
}

// The contract's 1.8: every failed request has data.apiResponse, whatever failed.
func TestError_SaysHowTheRequestEnded(t *testing.T) {
	t.Parallel()
	body := json.RawMessage(`{"error":{"code":"work_open","message":"…"}}`)
	for _, c := range []struct {
		err  error
		want APIResponse
	}{
		{&rest.Failure{Status: 409, StatusText: "Conflict", Code: "work_open", Response: body}, APIResponse{409, ResponseBody{"Conflict", "work_open", body}}},
		{&rest.Failure{Status: 502, StatusText: "Bad Gateway"}, APIResponse{502, ResponseBody{"Bad Gateway", "error", json.RawMessage("null")}}},
		{&rest.Failure{Status: 0, StatusText: "network failure"}, APIResponse{0, ResponseBody{"network failure", "network", json.RawMessage("null")}}},
		{&rest.Failure{Status: -1, StatusText: "timeout"}, APIResponse{-1, ResponseBody{"timeout", "timeout", json.RawMessage("null")}}},
		{context.Canceled, APIResponse{0, ResponseBody{"network failure", "network", json.RawMessage("null")}}},
	} {
		if difference := cmp.Diff(&c.want, requestError(CodeStateRefused, c.err).Data.APIResponse); difference != "" {
			t.Errorf("%v: %s", c.err, difference)
		}
	}
}

func TestError_IsWrittenAsTheContractSays(t *testing.T) {
	t.Parallel()
	text, err := json.Marshal(newError(CodeTenantHeld, ErrorData{Problems: "p"}))
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"code":2100,"context":"session","data":{"problems":"p"},"level":"error","message":"the tenant was not changed: work is open in the running session; end it first"}`
	if string(text) != want {
		t.Errorf("it is %s", text)
	}
}
