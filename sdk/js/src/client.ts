import { baseOf, baseWanted } from "./base.js";
import type { Abortable } from "./call.js";
import { type Log, createCore } from "./core.js";
import type { Environment } from "./environment.js";
import { problem } from "./error.js";
import { type Feature, featuresOf, isFeature } from "./features.js";
import { type Subscribe, createSubscribe } from "./iterator.js";
import type { AllModules, MadeOf, Make, Module } from "./modules.js";
import type { Params } from "./validate.js";
import { version } from "./version.js";

/** Options of createClient. */
export interface ClientOptions<M extends readonly Module[] = readonly Module[]> {
  /** The server's address, such as "https://muster.example/v1/". A missing last slash is added. */
  baseUrl: string;
  /** What a page can call: modules that the package exports, or all of them by `...everything`. */
  modules: M;
  /** What the client does by itself: features that the package exports, or allFeatures. It is named, so that nobody leaves one out unknowingly. */
  features: readonly Feature[];
  /** Brings a fresh token when the present one expires or is refused. */
  token?: (() => Promise<string> | string) | undefined;
  /** "en-US" by default. */
  locale?: string | undefined;
  /** What the client calls itself to the server, for evidence and logs: "muster-js/" and the version by default. */
  name?: string | undefined;
  /** How the stream may come: sockets and, with the feature serverSentEvents, Server-Sent Events where none gets through, by default. */
  transport?: "auto" | "socket" | "events" | undefined;
  /** Is told what goes wrong and is published nowhere; the console by default. No token and no value of a parameter is in it. */
  log?: Log | undefined;
  /** For other runtimes than a page. */
  environment?: Environment | undefined;
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

/** A client with these modules, of which each is told as a tuple: `ClientOf<[typeof login, typeof changes]>`. */
export type ClientOf<M extends readonly Module[]> = Flat<BareClient & MadeOf<M>>;

/** The same, written out: what editors show is short then. */
type Flat<T> = T extends infer Whole ? { readonly [P in keyof Whole]: Whole[P] } : never;

/** A client with everything. */
export interface Client extends BareClient, AllModules {}

/** A call of a client's function: its parameters, and their signal. */
const sort = ([first]: unknown[]) => {
  const params = (first ?? {}) as Params & Abortable;
  return typeof params === "object" ? { params, signal: params.signal } : { params: {}, error: problem("the argument must be an object of parameters") };
};

/** Throws for a list that is none, or has something else in it. */
const check = (what: string, list: unknown, is: (part: unknown) => boolean): void => {
  const wrong = Array.isArray(list) ? list.findIndex((part) => !is(part)) : 0;
  if (wrong >= 0) throw new TypeError(`${what} must be a list of ${what}, as in { baseUrl, ...everything }: ${what}[${wrong}] is none`);
};

/**
 * Makes a client of the modules and features that are named; a bundler leaves out the others. Throws a TypeError when `baseUrl` is no address,
 * `modules` or `features` are no lists of these, or `transport` is none of the client's ways.
 */
export const createClient: <const M extends readonly Module[]>(options: ClientOptions<M>) => ClientOf<M> = <M extends readonly Module[]>(options = {} as ClientOptions<M>) => {
  const { baseUrl, modules, features, name = `muster-js/${version}`, locale = "en-US", transport = "auto", token, log = console, environment = globalThis } = options;
  const base = baseOf(baseUrl);
  if (!base) throw new TypeError(baseWanted);
  check("modules", modules, (part) => typeof part === "function");
  check("features", features, isFeature);
  const can = featuresOf(features);
  if (!["auto", "socket", can.openEvents && "events"].includes(transport)) {
    throw new TypeError("transport must be auto, socket, or events with the feature serverSentEvents");
  }
  const core = createCore({ base, name, locale, transport, token, log, sort }, environment, can);
  const client: Record<string, object | string> = { version, subscribe: createSubscribe(core), now: () => new Date(core.clock.now()), close: core.close };
  for (const make of modules as readonly unknown[] as Make[]) {
    for (const [place, functions] of Object.entries(make(core))) client[place] = Object.assign(client[place] ?? functions, functions);
  }
  return client as unknown as ClientOf<M>;
};
