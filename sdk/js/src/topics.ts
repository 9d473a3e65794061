import type { SdkError } from "./error.js";
import type {
  AgentNotificationMessage,
  AuthInfo,
  Config,
  Direction,
  EndCode,
  Extension,
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

/** The presence state of an agent whose session was over already: the others of its fields are absent. */
export interface Over extends Partial<Record<Exclude<keyof PresenceState, "state" | "sessionId" | "resourceId" | "reason" | "reasonId" | "reasonListId">, undefined>> {
  state: "offline";
  sessionId: string | null;
  resourceId: string | null;
  reason: null;
  reasonId: null;
  reasonListId: null;
}

/** A change of the own session's state, whoever brought it about. */
export interface StateChange {
  state: State;
  availableStates: State[];
  direction: Direction;
  reason: string | null;
  reasonId: string | null;
  reasonListId: string | null;
  /** Absent where no supervisor acted. */
  supervisorId?: string | undefined;
  supervisorName?: string | undefined;
  stateSince: string | null;
  pending: PresenceState["pending"];
  cause: PresenceState["cause"];
}

/** The end of the own session. */
export interface Ended {
  state: "offline";
  supervisorId?: string | undefined;
  supervisorName?: string | undefined;
  endCode?: EndCode | undefined;
}

/** A change of the own session's direction, whoever brought it about. */
export interface DirectionChange {
  state: State;
  availableStates: State[];
  direction: Direction;
  supervisorId?: string | undefined;
  supervisorName?: string | undefined;
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
  /** At log-in, before its answer: the tenants that the user is a member of. */
  "cxengage/session/tenant-list": TenantMembership[];
  "cxengage/session/set-active-tenant-response": { tenantId: string };
  /** The configuration has been read: by setActiveTenant, and by goReady where it took another extension. Errors 2001 and 2006 of setActiveTenant come here. */
  "cxengage/session/config-details": Config;
  /** The extensions have been read, with the configuration. */
  "cxengage/session/extension-list": ExtensionList;
  /** The agent has a session: begun, kept, taken up after a reload, or shared with another tab. Error 2002 comes here. */
  "cxengage/session/started": Session;
  /** The session was heard, every heartbeatDelay seconds. Error 2003 comes here, once: the session is gone. */
  "cxengage/session/heartbeat-response": HeartbeatResponse;
  /** State, reason or what is pending is this now, whoever brought it about. One follows every accepted request, one that changed nothing too, and one follows `started`. */
  "cxengage/session/state-change-response": StateChange;
  /** Somebody ended the session: the agent, a supervisor, or whoever revoked the tokens. Once a session. */
  "cxengage/session/ended": Ended;
  /** The direction is this now, whoever brought it about. */
  "cxengage/session/direction-change-response": DirectionChange;
  /** Work was offered to the agent, is active, is being wrapped up, or has ended. */
  "cxengage/session/work-change": WorkChangeMessage;
  /** The connection has been away for a second, or is back. */
  "cxengage/session/connection": { connected: boolean; since: string };
  /** Also after `started`, with the state that the session has then. */
  "cxengage/session/state-change-request-acknowledged": PresenceState | Over;
  "cxengage/session/set-direction-response": { direction: Direction; sessionId: string | null };
  "cxengage/session/set-presence-state-response": PresenceState | Over;
  "cxengage/session/get-active-user-id-response": string | null;
  "cxengage/session/get-active-tenant-id-response": string | null;
  /** Reaches subscribers of exactly this topic, without the token. */
  "cxengage/session/get-token-response": null;
  /** Reaches subscribers of exactly this topic, without the token. */
  "cxengage/session/set-token-response": null;
  /** Reaches subscribers of exactly this topic, without the token. */
  "cxengage/session/get-sso-token-response": null;
  "cxengage/session/set-user-identity-response": string | null;
  "cxengage/session/set-locale-response": string;
  "cxengage/session/get-default-extension-response": Extension | null;
  "cxengage/session/get-extensions": Extension[] | null;
  "cxengage/session/get-tenant-details": { details: TenantDetails[] };
  "cxengage/session/get-running-session-state": { state: State; sessionId: string | null };
  "cxengage/session/get-user-config-response": { result: Config };
  /** Never. */
  "cxengage/session/sqs-shut-down": never;
  /** Answer of authentication.login with noStateReset: the seconds that the fresh token lives, without the token. */
  "cxengage/sessions/get-new-token-response": { ttl: number };
  "cxengage/authentication/login-response": LoggedIn;
  "cxengage/authentication/auth-info-response": { result: AuthInfo };
  "cxengage/authentication/identity-window-response": boolean;
  /** Never, as long as there is no single sign-on. */
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
  /** Silent monitoring has begun. */
  "cxengage/interactions/voice/silent-monitor-start": AgentNotificationMessage;
  /** Silent monitoring has ended, or what was monitored has. */
  "cxengage/interactions/voice/silent-monitor-end": AgentNotificationMessage;
  /** Published errors were uploaded to the server. Error 14000 comes here. */
  "cxengage/logging/logs-saved": { saved: number };
  /** Only by pages themselves, with `publish`. */
  "cxengage/notifications/show-banner": unknown;
  /** Error 1005: a pushed message cannot be read. */
  "cxengage/errors/error/unknown-agent-notification-type": never;
  /** Error 3100, once a token. */
  "cxengage/errors/error/token-expired": never;
  /** Never: error 1002 is not raised. */
  "cxengage/errors/error/failed-to-start-module-error": never;
  "cxengage/reporting/get-available-stats-response": Record<string, Stat>;
  "cxengage/reporting/stat-subscription-added": { statId: string };
  /** Answer of `reporting.removeStatSubscription`. */
  "cxengage/reporting/stat-subscription-removed": { statId: string | null };
  /** Answer of `reporting.bulkRemoveStatSubscription`. */
  "cxengage/reporting/bulk-stat-subscriptions-removed": { statIds: string[] };
  /** Never, as long as statistics are not served. */
  "cxengage/reporting/batch-response": Record<string, unknown>;
}

export type Topic = keyof Topics;

type Above<T extends string> = T extends `${infer Head}/${infer Tail}` ? Head | `${Head}/${Above<Tail>}` : never;

/** A topic, or a part of the tree: of "cxengage/session" all topics below it. */
export type SomeTopic = Topic | Above<Topic>;

/** The topics that a part of the tree stands for. */
export type Below<T extends string> = Extract<Topic, T | `${T}/${string}`>;

/** What a topic carries, and of a part of the tree what any of its topics does. */
export type ResponseOf<T extends string> = [Below<T>] extends [never] ? unknown : Topics[Below<T>];

type EventOf<T extends Topic> = T extends Topic ? { topic: T; error: null; response: Topics[T] } | { topic: T; error: SdkError; response: null } : never;

/** What is published on a topic, or on those of a part of the tree: a response or an error. */
export type Event<T extends SomeTopic = Topic> = EventOf<Below<T>>;

type ToldOf<T extends Topic> = T extends Topic ? [error: null, topic: T, response: Topics[T]] : never;

/** What is published on a topic, or on those of a part of the tree, as a subscriber of the global is told it. */
export type Told<T extends SomeTopic> = ToldOf<Below<T>> | [error: SdkError, topic: Below<T>, response: null];
