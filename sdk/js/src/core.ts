import { type Clock, createClock } from "./clock.js";
import { type Credentials, createCredentials, renewalOf } from "./credentials.js";
import { type ErrorData, type SdkError, newError } from "./error.js";
import type { Code } from "./codes.js";
import { type Hub, createHub } from "./hub.js";
import type { Live } from "./live.js";
import { Failure, type Request, type Rest, createRest } from "./rest.js";
import { type Alarm, createAlarm } from "./alarm.js";
import { Refused } from "./call.js";
import type { Environment } from "./environment.js";
import { isKnown } from "./topics.js";
import { createTurn } from "./turn.js";
import { type Uploads, createUploads } from "./uploads.js";
import type { Config, UserIdentity } from "./wire.js";

export interface Log {
  warn: (text: string) => void;
  error: (text: string, cause?: unknown) => void;
}

export interface CoreOptions {
  /** Ends with a slash. */
  base: string;
  name: string;
  locale: string;
  environment: string;
  transport: "auto" | "socket" | "events";
  /** Brings a fresh token; see createClient. */
  token?: (() => Promise<string> | string) | undefined;
  log: Log;
}

/** What all parts of a client have in common. */
export interface Core {
  readonly options: CoreOptions;
  readonly environment: Environment;
  readonly alarm: Alarm;
  readonly log: Log;
  readonly hub: Hub;
  readonly clock: Clock;
  readonly credentials: Credentials;
  readonly rest: Rest;
  readonly uploads: Uploads;
  readonly turn: () => Promise<() => void>;
  /** Ends everything that runs. */
  readonly life: AbortController;
  /** Streams of floors, to be told of fresh tokens and to be ended. */
  readonly floors: Set<{ refresh: (token: string) => void; end: () => void }>;
  /** Ends everything that runs, without a word to the server. */
  close: () => void;
  publish: (topic: string, response: unknown) => void;
  publishError: (topic: string, error: SdkError) => void;
  user: string | null;
  identity: UserIdentity | null;
  tenant: string | null;
  config: Config | null;
  live: Live | undefined;
  /** The session that is over, in the active tenant, until another begins: it is still named, for the live one may be another desk's. */
  last: { user: string; tenant: string; id: string } | undefined;
  locale: string;
  monitored: string | null;
}

/** How long a client in a session waits for a fresh token: what the server's sessions outlive. */
export const lease = 300_000;

export const createCore = (options: CoreOptions, environment: Environment): Core => {
  const log = options.log;
  const clock = createClock();
  const hub = createHub(isKnown, log);
  let renewal: ReturnType<typeof setTimeout> | undefined;

  const renewIn = (ms: number): void => {
    clearTimeout(renewal);
    // A timer's delay is 31 bits; whoever waits longer looks again.
    renewal = setTimeout(() => void (ms > 2e9 ? renewIn(ms - 2e9) : credentials.renew().then((done) => !done && !core.life.signal.aborted && renewIn(5_000))), Math.min(ms, 2e9));
  };

  const credentials = createCredentials({
    fetch: options.token,
    patience: () => (core.live ? lease : 0),
    onRefused: (code) =>
      core.publishError("cxengage/errors/error/token-expired", newError(3100, { apiResponse: { status: 401, apiResponse: { statusText: "Unauthorized", failure: code, response: null } } })),
    onFresh: (token) => {
      clearTimeout(renewal);
      if (!token) return;
      const at = renewalOf(token) - clock.offset() - Date.now();
      if (options.token && Number.isFinite(at)) renewIn(Math.max(0, at));
      core.uploads.resume();
      core.live?.refresh(token);
      for (const floor of core.floors) floor.refresh(token);
    },
  });

  const core: Core = {
    options,
    environment,
    alarm: createAlarm(log.warn),
    log,
    hub,
    clock,
    credentials,
    rest: createRest(options.base, environment, credentials, clock.sample),
    uploads: createUploads(() => core),
    turn: createTurn(),
    life: new AbortController(),
    floors: new Set(),
    close: () => {
      core.live?.stop();
      for (const floor of core.floors) floor.end();
      core.life.abort();
    },
    publish: (topic, response) => hub.publish(topic, null, response),
    publishError: (topic, error) => {
      hub.publish(topic, error, null);
      if (topic !== "cxengage/logging/logs-saved") core.uploads.put(topic, error);
    },
    user: null,
    identity: null,
    tenant: null,
    config: null,
    live: undefined,
    last: undefined,
    locale: options.locale,
    monitored: null,
  };
  core.life.signal.addEventListener("abort", () => clearTimeout(renewal));
  return core;
};

/** The user and the tenant; refused where one is missing. */
export const whoAndWhere = (core: Core): { user: string; tenant: string } => {
  if (!core.user) throw new Refused(newError(1003, { problems: "nobody is logged in: call authentication.login, or session.setToken and session.setUserIdentity" }));
  if (!core.tenant) throw new Refused(newError(1003, { problems: "no tenant is active: call session.setActiveTenant" }));
  return { user: core.user, tenant: core.tenant };
};

/** The session that requests of the own agent's name: the one that lives, or the one that is over. */
export const ownSession = (core: Core): { sessionId?: string } => {
  const { live, last } = core;
  if (live) return { sessionId: live.id };
  return last && last.user === core.user && last.tenant === core.tenant ? { sessionId: last.id } : {};
};

export const answerOf = (cause: unknown): Failure => (cause instanceof Failure ? cause : new Failure(0, "network failure"));

/** The result of a request; refused with the code where there is none. */
export const ask = async <T>(core: Core, code: Code, request: Request, topic?: string, data: ErrorData = {}): Promise<T> => {
  try {
    return await core.rest.result<T>(request);
  } catch (cause) {
    throw refusedBy(code, cause, topic, data);
  }
};

export const refusedBy = (code: Code, cause: unknown, topic?: string, data: ErrorData = {}): Refused => {
  const failure = answerOf(cause);
  return new Refused(newError(code, { ...data, ...(failure.work.length ? { activeInteractions: failure.work } : {}), apiResponse: failure.answer }), topic);
};

