package desk

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/muster-presence/muster/api"
	"github.com/muster-presence/muster/internal/desk/terminal"
	"github.com/muster-presence/muster/sdk"
)

// StateName is a state as people say it.
func StateName(s api.State) string {
	if s == api.StateNotReady {
		return "not ready"
	}
	return string(s)
}

// withReason is a state with its reason.
func withReason(s api.State, reason *string) string {
	if reason == nil || *reason == "" {
		return StateName(s)
	}
	return StateName(s) + ": " + *reason
}

// Lasts is a length of time as a clock shows it: 0:07, 12:34, 1:02:03. What is negative, because clocks differ, is 0:00.
func Lasts(d time.Duration) string {
	seconds := max(0, int64(d/time.Second))
	if seconds < 3600 {
		return fmt.Sprintf("%d:%02d", seconds/60, seconds%60)
	}
	return fmt.Sprintf("%d:%02d:%02d", seconds/3600, seconds/60%60, seconds%60)
}

// Since is how long ago something was, "" for nothing.
func Since(then *api.Time, now api.Time) string {
	if then == nil {
		return ""
	}
	return Lasts(now.Time().Sub(then.Time()))
}

// At is the time of day of a moment, in the place where it is read.
func At(t api.Time, in *time.Location) string { return t.Time().In(in).Format(time.TimeOnly) }

func workText(work []api.Work) string {
	parts := make([]string, len(work))
	for i, w := range work {
		parts[i] = strings.TrimSpace(w.Channel + " " + string(w.State))
	}
	return strings.Join(parts, ", ")
}

func sayEndCode(code api.EndCode) string {
	switch code {
	case api.EndCodeLoggedOut:
		return "you logged out"
	case api.EndCodeSupervisor:
		return "a supervisor ended the session"
	case api.EndCodeSuperseded:
		return "another session of yours began elsewhere"
	case api.EndCodeLeaseExpired:
		return "the server heard nothing of this desk for too long"
	case api.EndCodeRevoked:
		return "your right to be here was taken back"
	}
	return "the session has ended"
}

// Say is what an event tells people, in a sentence without a full stop; "" where it tells them nothing.
func Say(e Event) string {
	if e.Error != nil {
		return sayError(e)
	}
	switch e.Topic {
	case sdk.TopicStarted:
		return "the session has begun"
	case sdk.TopicState:
		return say(e.Response, sayState)
	case sdk.TopicDirection:
		return say(e.Response, sayDirection)
	case sdk.TopicWork:
		return say(e.Response, sayWork)
	case sdk.TopicConnection:
		return say(e.Response, sayConnection)
	case sdk.TopicEnded:
		return say(e.Response, sayEnded)
	case sdk.TopicExtension:
		return say(e.Response, sayExtension)
	case sdk.TopicNewToken:
		return "the token was renewed"
	}
	return ""
}

// sayError is an error that nobody is answered with: what a command gets as its answer, its caller says.
func sayError(e Event) string {
	switch {
	case e.Topic == sdk.TopicHeartbeat:
		return "the session is gone: " + sayEndCode(endCodeOf(e.Error))
	case strings.HasPrefix(string(e.Topic), string(sdk.TopicErrors)+"/"):
		return explain(e.Error)
	}
	return ""
}

func say[T any](response json.RawMessage, sentence func(T) string) string {
	var value T
	if json.Unmarshal(response, &value) != nil {
		return ""
	}
	return sentence(value)
}

func sayState(c sdk.StateChange) string {
	state := withReason(c.State, c.Reason)
	switch {
	case c.Pending != nil && c.Pending.State == api.StateOffline:
		return "log-out waits for open work, wanted by " + c.Pending.ByName
	case c.SupervisorName != "":
		return c.SupervisorName + " set you " + state
	case c.Cause == api.CauseSystem:
		return "the system set you " + state
	}
	return "you are " + state
}

func sayDirection(c sdk.DirectionChange) string {
	if c.SupervisorName != "" {
		return c.SupervisorName + " set your direction to " + string(c.Direction)
	}
	return "your direction is " + string(c.Direction)
}

func sayWork(m api.WorkChangeMessage) string {
	switch m.State {
	case api.WorkChangeStateOffered:
		return m.Channel + " is offered to you"
	case api.WorkChangeStateActive:
		return m.Channel + " has begun"
	case api.WorkChangeStateWrapUp:
		return m.Channel + " is over, wrap-up"
	}
	return m.Channel + " is done"
}

func sayConnection(c sdk.Connection) string {
	if c.Connected {
		return "the connection is back"
	}
	return "the connection is lost"
}

