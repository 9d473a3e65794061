import type { SdkError } from "./error.js";
import type {
  AgentNotificationMessage,
  AuthInfo,
  Config,
  Direction,
  EndCode,
  Extension,
  FloorRow,
  HeartbeatResponse,
  PresenceState,
  Session,
  State,
  TenantDetails,
  TenantMembership,
  User,
  UserIdentity,
  WorkChangeMessage,
} from "./wire.js";

/** A change of the own session's state, whoever brought it about. */
export interface StateChange {
  state: State;
  availableStates: State[];
  direction: Direction;
  reason: string | null;
  reasonId: string | null;
  reasonListId: string | null;
  /** Absent where no supervisor acted. */
  supervisorId?: string;
  supervisorName?: string;
  stateSince: string | null;
  pending: PresenceState["pending"];
  cause: PresenceState["cause"];
}

/** The end of the own session. */
export interface Ended {
  state: "offline";
  supervisorId?: string;
  supervisorName?: string;
  endCode?: EndCode;
}

/** A change of the own session's direction, whoever brought it about. */
export interface DirectionChange {
  state: State;
  availableStates: State[];
  direction: Direction;
  supervisorId?: string;
  supervisorName?: string;
}

export interface ExtensionList {
  activeExtension: Extension | null;
  extensions: Extension[];
}

/** A statistic that a desktop can ask for. */
export interface Stat {
  name: string;
  userFriendlyName: string;
  responseKeys: string[];
  optionalFilters: string[];
}

export type LoggedIn = UserIdentity & { auth: "username" | "token" };

/** What each topic carries where there is no error. */
export interface Topics {
  "cxengage/session/tenant-list": TenantMembership[];
  "cxengage/session/set-active-tenant-response": { tenantId: string };
  "cxengage/session/config-details": Config;
  "cxengage/session/extension-list": ExtensionList;
  "cxengage/session/started": Session;
  "cxengage/session/heartbeat-response": HeartbeatResponse;
  "cxengage/session/state-change-response": StateChange;
  "cxengage/session/ended": Ended;
  "cxengage/session/direction-change-response": DirectionChange;
  "cxengage/session/work-change": WorkChangeMessage;
  "cxengage/session/connection": { connected: boolean; since: string };
  "cxengage/session/state-change-request-acknowledged": PresenceState;
  "cxengage/session/set-direction-response": { direction: Direction; sessionId: string | null };
  "cxengage/session/set-presence-state-response": PresenceState;
  "cxengage/session/get-active-user-id-response": string | null;
  "cxengage/session/get-active-tenant-id-response": string | null;
  "cxengage/session/get-token-response": null;
  "cxengage/session/set-token-response": null;
  "cxengage/session/get-sso-token-response": null;
  "cxengage/session/set-user-identity-response": string | null;
  "cxengage/session/set-locale-response": string;
  "cxengage/session/get-default-extension-response": Extension | null;
  "cxengage/session/get-extensions": Extension[] | null;
  "cxengage/session/get-tenant-details": { details: TenantDetails[] };
  "cxengage/session/get-running-session-state": { state: State; sessionId: string | null };
  "cxengage/session/get-user-config-response": { result: Config };
  "cxengage/session/sqs-shut-down": never;
  "cxengage/sessions/get-new-token-response": { ttl: number };
  "cxengage/authentication/login-response": LoggedIn;
  "cxengage/authentication/auth-info-response": { result: AuthInfo };
  "cxengage/authentication/identity-window-response": boolean;
  "cxengage/authentication/cognito-auth-response": never;
  "cxengage/authentication/update-default-tenant-response": { result: User };
  "cxengage/interactions/voice/get-monitored-interaction-response": string | null;
  "cxengage/interactions/voice/set-monitored-interaction-response": null;
  "cxengage/interactions/voice/silent-monitoring-start-acknowledged": {
    interactionId: string;
    resourceId: string;
    activeExtension: Extension;
    sessionId: string | null;
  };
  "cxengage/interactions/voice/resource-removed-acknowledged": { interactionId: string; resourceId: string; targetResource: string };
  "cxengage/interactions/voice/silent-monitor-start": AgentNotificationMessage;
  "cxengage/interactions/voice/silent-monitor-end": AgentNotificationMessage;
  "cxengage/logging/logs-saved": { saved: number };
  "cxengage/notifications/show-banner": unknown;
  "cxengage/errors/error/unknown-agent-notification-type": never;
  "cxengage/errors/error/token-expired": never;
  "cxengage/errors/error/failed-to-start-module-error": never;
  "cxengage/reporting/get-available-stats-response": Record<string, Stat>;
  "cxengage/reporting/stat-subscription-added": { statId: string };
  "cxengage/reporting/stat-subscription-removed": { statId: string | null };
  "cxengage/reporting/bulk-stat-subscriptions-removed": { statIds: string[] };
  "cxengage/reporting/batch-response": Record<string, unknown>;
}

export type Topic = keyof Topics;

/** What a subscriber of a topic gets: of the exact topic its response, of a part of the tree any. */
export type ResponseOf<T extends string> = T extends Topic ? Topics[T] : unknown;

/** An event of `for await`: the error or the response of a topic. */
export type Event<T extends Topic = Topic> = T extends Topic ? { topic: T; error: null; response: Topics[T] } | { topic: T; error: SdkError; response: null } : never;

/** A part of the tree of topics, for `known`. */
const words =
  "session:tenant-list,set-active-tenant-response,config-details,extension-list,started,heartbeat-response,state-change-response,ended,direction-change-response,work-change,connection,state-change-request-acknowledged,set-direction-response,set-presence-state-response,get-active-user-id-response,get-active-tenant-id-response,get-token-response,set-token-response,get-sso-token-response,set-user-identity-response,set-locale-response,get-default-extension-response,get-extensions,get-tenant-details,get-running-session-state,get-user-config-response,sqs-shut-down;sessions:get-new-token-response;authentication:login-response,auth-info-response,identity-window-response,cognito-auth-response,update-default-tenant-response;interactions/voice:get-monitored-interaction-response,set-monitored-interaction-response,silent-monitoring-start-acknowledged,resource-removed-acknowledged,silent-monitor-start,silent-monitor-end;logging:logs-saved;notifications:show-banner;errors:fatal,error,warn;errors/error:unknown-agent-notification-type,token-expired,failed-to-start-module-error;reporting:get-available-stats-response,stat-subscription-added,stat-subscription-removed,bulk-stat-subscriptions-removed,batch-response";

const all = words.split(";").flatMap((group) => {
  const [prefix, names] = group.split(":") as [string, string];
  return names.split(",").map((name) => `cxengage/${prefix}/${name}`);
});

/** Whether anything is ever published on the topic or below it. */
export const isKnown = (topic: string): boolean => all.some((t) => t === topic || t.startsWith(topic + "/"));

export type { FloorRow };
