import { optionsInvalid } from "./codes.js";
import { baseOf, baseWanted } from "./base.js";
import { type AnnouncedCall, type CallbackLogin, type CalledBack, announced, sortCallback } from "./callback.js";
import { type Core, createCore } from "./core.js";
import { type Dump, dump } from "./dump.js";
import type { Environment } from "./environment.js";
import { MusterError, type SdkError } from "./error.js";
import type { Receiver, SubscribeReceiver } from "./hub.js";
import { type Authentication, createAuthentication } from "./authentication.js";
import { allFeatures } from "./everything.js";
import { featuresOf } from "./features.js";
import { type Floor, createFloor } from "./floor.js";
import { isKnown } from "./known.js";
import { type Reporting, createReporting } from "./reporting.js";
import { type SessionModule, createSession } from "./session.js";
import type { UnservedInteractions, UnservedModule, UnservedModules, UnservedReporting, UnservedVoice } from "./unserved.js";
import { version } from "./version.js";
import { type Voice, createVoice } from "./voice.js";

/** Options of `initialize`. What is falsy has its default, what is unknown is passed over. */
export interface InitializeOptions {
  /** The server's address, such as "https://muster.example/v1/"; the script's own origin and `/v1/` by default. */
  baseUrl?: string | null | undefined;
  environment?: "dev" | "qe" | "staging" | "prod" | "us-east-1-test" | null | undefined;
  logLevel?: "debug" | "info" | "warn" | "error" | "fatal" | "off" | null | undefined;
  /** "en-US" by default. */
  locale?: string | null | undefined;
  /** Milliseconds; 10000 by default. */
  reportingRefreshRate?: number | null | undefined;
  blastSqsOutput?: boolean | null | undefined;
  crmModule?: "none" | "zendesk" | "salesforce-classic" | "salesforce-lightning" | null | undefined;
  consumerType?: string | null | undefined;
  supervisorMode?: boolean | null | undefined;
  /** How the stream may come: sockets, and Server-Sent Events where none gets through, by default. */
  transport?: "auto" | "socket" | "events" | null | undefined;
  /** Brings a fresh token when the present one expires or is refused. */
  token?: (() => Promise<string> | string) | null | undefined;
}

interface Initializing {
  /**
   * Makes the global what it is for. It returns the global, so that TypeScript knows that everything is there; with options that are wrong it
   * returns null and changes nothing, and the console has error 1000.
   */
  initialize: (options?: InitializeOptions | null) => Initialized | null;
}

// Interfaces, so that each has a name in the declarations of a project that exports it.

export interface GlobalAuthentication extends CalledBack<Omit<Authentication, "login">> {
  login: CallbackLogin;
}

type AnnouncedCalls = { [K in Announced]: AnnouncedCall<Parameters<SessionModule[K]>, ReturnType<SessionModule[K]>> };

export interface GlobalSession extends CalledBack<Omit<SessionModule, Announced>>, AnnouncedCalls {}

export interface GlobalVoice extends CalledBack<Voice>, UnservedVoice {}

export interface GlobalInteractions extends UnservedInteractions {
  voice: GlobalVoice;
}

export interface GlobalReporting extends CalledBack<Reporting>, UnservedReporting {}

/** The global once it is initialized. Functions that Muster does not serve are absent: pages test for them. */
export interface Initialized extends Initializing, UnservedModules {
  authentication: GlobalAuthentication;
  session: GlobalSession;
  interactions: GlobalInteractions;
  floor: Floor;
  reporting: GlobalReporting;
  entities: UnservedModule;
  contacts: UnservedModule;
  api: UnservedModule;
  logging: UnservedModule;
  version: string;
  /** Calls `receive` with everything that is published on the topic and below it; returns the subscription's id. */
  subscribe: SubscribeReceiver;
  /** Ends a subscription, and tells whether there was one. */
  unsubscribe: (id: string) => boolean;
  /** Publishes something of the page's own. */
  publish: (topic: string, response?: unknown, error?: SdkError | null) => void;
  /** A copy of what the client holds, its token included. */
  dumpState: () => Dump;
}

/** The global before that. */
export type Uninitialized = Initializing & { [K in Exclude<keyof Initialized, keyof Initializing>]?: undefined };

/** The global of the classic script. Before `initialize` it has that function only: pages test for `subscribe` to see whether it was called. */
export type CxEngage = Uninitialized | Initialized;

