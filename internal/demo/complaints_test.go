package demo

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestComplaints_OneKindIsWrittenOnceInAWhileAndCounted(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	c := newComplaints(slog.New(slog.NewTextHandler(&log, nil)))
	now := time.Unix(0, 0)
	for range 61 {
		c.add(now, "heartbeat", unavailable, errors.New("refused"))
		c.add(now, "go ready", denied, errors.New("refused"))
		now = now.Add(time.Second)
	}
	lines := strings.Split(strings.TrimSpace(log.String()), "\n")
	if len(lines) != 6 {
		t.Fatalf("in a minute two kinds were written %d times, not 6:\n%s", len(lines), log.String())
	}
	if !strings.Contains(lines[2], `silenced=29`) {
		t.Errorf("the second line does not count those kept back: %s", lines[2])
	}
}

func TestStats_AreALineForPeople(t *testing.T) {
	t.Parallel()
	s := Stats{Agents: 24, LoggedIn: 21, Ready: 15, OnCalls: 9, BrowsersDown: 1, Changes: 7}
	if got, want := s.String(), "21 of 24 agents logged in, 15 ready, 9 on calls, 1 browser down"; got != want {
		t.Errorf("%q, not %q", got, want)
	}
}

func TestComplaints_WhatTheSDKSaysIsWrittenOnceInAWhileToo(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		sdk := newComplaints(slog.New(slog.NewTextHandler(&log, nil))).sdkLog()
		for range 1000 {
			sdk.With("client", 1).Warn("a heartbeat failed", "error", "refused")
			sdk.Debug("nobody reads this")
		}
		time.Sleep(complaintEvery)
		sdk.Warn("a heartbeat failed", "error", "refused")
		lines := strings.Split(strings.TrimSpace(log.String()), "\n")
		if len(lines) != 2 || !strings.Contains(lines[1], "silenced=999") {
			t.Errorf("a thousand and one warnings were written as:\n%s", log.String())
		}
	})
}
