import type { Identities } from "./authentication.js";
import { baseOf, baseWanted } from "./base.js";
import type { Abortable } from "./call.js";
import { type Log, createCore } from "./core.js";
import type { Environment } from "./environment.js";
import { problem } from "./error.js";
import { type Feature, featuresOf } from "./features.js";
import type { Floor } from "./floor.js";
import { type Events, type Subscribe, createSubscribe } from "./iterator.js";
import type { MadeOf, Make, Module } from "./modules.js";
import type { Present } from "./present.js";
import type { Reporting } from "./reporting.js";
import type { ClientChanges, ClientLogin } from "./results.js";
import type { Entrance, Originals, Readings } from "./session.js";
import type { Params } from "./validate.js";
import { version } from "./version.js";
import type { Voice } from "./voice.js";

/** Options of createClient. */
export interface ClientOptions<M extends Module = Module> {
  /** The server's address, such as "https://muster.example/v1/". A missing last slash is added. */
  baseUrl: string;
  /** What a page can call: modules that the package exports, or all of them by `...everything`. */
  modules: readonly M[];
  /** What the client does by itself: features that the package exports, or allFeatures. It is named, so that nobody leaves one out unknowingly. */
  features: readonly Feature[];
  /** Brings a fresh token when the present one expires or is refused. */
  token?: () => Promise<string> | string;
  /** "en-US" by default. */
  locale?: string;
  /** What the client calls itself to the server, for evidence and logs: "muster-js/" and the version by default. */
  name?: string;
  /** How the stream may come: sockets and, with the feature serverSentEvents, Server-Sent Events where none gets through, by default. */
  transport?: "auto" | "socket" | "events";
  /** Is told what goes wrong and is published nowhere; the console by default. No token and no value of a parameter is in it. */
  log?: Log;
  /** For other runtimes than a page. */
  environment?: Environment;
}

/** What every client has. */
export interface BareClient {
  readonly version: string;
  /**
   * Calls `receive` with what is published on the topic and below it, in order; returns what ends that. What `receive` throws is
   * logged. Throws a TypeError for what is no topic.
   */
  readonly subscribe: Subscribe;
  /** The server's time as far as the client knows. */
  readonly now: () => Date;
  /** Ends everything that the client runs. The session on the server lives on until its lease ends: log out first to end it. */
  readonly close: () => void;
}

/** A client with these modules. */
export type ClientOf<M extends Module> = BareClient & MadeOf<M>;

export interface ClientAuthentication extends ClientLogin, Identities {}

export interface ClientSession extends Entrance, ClientChanges, Present, Readings, Originals {}

/** What all modules come to. Every function takes one object of parameters, an AbortSignal as `signal` among them. */
export interface AllModules {
  readonly authentication: ClientAuthentication;
  readonly session: ClientSession;
  readonly interactions: { readonly voice: Voice };
  readonly reporting: Reporting;
  readonly floor: Floor;
  /**
   * What is published on the topics from now on, in order, for `for await`: until the signal aborts or the client is closed, and what
   * came before is still given out. Whoever is 4,096 events behind gets a RangeError after them, and 64 events where the first was not
   * asked for yet.
   */
  readonly events: Events;
}

/** A client with everything. */
export interface Client extends BareClient, AllModules {}

/** A call of a client's function: its parameters, and their signal. */
const sort = ([first]: unknown[]) => {
  const params = (first ?? {}) as Params & Abortable;
  return typeof params === "object" ? { params, signal: params.signal } : { params: {}, error: problem("the argument must be an object of parameters") };
};

const areAll = (type: string, list: unknown): boolean => Array.isArray(list) && list.every((part) => typeof part === type);

/**
 * Makes a client of the modules and features that are named; a bundler leaves out the others. Throws a TypeError when `baseUrl` is no address,
 * `modules` or `features` are no lists of these, or `transport` is none of the client's ways.
 */
export const createClient = <M extends Module>(options: ClientOptions<M>): ClientOf<M> => {
  const { baseUrl, modules, features, name = `muster-js/${version}`, locale = "en-US", transport = "auto", token, log = console, environment = globalThis } = options;
  const base = baseOf(baseUrl);
  if (!base) throw new TypeError(baseWanted);
  if (!areAll("function", modules) || !areAll("object", features)) throw new TypeError("modules and features must be lists of these, as in { baseUrl, ...everything }");
  const can = featuresOf(features);
  if (!["auto", "socket", can.openEvents && "events"].includes(transport)) {
    throw new TypeError("transport must be auto, socket, or events with the feature serverSentEvents");
  }
  const core = createCore({ base, name, locale, transport, token, log, sort }, environment, can);
  const client: Record<string, object | string> = { version, subscribe: createSubscribe(core), now: () => new Date(core.clock.now()), close: core.close };
  for (const make of modules as readonly unknown[] as readonly Make[]) {
    for (const [part, functions] of Object.entries(make(core))) client[part] = Object.assign(client[part] ?? functions, functions);
  }
  return client as unknown as ClientOf<M>;
};
