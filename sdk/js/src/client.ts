import type { Authentication } from "./authentication.js";
import { type Abortable, type Call, quiet } from "./call.js";
import { type Log, createCore } from "./core.js";
import type { Environment } from "./environment.js";
import { problem } from "./error.js";
import { createEvents, createSubscribe } from "./iterator.js";
import type { Features } from "./features.js";
import type { Floor } from "./floor.js";
import { allFeatures, createModules, listenToBrowser } from "./modules.js";
import type { Reporting } from "./reporting.js";
import type { Changes, ReasonInfo, SessionModule, SetPresenceStateParams } from "./session.js";
import type { Event, SomeTopic } from "./topics.js";
import type { Params } from "./validate.js";
import { version } from "./version.js";
import type { Voice } from "./voice.js";
import type { PresenceState, State } from "./wire.js";

/** Options of createClient. */
export interface ClientOptions {
  /** The server's address, such as "https://muster.example/v1/". A missing last slash is added. */
  baseUrl: string;
  /** Brings a fresh token when the present one expires or is refused. */
  token?: () => Promise<string> | string;
  /** "en-US" by default. */
  locale?: string;
  /** What the client calls itself to the server, for evidence and logs: "muster-js/" and the version by default. */
  name?: string;
  /**
   * How the stream may come: sockets, and Server-Sent Events where none gets through, by default. A client that is composed without the
   * feature serverSentEvents has sockets only.
   */
  transport?: "auto" | "socket" | "events";
  /** Is told what goes wrong and is published nowhere; the console by default. No token and no value of a parameter is in it. */
  log?: Log;
  /** For other runtimes than a page. */
  environment?: Environment;
}

/** The state is what was asked for. */
export interface Applied extends PresenceState {
  status: "applied";
  pending: null;
}

/** The log-out waits for open work to end. The agent's next own request replaces it. */
export interface Waiting extends PresenceState {
  status: "pending";
  pending: NonNullable<PresenceState["pending"]>;
}

/** The system holds the agent not ready. What was asked for shows when the cause of that is gone. */
export interface Held extends PresenceState {
  status: "held";
  pending: null;
}

/** What has become of a request for a state. */
export type StateResult = Applied | Waiting | Held;

type Changing<P> = Call<P, StateResult>;

export interface ClientAuthentication extends Omit<Authentication, "logout"> {
  /** Ends the session, also one that is being started. The request is sent in the same tick and outlives the page. The token stays. */
  logout: Changing<Record<never, never>>;
}

type States = Pick<ClientSession, "goReady" | "goNotReady" | "setPresenceState">;

export interface ClientSession extends Omit<SessionModule, "goReady" | "goNotReady" | "setPresenceState"> {
  /** Makes the agent ready at an extension, named by its value or its id. Another one than the active one is saved first. */
  goReady: Changing<{ extensionValue: string }>;
  /** Makes the agent not ready, with a reason of the user's lists or without one. */
  goNotReady: Changing<{ reasonInfo?: ReasonInfo | null }>;
  /** Changes the state, for oneself, or with the right to for another agent. `offline` ends the session. */
  setPresenceState: Changing<SetPresenceStateParams>;
}

/** The modern face of the SDK. Every function takes one object of parameters, an AbortSignal as `signal` among them. */
export interface Client {
  readonly version: string;
  readonly authentication: ClientAuthentication;
  readonly session: ClientSession;
  readonly interactions: { readonly voice: Voice };
  readonly reporting: Reporting;
  readonly floor: Floor;
  /**
   * Calls `receive` with what is published on the topic and below it, in order; returns what ends that. What `receive` throws is
   * logged. Throws a TypeError for what is no topic.
   */
  subscribe: <T extends SomeTopic>(topic: T, receive: (event: Event<T>) => void) => () => void;
  /**
   * What is published on the topics from now on, in order, for `for await`: until the signal aborts or the client is closed, and what
   * came before is still given out. Whoever is 4,096 events behind gets a RangeError after them, and 64 events where the first was not
   * asked for yet.
   */
  events: <T extends SomeTopic>(topics: T | readonly T[], options?: { signal?: AbortSignal | undefined }) => AsyncIterableIterator<Event<T>>;
  /** The server's time as far as the client knows. */
  now: () => Date;
  /** Ends everything that the client runs. The session on the server lives on until its lease ends: log out first to end it. */
  close: () => void;
}

/** A function that asks for a state, with a result that says what has become of it. */
const discriminated =
  <P extends object>(ask: Call<P, PresenceState>, wanted: (params: P) => State): Call<P, StateResult> =>
  (...given) => {
    const to = wanted((given[0] ?? {}) as P); // the page may use its object again at once
    return quiet(ask(...given).then((state) => ({ ...state, status: state.pending ? "pending" : state.state === to ? "applied" : "held" }) as StateResult));
  };

/** Authentication, with such results. */
export const tellLogout = <A extends Pick<Authentication, "logout">>(authentication: A): Omit<A, "logout"> & Pick<ClientAuthentication, "logout"> => ({
  ...authentication,
  logout: discriminated(authentication.logout, () => "offline"),
});

/** A session's functions, with such results. */
export const tellStates = <S extends Changes>(session: S): Omit<S, keyof States> & States => ({
  ...session,
  goReady: discriminated(session.goReady, () => "ready"),
  goNotReady: discriminated(session.goNotReady, () => "notready"),
  setPresenceState: discriminated(session.setPresenceState, ({ state }) => state),
});

/** A client without modules. Throws a TypeError when `baseUrl` is no address, or `transport` is none of the client's ways. */
export const createStem = (options: ClientOptions, features: Features) => {
  const { baseUrl, name = `muster-js/${version}`, locale = "en-US", transport = "auto", token, log = console, environment = globalThis } = options;
  if (!/^https?:\/\/[^/?#]+[^?#]*$/.test(baseUrl)) throw new TypeError("baseUrl must be an address like https://muster.example/v1/");
  if (!/^(auto|socket)$/.test(transport) && !(transport === "events" && features.openEvents)) {
    throw new TypeError("transport must be auto, socket, or events with the feature serverSentEvents");
  }
  const core = createCore(
    {
      base: baseUrl.replace(/\/?$/, "/"),
      name,
      locale,
      transport,
      token,
      log,
      sort: ([first]) => {
        const params = (first ?? {}) as Params & Abortable;
        return typeof params === "object" ? { params, signal: params.signal } : { params: {}, error: problem("the argument must be an object of parameters") };
      },
    },
    environment,
    features,
  );
  listenToBrowser(core);

  return { core, subscribe: createSubscribe(core), now: () => new Date(core.clock.now()), close: core.close };
};

/** Makes the modern face of the SDK. Throws a TypeError when `baseUrl` is no address, or `transport` is none. */
export const createClient: (options: ClientOptions) => Client = (options = {} as ClientOptions) => {
  const { core, ...stem } = createStem(options, allFeatures);
  const { authentication, session, ...modules } = createModules(core);
  return {
    version,
    authentication: tellLogout(authentication),
    session: tellStates(session),
    ...modules,
    ...stem,
    events: createEvents(core),
  };
};
