// Command muster is the server and its tools.
//
// main.go reads the command line; a file of its own holds each command. node.go
// builds the whole object graph by hand, the only place that knows every part.
package main
