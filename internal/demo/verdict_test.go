package demo

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/sdk"
)

func TestJudge_TellsWhatAnErrorMeans(t *testing.T) {
	t.Parallel()
	answered := func(status int, failure string) error {
		return &sdk.Error{Code: sdk.CodeStateRefused, Data: sdk.ErrorData{
			APIResponse: &sdk.APIResponse{Status: status, Body: sdk.ResponseBody{Failure: failure}},
		}}
	}
	for what, c := range map[string]struct {
		err  error
		want verdict
	}{
		"success":                     {nil, accepted},
		"a success nobody can read":   {answered(200, "error"), unavailable},
		"no answer":                   {answered(0, "network"), unavailable},
		"no answer in time":           {answered(-1, "timeout"), unavailable},
		"overload":                    {answered(503, string(api.CodeUnavailable)), unavailable},
		"too many":                    {answered(429, string(api.CodeRateLimited)), unavailable},
		"too slow":                    {answered(408, "error"), unavailable},
		"a fault":                     {answered(500, string(api.CodeInternal)), unavailable},
		"a gateway's page":            {answered(502, "error"), unavailable},
		"no good token":               {answered(401, string(api.CodeTokenRevoked)), denied},
		"an ended session":            {answered(404, string(api.CodeSessionEnded)), sessionOver},
		"no session":                  {answered(404, string(api.CodeNoSession)), sessionOver},
		"a session that ended":        {errEnded, sessionOver},
		"a newer session":             {answered(409, string(api.CodeSessionSuperseded)), takenOver},
		"open work":                   {answered(409, string(api.CodeWorkOpen)), workOpen},
		"open work that was known":    {&sdk.Error{Code: sdk.CodeWorkOpen}, workOpen},
		"a log-out that waits":        {errWaits, workOpen},
		"a missing right":             {answered(403, string(api.CodeForbidden)), denied},
		"something that is not there": {answered(404, string(api.CodeNotFound)), denied},
		"a redirect":                  {answered(302, "error"), denied},
		"what is not implemented":     {answered(501, "error"), denied},
		"what the SDK does not send":  {&sdk.Error{Code: sdk.CodeParametersInvalid}, denied},
		"another tenant":              {errNoMember, denied},
		"something wrapped":           {fmt.Errorf("at a desk: %w", answered(503, "error")), unavailable},
		"something else":              {errors.New("no idea"), denied},
	} {
		if got := judge(c.err); got != c.want {
			t.Errorf("%s is %s, not %s", what, got, c.want)
		}
	}
}

func TestJudge_KnowsTheSDKsErrors(t *testing.T) {
	t.Parallel()
	client, err := sdk.New(sdk.Options{BaseURL: "http://127.0.0.1:1/v1/", Patience: -1})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := client.Authentication.Login(ctx, sdk.LoginParams{Username: "a", Password: "b"}); judge(err) != unavailable {
		t.Errorf("a server that is not asked in time is %s: %v", judge(err), err)
	}
	if _, err := client.Authentication.Login(ctx, sdk.LoginParams{}); judge(err) != denied {
		t.Errorf("a log-in without a name is %s: %v", judge(err), err)
	}
}