func sayEnded(e sdk.Ended) string {
	if e.SupervisorName != "" {
		return e.SupervisorName + " ended your session"
	}
	return "the session has ended: " + sayEndCode(e.EndCode)
}

func sayExtension(l sdk.ExtensionList) string {
	if l.ActiveExtension == nil {
		return ""
	}
	return "your extension is " + ExtensionName(*l.ActiveExtension)
}

// ExtensionName is an extension as people know it.
func ExtensionName(e api.Extension) string {
	if e.Description == "" {
		return e.Value + " (" + string(e.Type) + ")"
	}
	return e.Value + " (" + string(e.Type) + ", " + e.Description + ")"
}

// SayStatus is a status in lines for people.
func SayStatus(s Status, in *time.Location) string {
	var text strings.Builder
	line := func(name, value string) { fmt.Fprintf(&text, "  %-12s%s\n", name, terminal.Clean(value)) }
	if !s.LoggedIn || s.Agent == nil {
		fmt.Fprintf(&text, "nobody is logged in at the desk %s\n", terminal.Clean(s.Desk))
		if s.Ended != nil {
			line("last", fmt.Sprintf("%s, until %s: %s", s.Ended.Username, s.Ended.At.Time().In(in).Format(time.DateTime), s.Ended.Text))
		}
		return text.String()
	}
	a := s.Agent
	fmt.Fprintf(&text, "%s is %s", terminal.Clean(a.Name), terminal.Clean(withReason(a.State, a.Reason)))
	if a.StateSince != nil {
		fmt.Fprintf(&text, " since %s, for %s", At(*a.StateSince, in), Since(a.StateSince, a.Now))
	}
	text.WriteString("\n")
	switch {
	case a.SupervisorName != "":
		line("set by", a.SupervisorName)
	case a.Cause == api.CauseSystem:
		line("set by", "the system")
	}
	line("direction", string(a.Direction))
	if a.Extension != nil {
		line("extension", ExtensionName(*a.Extension))
	} else {
		line("extension", "none")
	}
	line("connection", ConnectionText(*a, a.Now))
	if len(a.Work) > 0 {
		line("work", workText(a.Work))
	} else {
		line("work", "none")
	}
	if a.Pending != nil {
		line("pending", PendingText(*a.Pending))
	}
	line("tenant", a.TenantName+" at "+a.Server)
	return text.String()
}

// ConnectionText says whether the stream is there, and for how long it has not been.
func ConnectionText(a Agent, now api.Time) string {
	if a.Connected {
		return "live"
	}
	return "lost for " + Since(&a.ConnectionSince, now)
}

// PendingText says what waits for open work.
func PendingText(p api.Pending) string {
	return StateName(p.State) + " when the open work is done, wanted by " + p.ByName
}

// SayWhy is what led to a state in lines for people.
func SayWhy(w api.Why, in *time.Location) string {
	var text strings.Builder
	for _, line := range whyLines(w, in) {
		fmt.Fprintf(&text, "  %-8s  %s\n", line.when, terminal.Clean(line.text))
	}
	return text.String()
}

// whyLine is something that has happened, is so, or will happen.
type whyLine struct{ when, text string }

func whyLines(w api.Why, in *time.Location) (lines []whyLine) {
	if w.Truncated {
		lines = append(lines, whyLine{"before", "More has happened than is told here."})
	}
	for _, step := range w.Chain {
		lines = append(lines, whyLine{At(step.At, in), step.Text})
	}
	now := StateName(w.State)
	switch {
	case w.State == api.StateOffline:
	case w.Offerable:
		now += ", connection " + string(w.Connection) + ", may be offered work"
	default:
		now += ", connection " + string(w.Connection) + ", is offered no work"
	}
	lines = append(lines, whyLine{"now", now})
	for _, timer := range w.Timers {
		lines = append(lines, whyLine{At(timer.At, in), "unless heard from: " + timer.Effect})
	}
	return lines
}

// SayLine is an event in a line for people, with its time; "" where it tells them nothing.
func SayLine(e Event, in *time.Location) string {
	text := Say(e)
	if text == "" {
		return ""
	}
	return At(e.At, in) + "  " + terminal.Clean(text) + "\n"
}

// SayState is the answer to a change of one's own state in a sentence.
func SayState(s api.PresenceState) string {
	switch {
	case s.Pending != nil && s.Pending.State == api.StateOffline:
		return "you will be logged out when your open work is done"
	case s.State == api.StateOffline:
		return "you are logged out"
	}
	return "you are " + terminal.Clean(withReason(s.State, s.Reason))
}