/** Where getters and setters publish what they return. */
const announcements = {
  getActiveUserId: "session/get-active-user-id-response",
  getActiveTenantId: "session/get-active-tenant-id-response",
  getToken: "session/get-token-response",
  setToken: "session/set-token-response",
  getSSOToken: "session/get-sso-token-response",
  getSsoToken: "session/get-sso-token-response",
  setUserIdentity: "session/set-user-identity-response",
  setLocale: "session/set-locale-response",
  getDefaultExtension: "session/get-default-extension-response",
  getExtensions: "session/get-extensions",
  getMonitoredInteraction: "interactions/voice/get-monitored-interaction-response",
  clearMonitoredInteraction: "interactions/voice/set-monitored-interaction-response",
} as const;

type Announced = keyof typeof announcements;

/** Makes getters and setters publish, and call back. */
const announce = (core: Core, session: SessionModule): Initialized["session"] => {
  const getters = session as unknown as Record<string, (...args: unknown[]) => unknown>;
  for (const [name, topic] of Object.entries(announcements)) getters[name] = announced(core, `cxengage/${topic}`, getters[name]!);
  return session as unknown as Initialized["session"];
};

/** Pages print and relay every event. */
const aboutTokens = /^cxengage\/session\/(get-token|set-token|get-sso-token)-response$/;

const levels = ["debug", "info", "warn", "error", "fatal", "off"];

/** What is wrong with options, by name and kind. */
const problemsOf = (o: Record<string, unknown>): string[] => {
  const found: string[] = [];
  const must = (name: string, what: string, ok: (value: unknown) => boolean): void => {
    if (o[name] && !ok(o[name])) found.push(`${name} must be ${what}`);
  };
  const oneOf = (name: string, ...words: string[]): void => must(name, words.join(", "), (v) => words.includes(v as string));
  oneOf("environment", "dev", "qe", "staging", "prod", "us-east-1-test");
  oneOf("logLevel", ...levels);
  must("locale", "a string", (v) => typeof v === "string");
  must("reportingRefreshRate", "a number of milliseconds", (v) => typeof v === "number");
  must("blastSqsOutput", "true or false", (v) => typeof v === "boolean");
  oneOf("crmModule", "none", "zendesk", "salesforce-classic", "salesforce-lightning");
  must("consumerType", "a string", (v) => typeof v === "string");
  must("supervisorMode", "true or false", (v) => typeof v === "boolean");
  oneOf("transport", "auto", "socket", "events");
  must("token", "a function", (v) => typeof v === "function");
  return found;
};

/** Where the script came from, read while it runs: afterwards nobody knows. */
export const originOfScript = (): string | undefined => {
  const script = globalThis.document?.currentScript as HTMLScriptElement | null | undefined;
  return script?.src ? new URL(script.src).origin : globalThis.location?.origin;
};

/** Makes what the classic script sets as `CxEngage`. */
export const createGlobal = (environment: Environment = globalThis, origin: string | undefined = originOfScript()): CxEngage => {
  let core: Core | undefined;
  const self = {
    initialize(given?: InitializeOptions | null): Initialized | null {
      const o = (given ?? {}) as InitializeOptions & Record<string, unknown>;
      const problems = typeof o === "object" ? problemsOf(o) : ["options must be an object"];
      const base = baseOf(o.baseUrl || `${origin}/v1/`); // a page of a file has no such origin
      if (!base) problems.unshift(baseWanted);
      if (!base || problems.length) {
        console.error(new MusterError(optionsInvalid, { problems: problems.join("; ") }).toJSON());
        return null;
      }
      core?.close();
      const level = levels.indexOf(o.logLevel || "warn");
      core = createCore(
        {
          base,
          name: `muster-js/${version}`,
          locale: o.locale || "en-US",
          environment: o.environment || "prod",
          transport: o.transport || "auto",
          token: o.token || undefined,
          log: {
            warn: (text) => level <= 2 && console.warn(`CxEngage: ${text}`),
            error: (text, cause) => level <= 3 && console.error(`CxEngage: ${text}`, cause),
          },
          secret: aboutTokens,
          sort: sortCallback,
        },
        environment,
        featuresOf(allFeatures),
      );
      const { hub } = core;
      const mine = core;
      Object.assign(self, {
        authentication: createAuthentication(core),
        session: announce(core, createSession(core)),
        interactions: { voice: createVoice(core) },
        floor: createFloor(core),
        reporting: createReporting(core),
        entities: {},
        contacts: {},
        api: {},
        logging: {},
        version,
        subscribe: (topic: string, receive: Receiver) => {
          const id = hub.subscribe(topic, receive);
          if (!isKnown(topic)) mine.log.warn(`nothing is published on the topic ${topic}`);
          return id;
        },
        unsubscribe: hub.unsubscribe,
        publish: (topic: string, response: unknown = null, error: SdkError | null = null) => hub.publish(topic, error, response),
        dumpState: () => dump(mine),
      });
      return self as Initialized;
    },
  } as CxEngage;
  return self;
};
