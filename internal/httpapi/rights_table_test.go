package httpapi

// who are the people of North that the matrix is about, one for each role.
var who = []struct {
	person
	role string
}{
	{agent, "agent"},
	{supervisor, "supervisor"},
	{monitor, "monitor"},
	{programme, "router"},
	{administrator, "administrator"},
	{platformAdmin, "platform administrator"},
	{member, "member without a role"},
}

// rightsRow is what is expected of an operation. Who is not in a list is
// answered 403.
type rightsRow struct {
	operation string
	// own may call it for themselves, or for no user in particular.
	own []person
	// other may call it for another member of the tenant.
	other []person
	// anywhere may call it even for a user who shares no tenant with them; to
	// the others in the list of other, such a user does not exist.
	anywhere []person
	body     any
}

var (
	everybody = []person{agent, supervisor, monitor, programme, administrator, platformAdmin, member}
	agents    = []person{agent, supervisor, monitor} // who have ARTIFACTS_CREATE_ALL
	none      []person
	viewers   = []person{supervisor, programme}
)

// rightsTable is who may do what. docs/rights.md is made of it.
var rightsTable = []rightsRow{
	{operation: "createToken", own: everybody, body: map[string]any{"username": agent.username, "password": password}},
	{operation: "login", own: everybody},
	{operation: "listTenantDetails", own: everybody},
	{operation: "getAuthInfo", own: everybody},
	{operation: "getAuthInfoOfProvider", own: everybody},
	{operation: "getOpenAPI", own: everybody},
	{operation: "revokeCurrentToken", own: everybody},
	{operation: "revokeTokens", own: everybody, other: []person{administrator, platformAdmin}, anywhere: []person{platformAdmin}},
	{operation: "updateUser", own: everybody, other: none, body: map[string]any{"defaultTenant": north}},

	{operation: "getTenant", own: everybody},
	{operation: "getRegion", own: everybody},
	{operation: "getConfig", own: everybody, other: none},
	{operation: "getMember", own: everybody, other: viewers},
	{operation: "updateMember", own: everybody, other: none, body: map[string]any{"activeExtension": map[string]any{"value": "sip:any"}}},
	{operation: "listReasonLists", own: everybody, other: []person{supervisor}},
	{operation: "saveLogs", own: everybody, other: none, body: map[string]any{"logs": []any{}}},
	{operation: "listIntervals", own: everybody, other: viewers},

	{operation: "startSession", own: agents, other: none},
	{operation: "heartbeat", own: everybody, other: none},
	{operation: "setState", own: everybody, other: []person{supervisor}, body: map[string]any{"state": "notready"}},
	{operation: "getPresence", own: everybody, other: viewers},
	{operation: "setDirection", own: []person{agent, supervisor}, other: []person{supervisor}, body: map[string]any{"direction": "outbound"}},
	{operation: "explainState", own: everybody, other: viewers},
	{operation: "listFloor", own: viewers},
	{operation: "countStates", own: viewers},

	{operation: "putWork", own: []person{programme}, other: []person{programme}, body: map[string]any{"channel": "voice", "direction": "inbound", "state": "active"}},
	{operation: "deleteWork", own: []person{programme}, other: []person{programme}},
	{operation: "interrupt", own: []person{monitor}, body: map[string]any{"source": "client", "interruptType": "silent-monitoring", "interrupt": map[string]any{}}},

	{operation: "listAudit", own: []person{administrator, platformAdmin}},
	{operation: "applyProvisioning", own: []person{platformAdmin}, body: map[string]any{"files": []any{map[string]any{"name": "a.yaml", "content": "regions: []"}}}},
	{operation: "exportProvisioning", own: []person{platformAdmin}},
}
