import { tokenExpired } from "./codes.js";
import { listenToBrowser } from "./browser.js";
import { type Clock, createClock } from "./clock.js";
import { type Credentials, createCredentials } from "./credentials.js";
import { MusterError, answer, problem } from "./error.js";
import { type Hub, createHub } from "./hub.js";
import type { Follower } from "./follow.js";
import type { Live } from "./live.js";
import type { CreateMonitoring } from "./monitoring.js";
import { type Rest, createRest } from "./rest.js";
import type { Alarm } from "./alarm.js";
import type { Arguments } from "./call.js";
import type { Environment } from "./environment.js";
import type { Features } from "./features.js";
import { createTurn } from "./turn.js";
import type { Uploads } from "./uploads.js";
import type { Config, Session, UserIdentity } from "./wire.js";

export interface Log {
  warn: (text: string) => void;
  error: (text: string, cause?: unknown) => void;
}

export interface CoreOptions {
  /** Ends with a slash. */
  base: string;
  name: string;
  locale: string;
  /** One of the original system's, for those who look at the global's state. */
  environment?: string;
  transport: "auto" | "socket" | "events";
  /** Brings a fresh token; see createClient. */
  token?: (() => Promise<string> | string) | undefined;
  log: Log;
  /** Topics of which only those are told who ask for exactly these, and not what. */
  secret?: RegExp;
  /** Sorts out the arguments of calls. */
  sort: (args: unknown[], log: Log) => Arguments;
}

/** What all parts of a client have in common. */
export interface Core {
  readonly options: CoreOptions;
  readonly environment: Environment;
  readonly features: Features;
  readonly alarm: Alarm | undefined;
  readonly log: Log;
  readonly hub: Hub;
  readonly clock: Clock;
  readonly credentials: Credentials;
  readonly rest: Rest;
  readonly uploads: Uploads | undefined;
  readonly turn: () => Promise<() => void>;
  /** Ends everything that runs. */
  readonly life: AbortController;
  /** Those that are followed, the session's and floors'. */
  readonly streams: Set<Follower>;
  /** Ends everything that runs, without a word to the server. */
  close: () => void;
  /** Forgets whoever is logged in and stops what runs for them, without a word to the server. The token stays. */
  forget: () => void;
  publish: (topic: string, response: unknown) => void;
  publishError: (topic: string, error: MusterError) => void;
  /** Counts who was logged in, the same again too. */
  login: number;
  user: string | null;
  identity: UserIdentity | null;
  tenant: string | null;
  config: Config | null;
  live?: Live | undefined;
  /** The session that is being started. */
  starting?: Promise<Session | undefined> | undefined;
  /** Counts log-outs. */
  logouts: number;
  /** The session that is over, in the active tenant, until another begins: it is still named, for the live one may be another desk's. */
  last?: { user: string; tenant: string; id: string } | undefined;
  locale: string;
  monitored: string | null;
  /** Tells of silent monitoring, for those who have `interactions.voice`. */
  createMonitoring?: CreateMonitoring;
}

/** How long a client in a session waits for a fresh token: what the server's sessions outlive. */
export const lease = 300_000;

export const createCore = (options: CoreOptions, environment: Environment, features: Features): Core => {
  const log = options.log;
  const life = new AbortController();
  const clock = createClock();
  const hub = createHub(log, options.secret);
  const renewal = features.createRenewal?.(() => core);

  const credentials = createCredentials({
    fetch: options.token,
    patience: () => (core.live ? lease : 0),
    onRefused: (code) =>
      core.publishError("cxengage/errors/error/token-expired", new MusterError(tokenExpired, { apiResponse: answer(401, "Unauthorized", code) })),
    onFresh: (token) => {
      renewal?.(token);
      if (!token) return;
      core.uploads?.resume();
      for (const stream of core.streams) stream.refresh(token);
    },
  });

  const core: Core = {
    options,
    environment,
    features,
    alarm: features.createAlarm?.(log, life.signal),
    log,
    hub,
    clock,
    credentials,
    rest: createRest(options.base, environment, credentials, clock.sample, log, life.signal),
    uploads: features.createUploads?.(() => core),
    turn: createTurn(),
    life,
    streams: new Set(),
    close: () => {
      life.abort();
      core.live?.stop();
    },
    forget: () => {
      core.live?.stop();
      core.user = core.identity = core.tenant = null;
      core.last = undefined;
      core.login++;
    },
    publish: (topic, response) => hub.publish(topic, null, response),
    publishError: (topic, error) => {
      hub.publish(topic, error, null);
      core.uploads?.put(topic, error);
    },
    login: 0,
    user: null,
    identity: null,
    tenant: null,
    config: null,
    logouts: 0,
    locale: options.locale,
    monitored: null,
  };
  listenToBrowser(core);
  return core;
};

/** The user; refused where there is none. */
export const who = (core: Core): string => {
  if (!core.user) throw problem("nobody is logged in: call authentication.login, or session.setToken and session.setUserIdentity");
  return core.user;
};

/** The user and the tenant; refused where one is missing. */
export const whoAndWhere = (core: Core): { user: string; tenant: string } => {
  const user = who(core);
  if (!core.tenant) throw problem("no tenant is active: call session.setActiveTenant");
  return { user, tenant: core.tenant };
};

/** The session that requests of the own agent's name: the one that lives, or the one that is over. */
export const ownSessionId = ({ live, last, user, tenant }: Core): string | undefined => live?.id ?? (last?.user === user && last?.tenant === tenant ? last?.id : undefined);
