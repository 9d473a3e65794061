/** How bad an error is. A `session-fatal` is shown on the whole screen by desktops. */
export type Level = "warn" | "error" | "interaction-error" | "interaction-fatal" | "session-fatal";

/** The part of the SDK that an error belongs to. */
export type Context = "general" | "session" | "authentication" | "interaction" | "voice" | "logging";

/** What each code says, without a full stop; what to do, where there is something. Codes are added, never renamed. */
export const messages = {
  /** `initialize` returned null and changed nothing; `data.problems` names the options. On the console only. */
  1000: "the options are invalid",
  /** Not raised by this version. */
  1002: "a required part of the client could not start",
  /** Nothing was sent. `data.problems` names fields and expected types, never values; it also says who is not logged in or where no tenant is active. */
  1003: "the parameters are invalid",
  /** Nothing was sent. */
  1004: "the number of arguments is wrong: give parameters and a callback at most",
  /** Nothing to do; `data.notificationReceived` is the message. Update the SDK if it comes again. */
  1005: "the server pushed a message of an unknown kind, which was passed over",
  /** Reserved, not raised: a request that is forbidden has the code of its function, with status 403. */
  2000: "a permission is missing",
  /** Call setActiveTenant again; status 403 or 404: the user is no member. */
  2001: "the user's configuration could not be read",
  /** Call setActiveTenant again; status 403: the user may not be an agent, or not monitor silently. */
  2002: "the session could not be started",
  /** `data.apiResponse.status` 409: a newer session of the user lives; 404: the session ended while nobody was heard. Everything has stopped. */
  2003: "the session is gone: it ended, or the user started another elsewhere; set the active tenant to start anew",
  /** Look at `data.apiResponse`: without an active extension nobody goes ready. */
  2004: "the state could not be changed",
  /** Nothing was changed. */
  2005: "the extension is not among the user's: take one of validExtensions",
  /** goReady: the agent is not made ready. setActiveTenant: the session begins all the same. */
  2006: "the active extension could not be saved",
  /** Nothing was sent. */
  2007: "the reason is not among the user's: take one of validReasons",
  /** Look at `data.apiResponse`: 403 for want of MANAGE_MY_DIRECTION, or of MANAGE_ALL_USERS_DIRECTION for others. */
  2008: "the direction could not be changed",
  /** Nothing was changed; try again. */
  2009: "the user's extensions could not be read",
  /** Call setActiveTenant again; status 404: the user is no member. */
  2010: "the tenant could not be read",
  /** Call setActiveTenant again. */
  2011: "the tenant's region could not be read",
  /** Try again. */
  2012: "the tenants' details could not be read",
  /** Look at `data.apiResponse`: 403 for want of MANAGE_ALL_USER_STATE; 404: that agent has no session; 409: a newer one than was named, or open work. */
  2013: "the presence state could not be changed",
  /** Try again. */
  2014: "the running session's state could not be read",
  /** Try again. */
  2015: "the user's configuration could not be read",
  /** `data.activeInteractions` is the work. The running session goes on. */
  2100: "the tenant was not changed: work is open in the running session; end it first",
  /** The promise `closed` of a floor rejects with it. `data.apiResponse` says why, mostly that VIEW_ALL_PRESENCE is missing. */
  2101: "the floor could not be read",
  /** Status 401: user name or password is wrong. */
  3000: "there is no token for these credentials",
  /** The session goes on; log out again. */
  3001: "the logout was refused",
  /** Log in again. */
  3002: "the identity of the token's owner could not be read",
  /** Log in by user name and password, or by a token. */
  3004: "the identity window failed",
  /** Status 404: there is nothing for this user, tenant or provider. */
  3005: "the log-in information could not be read",
  /** Status 403 or 404: the user is no member of that tenant. */
  3006: "the default tenant could not be changed",
  /** Call setToken within five minutes, or give `token` to the options: requests wait for it while a session lives. */
  3100: "the token has expired or was revoked: set a fresh one",
  /** `data.activeInteractions` is the work. */
  4000: "work is still active: end it first",
  /** `data.interactionId` is the interaction. */
  7014: "the resource could not be removed",
  /** Status 403: MONITOR_ALL_CALLS is missing. */
  7022: "silent monitoring could not be started",
  /** Nothing was sent. */
  7025: "there is no such extension to monitor with: take one of extensions",
  /** Nothing to do; `data.logs` are the lines, and they are not sent again. */
  14000: "the logs could not be saved",
} as const;

/** A number of the closed list of errors. */
export type Code = keyof typeof messages;

export const levelOf = (code: Code): Level => (code === 1002 || code === 2003 ? "session-fatal" : "error");

export const contextOf = (code: Code): Context =>
  ({ 1: "general", 2: "session", 3: "authentication", 4: "interaction", 7: "voice", 14: "logging" } as const)[
    Math.floor(code / 1000) as 1 | 2 | 3 | 4 | 7 | 14
  ];
