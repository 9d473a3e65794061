// Package house holds the tests of the house: rules that no single room can
// check by itself. There is no production code here.
//
// # Purpose
//
// Who may know whom, and why (rules_test.go); who starts goroutines, and what
// ends them (goroutines_test.go); no state outside of values that somebody made
// (globals_test.go); no waiting by the clock in tests (sleeping_test.go); what a
// file and a package look like (shape_test.go); that what the documents name is
// there (docs_test.go).
//
// Every rule is a function from source text to findings, and is itself tested
// with a sample that breaks it. A finding says what to do, or where a deliberate
// exception is written down with its reason.
//
// # Dependencies
//
// The standard library only. The rules read the source and run nothing of it.
package house
