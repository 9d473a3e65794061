/** How bad an error is. A `session-fatal` is shown on the whole screen by desktops. */
export type Level = "warn" | "error" | "interaction-error" | "interaction-fatal" | "session-fatal";

/** The part of the SDK that an error belongs to. */
export type Context = "general" | "session" | "authentication" | "interaction" | "voice" | "logging";

/** What each code says, without a full stop; what to do, where there is something. Codes are added, never renamed. */
const messages = {
  1000: "the options are invalid",
  1002: "a required part of the client could not start",
  1003: "the parameters are invalid",
  1004: "the number of arguments is wrong: give parameters and a callback at most",
  1005: "the server pushed a message of an unknown kind, which was passed over",
  2000: "a permission is missing",
  2001: "the user's configuration could not be read",
  2002: "the session could not be started",
  2003: "the session is gone: it ended, or the user started another elsewhere; set the active tenant to start anew",
  2004: "the state could not be changed",
  2005: "the extension is not among the user's: take one of validExtensions",
  2006: "the active extension could not be saved",
  2007: "the reason is not among the user's: take one of validReasons",
  2008: "the direction could not be changed",
  2009: "the user's extensions could not be read",
  2010: "the tenant could not be read",
  2011: "the tenant's region could not be read",
  2012: "the tenants' details could not be read",
  2013: "the presence state could not be changed",
  2014: "the running session's state could not be read",
  2015: "the user's configuration could not be read",
  2100: "the tenant was not changed: work is open in the running session; end it first",
  2101: "the floor could not be read",
  3000: "there is no token for these credentials",
  3001: "the logout was refused",
  3002: "the identity of the token's owner could not be read",
  3004: "the identity window failed",
  3005: "the log-in information could not be read",
  3006: "the default tenant could not be changed",
  3100: "the token has expired or was revoked: set a fresh one",
  4000: "work is still active: end it first",
  7014: "the resource could not be removed",
  7022: "silent monitoring could not be started",
  7025: "there is no such extension to monitor with: take one of extensions",
  14000: "the logs could not be saved",
} as const;

/** A number of the closed list of errors. */
export type Code = keyof typeof messages;

export const messageOf = (code: Code): string => messages[code];

export const levelOf = (code: Code): Level => (code === 1002 || code === 2003 ? "session-fatal" : "error");

export const contextOf = (code: Code): Context =>
  ({ 1: "general", 2: "session", 3: "authentication", 4: "interaction", 7: "voice", 14: "logging" } as const)[
    Math.floor(code / 1000) as 1 | 2 | 3 | 4 | 7 | 14
  ];
