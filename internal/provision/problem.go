package provision

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Position is a place in a file.
type Position struct {
	// File is the name as given; empty for what stands in no file.
	File string
	// Line and Column count from 1; 0 when unknown.
	Line, Column int
	// Path is the way to the field, as in tenants[0].settings.endAfter.
	Path string
}

// Problem is a reason to refuse the files.
type Problem struct {
	Position
	// Text says what is wrong and what to do about it. It holds no secrets.
	Text string
}

// String returns the problem in one line, as compilers do.
func (p Problem) String() string {
	if p.Path == "" {
		return fmt.Sprintf("%s:%d:%d: %s", p.File, p.Line, p.Column, p.Text)
	}
	return fmt.Sprintf("%s:%d:%d: %s: %s", p.File, p.Line, p.Column, p.Path, p.Text)
}

// Problems is the error of files that are refused. They are sorted by place.
type Problems []Problem

// Error returns all problems, one a line.
func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i, problem := range p {
		lines[i] = problem.String()
	}
	return strings.Join(lines, "\n")
}

// problemLog gathers problems, and what keeps one mistake from being told twice.
type problemLog struct {
	all []Problem
	// doubtful are the kinds of entity of which one could not be identified, so
	// that a reference to an unknown one says nothing new.
	doubtful map[string]bool
	// mistyped are the entities that have an unknown field, so that the lack of
	// a known one says nothing new.
	mistyped map[Position]bool
}

func newProblemLog() *problemLog {
	return &problemLog{doubtful: map[string]bool{}, mistyped: map[Position]bool{}}
}

// clone returns a log that goes on from here by itself.
func (l *problemLog) clone() *problemLog {
	return &problemLog{all: slices.Clone(l.all), doubtful: maps.Clone(l.doubtful), mistyped: maps.Clone(l.mistyped)}
}

// maxProblems bounds what one answer tells; nobody reads more.
const maxProblems = 1000

func (l *problemLog) add(at Position, format string, args ...any) {
	if len(l.all) == maxProblems {
		l.all = append(l.all, Problem{Position: at, Text: "there are more problems: mend these first"})
	}
	if len(l.all) > maxProblems {
		return
	}
	l.all = append(l.all, Problem{Position: at, Text: fmt.Sprintf(format, args...)})
}

// unknown tells of a reference to nothing.
func (l *problemLog) unknown(at Position, kind, format string, args ...any) {
	if !l.doubtful[kind] {
		l.add(at, format, args...)
	}
}

// lacks tells of a field that an entity needs and does not have.
func (l *problemLog) lacks(entity Position, format string, args ...any) {
	if !l.mistyped[entity] {
		l.add(entity, "lacks "+format, args...)
	}
}

// sorted returns the problems by file, in the order of the files, and place,
// each once.
func (l *problemLog) sorted(files []File) []Problem {
	order := make(map[string]int, len(files))
	for i, file := range files {
		order[file.Name] = i
	}
	slices.SortStableFunc(l.all, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(order[a.File], order[b.File]), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return slices.Compact(l.all)
}
