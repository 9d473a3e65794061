package presence

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// directive is a line of a script: 09:00:05 supervisor go-not-ready Lunch
type directive struct {
	at    Instant
	who   Actor
	name  CommandName
	words []string
}

func parseDirective(line string) (directive, error) {
	fields := strings.Fields(line)
	if len(fields) < 3 {
		return directive{}, fmt.Errorf("want a time, who and a command")
	}
	at, err := parseTime(fields[0])
	if err != nil {
		return directive{}, err
	}
	who, ok := map[string]Actor{"agent": ada, "supervisor": sue, "supervisor-2": sam, "router": router, "system": System()}[fields[1]]
	if !ok {
		return directive{}, fmt.Errorf("%s is nobody", fields[1])
	}
	return directive{at: at, who: who, name: CommandName(strings.ReplaceAll(fields[2], "-", " ")), words: fields[3:]}, nil
}

// parseTime reads a time of the day of the tests, milliseconds optional.
func parseTime(s string) (Instant, error) {
	clock, err := time.Parse("15:04:05", s)
	if err != nil {
		return 0, err
	}
	return nine.Add(clock.Sub(time.Date(0, time.January, 1, 9, 0, 0, 0, time.UTC))), nil
}

// has takes a word off the arguments and reports whether it was there.
func (d *directive) has(word string) bool {
	i := slices.Index(d.words, word)
	if i < 0 {
		return false
	}
	d.words = slices.Delete(d.words, i, i+1)
	return true
}

// value takes key=value off the arguments, "" if it is not there.
func (d *directive) value(key string) string {
	i := slices.IndexFunc(d.words, func(w string) bool { return strings.HasPrefix(w, key+"=") })
	if i < 0 {
		return ""
	}
	word := d.words[i]
	d.words = slices.Delete(d.words, i, i+1)
	return strings.TrimPrefix(word, key+"=")
}

// next takes the first word off the arguments, "" if there is none.
func (d *directive) next() string {
	if len(d.words) == 0 {
		return ""
	}
	word := d.words[0]
	d.words = d.words[1:]
	return word
}

// command makes the command of a directive; every word must have a meaning.
func (s *story) command(d directive) (Command, error) {
	session, err := s.session(d.value("session"))
	if err != nil {
		return nil, err
	}
	c, err := s.commandFor(&d, session)
	if err != nil {
		return nil, err
	}
	if len(d.words) > 0 {
		return nil, fmt.Errorf("%s means nothing to %s", d.words, d.name)
	}
	return c, nil
}

func (s *story) commandFor(d *directive, session SessionID) (Command, error) {
	switch d.name {
	case CommandStartSession:
		limit, err := strconv.Atoi("0" + d.value("limit"))
		return StartSession{By: d.who, Silent: d.has("silent"), WorkLimit: limit}, err
	case CommandGoReady:
		return GoReady{By: d.who, Session: session, HasExtension: !d.has("no-extension")}, nil
	case CommandGoNotReady:
		reason, err := parseReason(d.next())
		return GoNotReady{By: d.who, Session: session, Reason: reason}, err
	case CommandGoOffline:
		return GoOffline{By: d.who, Session: session, Force: d.has("force"), Wait: d.has("wait")}, nil
	case CommandSetDirection:
		return SetDirection{By: d.who, Session: session, Direction: Direction(d.next())}, nil
	case CommandReportWork:
		id, err := parseCall(d.next())
		work := Work{Interaction: id, Channel: "voice", Direction: Inbound, State: WorkState(d.next())}
		return ReportWork{By: d.who, Work: work}, err
	case CommandEndWork:
		id, err := parseCall(d.next())
		return EndWork{By: d.who, Interaction: id}, err
	case CommandStartMonitoring:
		id, err := parseCall(d.next())
		return StartMonitoring{By: d.who, Session: session, Interaction: id}, err
	case CommandEndMonitoring:
		id, err := parseCall(d.next())
		return EndMonitoring{By: d.who, Interaction: id}, err
	case CommandHear:
		return Hear{Session: session}, nil
	case CommandElapse:
		return s.elapse(d)
	case CommandDisconnect:
		return s.disconnect(d)
	case CommandTakeLease:
		heardAt, err := parseTime(d.value("heard"))
		return TakeLease{HeardAt: heardAt}, err
	case CommandRevoke:
		return Revoke{By: d.who}, nil
	}
	return nil, fmt.Errorf("%s is no command", d.name)
}

func (s *story) elapse(d *directive) (Command, error) {
	fence := s.agent.Fence
	if d.has("old-fence") {
		fence--
	}
	quiet, err := time.ParseDuration(d.next())
	return Elapse{Fence: fence, Silence: quiet, HeardAt: d.at.Add(-quiet), Limits: limits}, err
}

func (s *story) disconnect(d *directive) (Command, error) {
	fence := s.agent.Fence
	if d.has("old-fence") {
		fence--
	}
	heardAt, err := parseTime(d.value("heard"))
	return Disconnect{Fence: fence, HeardAt: heardAt}, err
}

// session finds a session by its number in the script; "foreign" is nobody's.
func (s *story) session(name string) (SessionID, error) {
	switch name {
	case "":
		return SessionID{}, nil
	case "foreign":
		return SessionID{UUID{6: 0x40, 8: 0x80}}, nil
	}
	n, err := strconv.Atoi(name)
	if err != nil || n < 1 || n > len(s.sessions) {
		return SessionID{}, fmt.Errorf("session %q is not known", name)
	}
	return s.sessions[n-1], nil
}

func parseReason(name string) (Reason, error) {
	switch name {
	case "":
		return Reason{}, nil
	case "Logged-in":
		return LoggedIn(), nil
	case lunch.Name:
		return lunch, nil
	case coffee.Name:
		return coffee, nil
	}
	return Reason{}, fmt.Errorf("reason %q is not known", name)
}

func parseCall(name string) (InteractionID, error) {
	n, err := strconv.Atoi(strings.TrimPrefix(name, "call-"))
	return call(n), err
}
