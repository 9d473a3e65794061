/** The names of all topics, by the part of the tree that they are in. */
const names: Record<string, string> = {
  session:
    "tenant-list set-active-tenant-response config-details extension-list started heartbeat-response " +
    "state-change-response ended direction-change-response work-change connection " +
    "state-change-request-acknowledged set-direction-response set-presence-state-response " +
    "get-active-user-id-response get-active-tenant-id-response get-token-response set-token-response " +
    "get-sso-token-response set-user-identity-response set-locale-response get-default-extension-response " +
    "get-extensions get-tenant-details get-running-session-state get-user-config-response sqs-shut-down",
  sessions: "get-new-token-response",
  authentication:
    "login-response auth-info-response identity-window-response cognito-auth-response " +
    "update-default-tenant-response",
  "interactions/voice":
    "get-monitored-interaction-response set-monitored-interaction-response silent-monitoring-start-acknowledged " +
    "resource-removed-acknowledged silent-monitor-start silent-monitor-end",
  logging: "logs-saved",
  notifications: "show-banner",
  errors: "fatal error warn",
  "errors/error": "unknown-agent-notification-type token-expired failed-to-start-module-error",
  reporting:
    "get-available-stats-response stat-subscription-added stat-subscription-removed " +
    "bulk-stat-subscriptions-removed batch-response",
};

/** Whether anything is ever published on the topic or below it. */
export const isKnown = (topic: string): boolean =>
  Object.keys(names).some((part) => names[part]!.split(" ").some((name) => `cxengage/${part}/${name}/`.startsWith(topic + "/")));
