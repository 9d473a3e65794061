package sdk

import (
	"fmt"
	"strings"

	"github.com/muster-presence/muster/api"
)

// problems gathers what is wrong with parameters: the field and the expected type, never a value.
type problems []string

func (p *problems) add(format string, args ...any) { *p = append(*p, fmt.Sprintf(format, args...)) }

// id asks for a uuid: 8-4-4-4-12 hexadecimal digits, of any version and in any case.
func (p *problems) id(field, value string) {
	if !isUUID(value) {
		p.add("%s must be a uuid", field)
	}
}

// optionalID is id for a field that may be left out.
func (p *problems) optionalID(field, value string) {
	if value != "" {
		p.id(field, value)
	}
}

func (p *problems) text(field, value string) {
	if value == "" {
		p.add("%s must be a string that is not empty", field)
	}
}

func (p *problems) direction(direction api.Direction) {
	if !direction.Valid() {
		p.add("direction must be inbound, outbound or agent-initiated")
	}
}

func (p *problems) state(state api.State) {
	if !state.Valid() {
		p.add("state must be ready, notready or offline")
	}
}

// reason asks for all of a reason's fields or none.
func (p *problems) reason(prefix, name, id, list string) {
	if name == "" && id == "" && list == "" {
		return
	}
	p.text(prefix+"reason", name)
	p.id(prefix+"reasonId", id)
	p.id(prefix+"reasonListId", list)
}

// err is nil where there is no problem.
func (p problems) err() *Error {
	if len(p) == 0 {
		return nil
	}
	return invalid(strings.Join(p, "; "))
}

func invalid(text string) *Error { return newError(CodeParametersInvalid, ErrorData{Problems: text}) }

func isUUID(text string) bool {
	if len(text) != 36 {
		return false
	}
	for i := range len(text) {
		c := text[i]
		switch {
		case i == 8 || i == 13 || i == 18 || i == 23:
			if c != '-' {
				return false
			}
		case c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F':
		default:
			return false
		}
	}
	return true
}
