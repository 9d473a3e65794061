// Package provision makes a directory what YAML files say, and writes YAML files
// that say what a directory is.
//
// # Purpose
//
// [Parse] reads files into a [Spec]; [NewPlan] compares it with the directory
// and works out the changes; [Apply] does both and makes the changes; [Export]
// goes the other way. Files with any problem are refused as a whole, and all
// problems are told at once, each with its place and what to do about it.
//
// # What files mean
//
// Entities are known by their key, users by their user name. Ids may be given;
// otherwise they are made once and kept. Several files are read as one, and so
// are several documents in one file; nothing may stand twice. Keys at the top
// that begin with "x-" are passed over: a place for anchors.
//
// What the files lack stays: a field that is not given keeps its value, and an
// entity that no file names is deleted only when pruning. Entities are
// everything that can have an id: regions, tenants, roles, groups, reason lists
// and their reasons, identity providers, users, memberships and extensions.
// Lists of plain values (permissions, skills, a member's roles, …) are replaced
// as a whole. A value of null empties a field that may be empty.
//
// # Invariants
//
// Applying files twice changes nothing the second time. What [Export] writes
// applies to the same directory without change, and to an empty one gives the
// same directory. No text of this package holds a password or a hash but an
// export with secrets.
//
// # Dependencies
//
// The directory's types, the port of the directory, and a YAML parser. It does
// not know how passwords are hashed; see [Hasher].
package provision
