// Package static serves files that are in memory, embedded for the most part: as
// they are or compressed, whole or a part, or with the news that the client has
// them already. What the files are for, and where they stand, it does not know.
//
// A [File] may be served by any number of callers at once and is never changed.
package static
