package house

import "slices"

// rule says what a room may import. The standard library is allowed but for
// what never lists; everything else is forbidden but for what ours and theirs
// list. A name that ends with /... means everything below too.
type rule struct {
	room   string
	ours   []string // packages of this module
	theirs []string // packages of others
	never  []string // of the standard library
	why    string
}

// rules is who may know whom. Rooms stand in the order of dependency, as
// docs/architecture.md draws them. A new room needs a line here.
var rules = []rule{
	{
		room: "api", never: doesNoIO,
		why: "other people's programs import it, and so will the SDKs: the standard library only, no input or output, and no knowledge of the core",
	},
	{
		room: "sdk", ours: []string{"api", "sdk/internal/..."},
		why: "other people's programs import it: it knows the contract and its own parts, and nothing of the server's inside",
	},
	{
		room: "sdk/internal/backoff", never: doesNoIOButRandom,
		why: "how long to wait is a number",
	},
	{
		room: "sdk/internal/rest", ours: []string{"api", "sdk/internal/backoff"},
		why: "requests know nothing of sessions",
	},
	{
		room: "sdk/internal/follow", ours: []string{"api", "sdk/internal/backoff"}, theirs: []string{"github.com/coder/websocket"},
		why: "the stream knows nothing of sessions; nobody else in the SDK knows the socket library",
	},
	{
		room: "internal/presence", never: doesNoIO,
		why: "the core is a pure state machine: time, ids and randomness come in as arguments, and neither wire nor storage may bend it",
	},
	{
		room: "internal/directory", ours: []string{"api", "internal/presence"}, never: doesNoIO,
		why: "types and rules of who there is; of the wire contract it knows the permissions' names only",
	},
	{
		room: "internal/store", ours: core, never: doesNoIO,
		why: "a port says what is needed, not how it is done",
	},
	{
		room: "internal/bus", ours: []string{"internal/presence", "internal/store"}, never: doesNoIO,
		why: "a port; an announcement is a tenant's id and a number of its log, which the store's port names",
	},

	{
		room: "internal/store/memory", ours: plus(core, "internal/store"), never: doesNoIOButRandom,
		why: "the model has no driver: it is what the others are compared with",
	},
	{
		room: "internal/store/cached", ours: plus(core, "internal/store"), never: doesNoIO,
		why: "a decorator knows the port it decorates and no adapter",
	},
	{
		room: "internal/store/sqlite", ours: plus(core, "internal/store"), never: network,
		theirs: []string{"modernc.org/sqlite/...", "github.com/pressly/goose/v3"},
		why:    "an adapter knows its own port and its own driver",
	},
	{
		room: "internal/store/storetest", ours: plus(core, "api", "internal/store", "internal/store/memory"),
		theirs: []string{"github.com/google/go-cmp/...", "pgregory.net/rapid"},
		why:    "the suite compares any adapter with the model and knows no other adapter",
	},
	{
		room: "internal/bus/local", ours: []string{"internal/bus"}, never: doesNoIO,
		why: "an adapter knows its own port",
	},
	{
		room: "internal/bus/bustest", ours: []string{"internal/bus", "internal/presence"},
		why: "the suite knows the port and no adapter",
	},

	{
		room: "internal/engine", ours: ports, never: driversAndHTTP,
		theirs: []string{"golang.org/x/sync/errgroup"},
		why:    "it works on whatever implements the ports, for whichever edge asks, and beside history and auth, not on them",
	},
	{
		room: "internal/history", ours: ports, never: driversAndHTTP,
		why: "it reads the committed log through a port, and would work in a process without engine or edge",
	},
	{
		room: "internal/auth", ours: plus(core, "internal/store"), never: driversAndHTTP,
		theirs: []string{"github.com/golang-jwt/jwt/v5", "github.com/google/uuid", "golang.org/x/crypto/argon2"},
		why:    "it tells who calls, for whichever edge asks; what changes presence is none of its business",
	},
	{
		room: "internal/provision", ours: plus(core, "api", "internal/store"), never: driversAndHTTP,
		theirs: []string{"github.com/goccy/go-yaml/...", "github.com/google/uuid"},
		why:    "it turns files into changes of the directory, through the port",
	},
	{
		room: "internal/wire", ours: plus(core, "api", "internal/store"), never: doesNoIO,
		why: "translation between core and contract is pure, so that every edge says the same",
	},
	{
		room: "internal/stream", ours: plus(ports, "internal/wire"), never: driversAndHTTP,
		theirs: []string{"golang.org/x/sync/errgroup"},
		why:    "it reads the committed log through a port and says it in the contract's words, once for all who watch; who carries it, and who makes the log, it does not know",
	},

	{
		room: "internal/stream/streamtest", ours: plus(core, "api", "internal/store", "internal/wire"), never: driversAndHTTP,
		why: "it judges what clients saw by the log and the contract's words; were it to know the stream, it would judge it by itself",
	},
	{
		room: "internal/cors",
		why:  "it reads and writes headers, for whichever edge asks, and knows nothing of what is called",
	},
	{
		room: "internal/httpapi", never: []string{"database/..."},
		ours: plus(ports, "api", "internal/auth", "internal/cors", "internal/engine", "internal/history", "internal/provision", "internal/wire"),
		why:  "an edge knows what is above the adapters, never an adapter, never another edge",
	},
	{
		room: "internal/wsapi", never: []string{"database/..."}, theirs: []string{"github.com/gobwas/ws"},
		ours: plus(ports, "api", "internal/auth", "internal/cors", "internal/engine", "internal/stream"),
		why:  "an edge knows what is above the adapters, never an adapter, never another edge; nobody else knows the socket library",
	},
	{
		room: "internal/static", never: []string{"database/..."},
		why: "it serves files for whichever edge asks, and knows nothing of what is in them",
	},
	{
		room: "internal/sdkjs", ours: []string{"internal/cors", "internal/static"}, never: []string{"database/..."},
		why: "an edge that hands out files: it would serve them beside any API",
	},
	{
		room: "internal/console", ours: []string{"api", "internal/auth", "internal/presence", "internal/static"}, never: []string{"database/..."},
		why: "an edge that hands out pages and keeps who is signed in there: of the server it knows who may log in, and nothing of what presence is",
	},

	{
		room: "internal/demo", ours: []string{"api", "sdk"},
		why: "the show is a client: it could run against a server on another machine",
	},
	{
		room: "internal/desk/terminal", theirs: []string{"golang.org/x/term", "github.com/rivo/uniseg"}, never: network,
		why: "it draws text and reads keys, whatever the text is about; nobody else knows the terminal's libraries",
	},
	{
		room: "internal/desk", ours: []string{"api", "sdk", "internal/desk/terminal"}, theirs: []string{"github.com/gofrs/flock"}, never: []string{"database/...", "net/http/..."},
		why: "an agent's desk is a client like any other: all that it does, another program can do with the SDK",
	},
	{
		room: "internal/desk/floor", ours: []string{"api", "sdk", "internal/desk", "internal/desk/terminal"}, never: []string{"database/..."},
		why: "a supervisor's floor is a client like any other; net/http is for the reason lists of others, which the SDK does not read",
	},
	{
		room: "examples",
		why:  "files to read and to embed, and nothing that runs",
	},
	{
		room: "examples/agent", ours: []string{"sdk"},
		why: "other people's programs know the SDK only",
	},
	{
		room: "cmd/muster", ours: []string{"api", "examples", "internal/..."}, theirs: []string{"..."},
		why: "the one place that builds the object graph, by hand",
	},
	{
		room: "internal/simtest", ours: []string{"api", "internal/..."}, never: []string{"database/..."},
		why: "it builds whole nodes, but on the model: the race detector watches it",
	},
	{
		room: "internal/house",
		why:  "it reads the source and runs nothing of it",
	},
	{
		room: "e2e", ours: []string{"api", "sdk"}, theirs: []string{"github.com/coder/websocket"},
		why: "the tests of the binary use the binary, not its parts",
	},
}

// What rules have in common.
var (
	core  = []string{"internal/directory", "internal/presence"}
	ports = []string{"internal/bus", "internal/directory", "internal/presence", "internal/store"}

	network           = []string{"net", "net/http/..."}
	driversAndHTTP    = []string{"database/...", "net/http/..."}
	doesNoIOButRandom = []string{"database/...", "log/...", "net", "net/http/...", "os/...", "syscall"}
	doesNoIO          = plus(doesNoIOButRandom, "crypto/rand", "math/rand/...")
)

func plus(list []string, more ...string) []string { return slices.Concat(list, more) }

// noClock are the rooms that read no clock: time is an argument there.
var noClock = []string{"api", "internal/directory", "internal/presence", "internal/store", "internal/stream/streamtest", "internal/wire"}

// slowDriver takes more than a minute to build for the race detector and runs
// ten times slower under it. What reaches it is tested without; see
// scripts/packages.
const slowDriver = "modernc.org/sqlite"

// reachesSlowDriver are the rooms that may reach it, with their tests; a room
// that is not here is race-tested.
var reachesSlowDriver = map[string]string{
	"internal/store/sqlite": "it is the adapter",
	"cmd/muster":            "it builds the object graph; what it runs is race-tested room by room",
}
