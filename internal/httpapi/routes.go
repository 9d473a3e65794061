package httpapi

import (
	"net/http"

	"github.com/muster-presence/muster/api"
)

// routes is the table of all operations. A test holds it against
// api/openapi.yaml: operations, methods, paths and rights.
func (s *Server) routes() []route {
	const (
		get    = http.MethodGet
		post   = http.MethodPost
		put    = http.MethodPut
		remove = http.MethodDelete

		tenant   = "/v1/tenants/{tenantId}"
		user     = tenant + "/users/{userId}"
		presence = tenant + "/presence/{userId}"
		work     = presence + "/interactions/{interactionId}"
	)
	return []route{
		{"createToken", post, "/v1/tokens", public(), createToken},
		{"revokeCurrentToken", remove, "/v1/tokens/current", self(), revokeCurrentToken},
		{"revokeTokens", post, "/v1/users/{userId}/tokens/revoke", selfOrAnywhere(api.PermissionManageTenant), revokeTokens},
		{"login", post, "/v1/login", self(), login},
		{"listTenantDetails", get, "/v1/me", self(), listTenantDetails},
		{"getAuthInfo", get, "/v1/auth-info/{subject}", public(), limited(getAuthInfo)},
		{"getAuthInfoOfProvider", get, "/v1/auth-info/{tenantId}/{identityProviderId}", public(), limited(getAuthInfoOfProvider)},
		{"updateUser", put, "/v1/users/{userId}", self(), updateUser},
		{"getTenant", get, tenant, members(), getTenant},
		{"getRegion", get, "/v1/regions/{regionId}", members(), getRegion},

		{"getConfig", get, user + "/config", self(), queried(getConfig)},
		{"getMember", get, user, selfOr(api.PermissionViewAllPresence), getMember},
		{"updateMember", put, user, self(), updateMember},
		{"listReasonLists", get, user + "/reason-lists", selfOr(api.PermissionManageAllUserReasonLists), listReasonLists},
		{"saveLogs", post, user + "/logs", self(), saveLogs},
		{"listIntervals", get, user + "/intervals", selfOr(api.PermissionViewAllPresence), queried(listIntervals)},

		{"startSession", post, presence + "/session", ownOrSilent(api.PermissionArtifactsCreateAll, api.PermissionMonitorAllCalls), startSession},
		{"heartbeat", post, presence + "/heartbeat", self(), heartbeat},
		{"setState", post, presence, selfOr(api.PermissionManageAllUserState), setState},
		{"getPresence", get, presence, selfOr(api.PermissionViewAllPresence), getPresence},
		{"setDirection", post, presence + "/direction", ownAnd(api.PermissionManageMyDirection, api.PermissionManageAllUsersDirection), setDirection},
		{"explainState", get, presence + "/why", selfOr(api.PermissionViewAllPresence), explainState},
		{"listFloor", get, tenant + "/presence", permission(api.PermissionViewAllPresence), queried(listFloor)},
		{"countStates", get, tenant + "/presence/counts", permission(api.PermissionViewAllPresence), queried(countStates)},

		{"putWork", put, work, permission(api.PermissionManageWork), putWork},
		{"deleteWork", remove, work, permission(api.PermissionManageWork), deleteWork},
		{"interrupt", post, tenant + "/interactions/{interactionId}/interrupts", permission(api.PermissionMonitorAllCalls), interrupt},

		{"listAudit", get, tenant + "/audit", permission(api.PermissionManageTenant), queried(listAudit)},
		{"applyProvisioning", post, "/v1/provisioning", platform(api.PermissionManageTenant), queried(applyProvisioning)},
		{"exportProvisioning", get, "/v1/provisioning", platform(api.PermissionManageTenant), queried(exportProvisioning)},
		{"getOpenAPI", get, "/v1/openapi.yaml", public(), getOpenAPI},
	}
}
