package api

// Permission is a right, given to users by roles in a tenant or on the platform. Permissions are added, never renamed: desktops
// compare them as text.
type Permission string

// The permissions that the server itself tests, and those that desktops test before they show something.
const (
	PermissionArtifactsCreateAll         Permission = "ARTIFACTS_CREATE_ALL"
	PermissionManageMyDirection          Permission = "MANAGE_MY_DIRECTION"
	PermissionManageAllUserState         Permission = "MANAGE_ALL_USER_STATE"
	PermissionManageAllUsersDirection    Permission = "MANAGE_ALL_USERS_DIRECTION"
	PermissionManageAllUserReasonLists   Permission = "MANAGE_ALL_USER_REASON_LISTS"
	PermissionMonitorAllCalls            Permission = "MONITOR_ALL_CALLS"
	PermissionViewAllMonitoredCalls      Permission = "VIEW_ALL_MONITORED_CALLS"
	PermissionBargeAllCalls              Permission = "BARGE_ALL_CALLS"
	PermissionAgentExperienceMetricsView Permission = "AGENT_EXPERIENCE_METRICS_VIEW"
	PermissionViewAllPresence            Permission = "VIEW_ALL_PRESENCE"
	PermissionManageWork                 Permission = "MANAGE_WORK"
	PermissionManageTenant               Permission = "MANAGE_TENANT"

	PermissionContactsCreate                 Permission = "CONTACTS_CREATE"
	PermissionContactsUpdate                 Permission = "CONTACTS_UPDATE"
	PermissionContactsRead                   Permission = "CONTACTS_READ"
	PermissionContactsAttributesRead         Permission = "CONTACTS_ATTRIBUTES_READ"
	PermissionContactsLayoutsRead            Permission = "CONTACTS_LAYOUTS_READ"
	PermissionContactsAssignInteraction      Permission = "CONTACTS_ASSIGN_INTERACTION"
	PermissionContactsInteractionHistoryRead Permission = "CONTACTS_INTERACTION_HISTORY_READ"
)

type permissionRow struct {
	permission Permission
	meaning    string
}

// permissionRows has one row for each permission; TestPermission_EveryPermissionHasAMeaning holds it to the constants above.
var permissionRows = [...]permissionRow{
	{PermissionArtifactsCreateAll, "be an agent; desktops test it when a tenant is chosen"},
	{PermissionManageMyDirection, "change one's own direction"},
	{PermissionManageAllUserState, "change another's state and end another's session"},
	{PermissionManageAllUsersDirection, "change another's direction"},
	{PermissionManageAllUserReasonLists, "see and use another's reason lists"},
	{PermissionMonitorAllCalls, "listen in on calls in silence"},
	{PermissionViewAllMonitoredCalls, "see which calls are listened in on"},
	{PermissionBargeAllCalls, "join in on a call that one listens to"},
	{PermissionAgentExperienceMetricsView, "see the statistics in an agent's toolbar"},
	{PermissionViewAllPresence, "see the floor, and others' states, intervals and counts"},
	{PermissionManageWork, "report the work of agents, as telephony and routers do"},
	{PermissionManageTenant, "administer the tenant; on the platform, all tenants"},
	{PermissionContactsCreate, "create contacts, in desktops that have them"},
	{PermissionContactsUpdate, "change contacts, in desktops that have them"},
	{PermissionContactsRead, "see contacts, in desktops that have them"},
	{PermissionContactsAttributesRead, "see the attributes of contacts, in desktops that have them"},
	{PermissionContactsLayoutsRead, "see the layouts of contacts, in desktops that have them"},
	{PermissionContactsAssignInteraction, "assign an interaction to a contact, in desktops that have them"},
	{PermissionContactsInteractionHistoryRead, "see a contact's past interactions, in desktops that have them"},
}

// Permissions returns all permissions, first those that the server tests.
func Permissions() []Permission {
	permissions := make([]Permission, len(permissionRows))
	for i, row := range permissionRows {
		permissions[i] = row.permission
	}
	return permissions
}

// Valid tells whether the permission is on the list.
func (p Permission) Valid() bool { return p.Meaning() != "" }

// Meaning says in one line, without a full stop, what the permission allows; empty for one that is not on the list.
func (p Permission) Meaning() string {
	for _, row := range permissionRows {
		if row.permission == p {
			return row.meaning
		}
	}
	return ""
}
