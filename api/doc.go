// Package api is Muster's wire contract: what clients send and get over REST, and the frames and messages of the stream.
//
// # Purpose
//
// openapi.yaml is the source of truth. It is served as it is at /v1/openapi.yaml, and types.gen.go is made of its schemas, one Go
// type for each. Written by hand are only the parts that a schema cannot express: the error codes with their statuses
// ([Code]), the stream's close codes ([CloseCode]), the permissions ([Permission]), the one spelling of a moment ([Time]) and the
// envelope ([Result]). Golden bodies in testdata/golden show every body and frame in the situations that clients meet.
// docs/protocol.md says in which order frames come and what clients do with them.
//
// # What it may not know
//
// The package is public: other people's programs import it, and so does the Go SDK. Therefore it imports the standard library only
// (TestPackage_ImportsTheStandardLibraryOnly), does no I/O and reads no clock. It does not know internal/presence, and that
// package does not know it: the edge of the server translates, so that neither the core nor the wire has to change for the other.
//
// # Invariants
//
//   - A field that may have no value but is always there is a pointer without omitempty, and null on the wire. A field that is left
//     out when it has nothing to say has omitempty. Requests have pointers for everything optional, since absent and empty differ
//     there.
//   - Arrays are never null on the wire. A nil slice in Go would be, so whoever fills these types sets empty slices.
//   - A [json.RawMessage] read from an explicit null holds the text null, which requests treat as absent.
//   - What a frame carries, messages and rows, is a [json.RawMessage]: its reader decodes it by the type that it names, or by the
//     view. Unions have no Go type.
//   - Enumerations decode any text, since an unknown one needs an error of its own; their Valid methods tell.
//   - Codes, close codes, permissions and enumeration values are only ever added, never renamed: clients compare them.
package api

//go:generate go tool -modfile=../tools/go.mod oapi-codegen -config oapi-codegen.yaml openapi.yaml
