/** How bad an error is. A `session-fatal` is shown on the whole screen by desktops. */
export type Level = "warn" | "error" | "interaction-error" | "interaction-fatal" | "session-fatal";

/** The part of the SDK that an error belongs to. */
export type Context = "general" | "session" | "authentication" | "interaction" | "voice" | "logging";

/** What can go wrong: its code, what it says, and what it is other than an error of its thousand's context. */
export type Fault = readonly [code: Code, says: string, more?: { readonly context?: Context; readonly level?: Level }];

// One by one, so that a bundler leaves out those that a page's modules never raise. A text has no full stop; it says what to do, where there
// is something. Codes are added, never renamed.

/** `initialize` returned null and changed nothing; `data.problems` names the options. On the console only. */
export const optionsInvalid = [1000, "the options are invalid"] as const;
/** Not raised: every browser that the SDK runs in has what a client needs, and what it may deny, storage, locks, channels and workers, a client does without. */
export const partNotStarted = [1002, "a required part of the client could not start", { level: "session-fatal" }] as const;
/** Nothing was sent. `data.problems` names fields and expected types, never values; it also says who is not logged in or where no tenant is active. */
export const parametersInvalid = [1003, "the parameters are invalid"] as const;
/** Nothing was sent. */
export const argumentsTooMany = [1004, "the number of arguments is wrong: give parameters and a callback at most"] as const;
/** Nothing to do; `data.notificationReceived` is the message. Update the SDK if it comes again. */
export const messageUnknown = [1005, "the server pushed a message of an unknown kind, which was passed over"] as const;
/** Reserved, not raised: a request that is forbidden has the code of its function, with status 403. */
export const permissionMissing = [2000, "a permission is missing"] as const;
/** Call setActiveTenant again; status 403 or 404: the user is no member. */
export const configUnread = [2001, "the user's configuration could not be read"] as const;
/** Call setActiveTenant again; status 403: the user may not be an agent, or not monitor silently. */
export const sessionNotStarted = [2002, "the session could not be started"] as const;
/** `data.apiResponse.status` 409: a newer session of the user lives; 404: the session ended while nobody was heard. Everything has stopped. */
export const sessionGone = [2003, "the session is gone: it ended, or the user started another elsewhere; set the active tenant to start anew", { level: "session-fatal" }] as const;
/** Look at `data.apiResponse`: without an active extension nobody goes ready. */
export const stateUnchanged = [2004, "the state could not be changed"] as const;
/** Nothing was changed. */
export const extensionUnknown = [2005, "the extension is not among the user's: take one of validExtensions"] as const;
/** goReady: the agent is not made ready. setActiveTenant: the session begins all the same. */
export const extensionNotSaved = [2006, "the active extension could not be saved"] as const;
/** Nothing was sent. */
export const reasonUnknown = [2007, "the reason is not among the user's: take one of validReasons"] as const;
/** Look at `data.apiResponse`: 403 for want of MANAGE_MY_DIRECTION, or of MANAGE_ALL_USERS_DIRECTION for others. */
export const directionUnchanged = [2008, "the direction could not be changed"] as const;
/** Nothing was changed; try again. */
export const extensionsUnread = [2009, "the user's extensions could not be read"] as const;
/** Call setActiveTenant again; status 404: the user is no member. */
export const tenantUnread = [2010, "the tenant could not be read"] as const;
/** Call setActiveTenant again. */
export const regionUnread = [2011, "the tenant's region could not be read"] as const;
/** Try again. */
export const tenantDetailsUnread = [2012, "the tenants' details could not be read"] as const;
/** Look at `data.apiResponse`: 403 for want of MANAGE_ALL_USER_STATE; 404: that agent has no session; 409: a newer one than was named, or open work. */
export const presenceStateUnchanged = [2013, "the presence state could not be changed"] as const;
/** Try again. */
export const runningStateUnread = [2014, "the running session's state could not be read"] as const;
/** Try again. */
export const userConfigUnread = [2015, "the user's configuration could not be read"] as const;
/** `data.activeInteractions` is the work, where it is known. The running session goes on. */
export const tenantKept = [2100, "the tenant was not changed: work is open in the running session; end it first"] as const;
/** The promise `closed` of a floor rejects with it. `data.apiResponse` says why, mostly that VIEW_ALL_PRESENCE is missing. */
export const floorUnread = [2101, "the floor could not be read"] as const;
/** Status 401: user name or password is wrong. */
export const credentialsRefused = [3000, "there is no token for these credentials"] as const;
/** The session goes on; log out again. */
export const logoutRefused = [3001, "the logout was refused"] as const;
/** Log in again. */
export const identityUnread = [3002, "the identity of the token's owner could not be read"] as const;
/** Log in by user name and password, or by a token. */
export const identityWindowFailed = [3004, "the identity window failed"] as const;
/** Status 404: there is nothing for this user, tenant or provider. */
export const authInfoUnread = [3005, "the log-in information could not be read"] as const;
/** Status 403 or 404: the user is no member of that tenant. */
export const defaultTenantUnchanged = [3006, "the default tenant could not be changed"] as const;
/** Call setToken within five minutes, or give `token` to the options: requests wait for it while a session lives. */
export const tokenExpired = [3100, "the token has expired or was revoked: set a fresh one"] as const;
/** `data.activeInteractions` is the work. */
export const workActive = [4000, "work is still active: end it first"] as const;
/** `data.interactionId` is the interaction. */
export const resourceNotRemoved = [7014, "the resource could not be removed", { context: "voice" }] as const;
/** Status 403: MONITOR_ALL_CALLS is missing. */
export const monitoringNotStarted = [7022, "silent monitoring could not be started", { context: "voice" }] as const;
/** Nothing was sent. */
export const monitoringExtensionUnknown = [7025, "there is no such extension to monitor with: take one of extensions", { context: "voice" }] as const;
/** Nothing to do; `data.logs` are the lines, and they are not sent again. */
export const logsNotSaved = [14000, "the logs could not be saved", { context: "logging" }] as const;

/** A number of the closed list of errors. */
export type Code =
  | 1000 | 1002 | 1003 | 1004 | 1005 | 2000 | 2001 | 2002 | 2003 | 2004 | 2005 | 2006
  | 2007 | 2008 | 2009 | 2010 | 2011 | 2012 | 2013 | 2014 | 2015 | 2100 | 2101 | 3000
  | 3001 | 3002 | 3004 | 3005 | 3006 | 3100 | 4000 | 7014 | 7022 | 7025 | 14000;

/** By the code's thousands, from 1 to 4, where a fault does not say otherwise. */
const contexts: Context[] = ["general", "session", "authentication", "interaction"];

export const contextOf = (code: Code): Context => contexts[Math.floor(code / 1000) - 1]!;
