package httpapi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/auth"
	"github.com/muster-presence/muster/internal/directory"
	"github.com/muster-presence/muster/internal/engine"
	"github.com/muster-presence/muster/internal/history"
	"github.com/muster-presence/muster/internal/presence"
	"github.com/muster-presence/muster/internal/store"
)

// stated is an error of an edge beside this one.
type stated api.Error

func (s stated) Error() string       { return s.Message }
func (s stated) Contract() api.Error { return api.Error(s) }

// An edge beside this one answers with what this one would.
func TestRefuse_AnswersAsTheAPIDoes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		err        error
		code       api.Code
		retryAfter string
		challenge  string
	}{
		{&auth.Slowed{RetryAfter: 1500 * time.Millisecond}, api.CodeRateLimited, "2", ""},
		{fmt.Errorf("log in: %w", auth.ErrBadCredentials), api.CodeBadCredentials, "", "Bearer"},
		{stated{Code: api.CodeForbidden, Message: "No."}, api.CodeForbidden, "", ""},
		{errors.New("anything"), api.CodeInternal, "", ""},
	} {
		recorder := httptest.NewRecorder()
		New(Options{}).Refuse(recorder, httptest.NewRequest(http.MethodPost, "/elsewhere", nil), c.err)
		r := recorder.Result()
		var body api.ErrorResponse
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
			t.Fatal(err)
		}
		if body.Error.Code != c.code || body.Error.RequestID == "" || r.StatusCode != c.code.Status() {
			t.Errorf("%v: %s %+v", c.err, r.Status, body)
		}
		for name, want := range map[string]string{"Retry-After": c.retryAfter, "WWW-Authenticate": c.challenge, "Cache-Control": "no-store"} {
			if got := r.Header.Get(name); got != want {
				t.Errorf("%v: %s is %q, want %q", c.err, name, got, want)
			}
		}
	}
}

// Every error of the rooms below has its one code, however often it was wrapped,
// and its cause stays findable for the log.
func TestFaults_AreOneForEachError(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		err       error
		code      api.Code
		attribute string
	}{
		{&presence.Refusal{Code: presence.RefusedNoSession}, api.CodeNoSession, ""},
		{&directory.ReasonError{Attribute: "reasonId", Err: directory.ErrReasonUnknown}, api.CodeReasonUnknown, "reasonId"},
		{&directory.ReasonError{Attribute: "reason", Err: directory.ErrReasonInactive}, api.CodeReasonInactive, "reason"},
		{&history.RangeError{Attribute: "step", Text: "is wrong"}, api.CodeBadRequest, "step"},
		{&auth.Slowed{RetryAfter: time.Second}, api.CodeRateLimited, ""},
		{auth.ErrBadCredentials, api.CodeBadCredentials, ""},
		{auth.ErrTokenInvalid, api.CodeBadCredentials, ""},
		{auth.ErrTokenExpired, api.CodeTokenExpired, ""},
		{auth.ErrTokenRevoked, api.CodeTokenRevoked, ""},
		{auth.ErrBusy, api.CodeUnavailable, ""},
		{auth.ErrHash, api.CodeInternal, ""},
		{engine.ErrReceiptMismatch, api.CodeIdempotencyKeyReused, "Idempotency-Key"},
		{engine.ErrInteractionUnknown, api.CodeNotFound, ""},
		{engine.ErrNotEntitled, api.CodeNotFound, ""},
		{engine.ErrStopped, api.CodeUnavailable, ""},
		{&store.Unavailable{Reason: "the disk is full"}, api.CodeUnavailable, ""},
		{store.ErrUnavailable, api.CodeUnavailable, ""},
		{store.ErrStale, api.CodeUnavailable, ""},
		{store.ErrNotFound, api.CodeNotFound, ""},
		{store.ErrConflict, api.CodeInternal, ""},
		{context.DeadlineExceeded, api.CodeUnavailable, ""},
		{errors.New("anything else"), api.CodeInternal, ""},
	} {
		wrapped := fmt.Errorf("one room: %w", fmt.Errorf("another: %w", c.err))
		f := faultOf(wrapped)
		if f.body.Code != c.code || f.body.Attribute != c.attribute || f.body.Message == "" {
			t.Errorf("%v became %+v", c.err, f.body)
		}
		if !errors.Is(f, c.err) {
			t.Errorf("the log cannot tell %v", c.err)
		}
	}
}

// What a slowed caller is told to wait is rounded up: a second less is too soon.
func TestRetryAfter_IsRoundedUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		wrong := credentials(agent.username, "wrong")
		w.post(nobody, "/v1/tokens", wrong).refused(api.CodeBadCredentials, "")
		time.Sleep(time.Second)
		w.post(nobody, "/v1/tokens", wrong).refused(api.CodeBadCredentials, "")
		time.Sleep(500 * time.Millisecond) // of 2 s
		wantEqual(t, w.post(nobody, "/v1/tokens", wrong).header.Get("Retry-After"), "2")
	})
}

func TestBody_ThatIsCutOffIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.session(agent)
	w.unchanged(func() {
		request := newRequest(t, http.MethodPost, presencePath(north, agent), `{"state": "ready"}`, "Authorization", "Token "+w.tokenOf(agent))
		request.Body = io.NopCloser(io.MultiReader(io.LimitReader(request.Body, 5), cutOff{}))
		w.send(request).refused(api.CodeBadJSON, "")
	})
}

// cutOff is where a connection ended.
type cutOff struct{}

func (cutOff) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func TestReady_IsWhetherTheStoreCanBeRead(t *testing.T) {
	t.Parallel()
	if err := newWorld(t).server.Ready(t.Context()); err != nil {
		t.Error(err)
	}
}
