package sdk

import (
	"slices"
	"strings"
)

// Topic names what an event is about: a path such as "cxengage/session/state-change-response". Whoever subscribes to a topic
// gets what is published on it and below it.
type Topic string

// The topics, with what [Event.Response] holds when there is no error.
const (
	TopicAll               Topic = "cxengage"         // everything but tokens
	TopicSession           Topic = "cxengage/session" // everything about the session
	TopicErrors            Topic = "cxengage/errors"
	TopicLoggedIn          Topic = "cxengage/authentication/login-response"                           // LoggedIn
	TopicNewToken          Topic = "cxengage/sessions/get-new-token-response"                         // LoggedIn, with the TTL only
	TopicAuthInfo          Topic = "cxengage/authentication/auth-info-response"                       // AuthInfo
	TopicIdentity          Topic = "cxengage/authentication/identity-window-response"                 // bool
	TopicDefault           Topic = "cxengage/authentication/update-default-tenant-response"           // UpdatedUser
	TopicTenants           Topic = "cxengage/session/tenant-list"                                     // []api.TenantMembership
	TopicTenant            Topic = "cxengage/session/set-active-tenant-response"                      // ActiveTenant
	TopicConfig            Topic = "cxengage/session/config-details"                                  // api.Config
	TopicExtension         Topic = "cxengage/session/extension-list"                                  // ExtensionList
	TopicStarted           Topic = "cxengage/session/started"                                         // api.Session
	TopicHeartbeat         Topic = "cxengage/session/heartbeat-response"                              // api.HeartbeatResponse; error CodeSessionGone ends the session
	TopicState             Topic = "cxengage/session/state-change-response"                           // StateChange
	TopicEnded             Topic = "cxengage/session/ended"                                           // Ended
	TopicDirection         Topic = "cxengage/session/direction-change-response"                       // DirectionChange
	TopicWork              Topic = "cxengage/session/work-change"                                     // api.WorkChangeMessage
	TopicConnection        Topic = "cxengage/session/connection"                                      // Connection
	TopicStateAsked        Topic = "cxengage/session/state-change-request-acknowledged"               // api.PresenceState
	TopicDirectionAsked    Topic = "cxengage/session/set-direction-response"                          // DirectionSet
	TopicPresenceAsked     Topic = "cxengage/session/set-presence-state-response"                     // api.PresenceState
	TopicActiveUser        Topic = "cxengage/session/get-active-user-id-response"                     // string, or nil
	TopicActiveTenant      Topic = "cxengage/session/get-active-tenant-id-response"                   // string, or nil
	TopicToken             Topic = "cxengage/session/get-token-response"                              // nil
	TopicTokenSet          Topic = "cxengage/session/set-token-response"                              // nil
	TopicSSOToken          Topic = "cxengage/session/get-sso-token-response"                          // nil
	TopicUserIdentity      Topic = "cxengage/session/set-user-identity-response"                      // string
	TopicLocale            Topic = "cxengage/session/set-locale-response"                             // string
	TopicDefaultExtension  Topic = "cxengage/session/get-default-extension-response"                  // api.Extension, or nil
	TopicExtensions        Topic = "cxengage/session/get-extensions"                                  // []api.Extension, or nil
	TopicDetails           Topic = "cxengage/session/get-tenant-details"                              // TenantDetails
	TopicRunning           Topic = "cxengage/session/get-running-session-state"                       // RunningSession
	TopicUserConfig        Topic = "cxengage/session/get-user-config-response"                        // UserConfig
	TopicMonitored         Topic = "cxengage/interactions/voice/get-monitored-interaction-response"   // string, or nil
	TopicMonitoredCleared  Topic = "cxengage/interactions/voice/set-monitored-interaction-response"   // nil
	TopicMonitoringAsked   Topic = "cxengage/interactions/voice/silent-monitoring-start-acknowledged" // Monitoring
	TopicRemovalAsked      Topic = "cxengage/interactions/voice/resource-removed-acknowledged"        // Removal
	TopicMonitoringStarted Topic = "cxengage/interactions/voice/silent-monitor-start"                 // api.AgentNotificationMessage
	TopicMonitoringEnded   Topic = "cxengage/interactions/voice/silent-monitor-end"                   // api.AgentNotificationMessage
	TopicLogsSaved         Topic = "cxengage/logging/logs-saved"                                      // api.LogsReceipt
	TopicUnknownMessage    Topic = "cxengage/errors/error/unknown-agent-notification-type"            // always an error
	TopicModuleFailed      Topic = "cxengage/errors/error/failed-to-start-module-error"               // always an error
	TopicTokenExpired      Topic = "cxengage/errors/error/token-expired"                              // always an error
)

// tokenTopics reach subscribers of the exact topic only.
var tokenTopics = [...]Topic{TopicToken, TopicTokenSet, TopicSSOToken}

// carriesToken tells whether the topic is about a token.
func (t Topic) carriesToken() bool { return slices.Contains(tokenTopics[:], t) }

// covers tells whether who subscribed to t gets what is published on topic.
func (t Topic) covers(topic Topic) bool {
	if t == topic {
		return true
	}
	return !topic.carriesToken() && strings.HasPrefix(string(topic), string(t)+"/")
}

// valid tells whether one can subscribe to t at all.
func (t Topic) valid() bool {
	return t == TopicAll || strings.HasPrefix(string(t), string(TopicAll)+"/")
}

// published are all topics that something is published on.
var published = [...]Topic{
	TopicLoggedIn,
	TopicNewToken,
	TopicAuthInfo,
	TopicIdentity,
	TopicDefault,
	TopicTenants,
	TopicTenant,
	TopicConfig,
	TopicExtension,
	TopicStarted,
	TopicHeartbeat,
	TopicState,
	TopicEnded,
	TopicDirection,
	TopicWork,
	TopicConnection,
	TopicStateAsked,
	TopicDirectionAsked,
	TopicPresenceAsked,
	TopicActiveUser,
	TopicActiveTenant,
	TopicToken,
	TopicTokenSet,
	TopicSSOToken,
	TopicUserIdentity,
	TopicLocale,
	TopicDefaultExtension,
	TopicExtensions,
	TopicDetails,
	TopicRunning,
	TopicUserConfig,
	TopicMonitored,
	TopicMonitoredCleared,
	TopicMonitoringAsked,
	TopicRemovalAsked,
	TopicMonitoringStarted,
	TopicMonitoringEnded,
	TopicLogsSaved,
	TopicUnknownMessage,
	TopicModuleFailed,
	TopicTokenExpired,
}

// known tells whether anything is published on t or below it.
func (t Topic) known() bool { return slices.ContainsFunc(published[:], t.covers) }
