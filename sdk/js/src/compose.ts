// A client of those modules and features only that a page uses, for bundles that have to be small. Each does what it does in createClient.

import { createAlarm } from "./alarm.js";
import { createIdentities, createLogin } from "./authentication.js";
import { type Client, type ClientOptions, createStem, tellLogout, tellStates } from "./client.js";
import type { Core } from "./core.js";
import { openEvents } from "./events.js";
import type { Features } from "./features.js";
import { createEvents } from "./iterator.js";
import { createFloor } from "./floor.js";
import { createReporting } from "./reporting.js";
import { createRenewal } from "./renewal.js";
import { resumption } from "./resume.js";
import { createChanges, createEntrance, createOriginals, createReadings } from "./session.js";
import { createShare } from "./tabs.js";
import { createUploads } from "./uploads.js";
import { createVoice } from "./voice.js";

export type * from "./index.js";

declare const shared: unique symbol;

/** What the modules of one client share. */
export interface Base {
  readonly [shared]: true;
}

/** Makes a module for a client. */
type Module<M> = (base: Base) => M;

/** What a client can do in bad weather, in hidden pages, and beside other tabs. */
export interface Feature {
  readonly [shared]: "feature";
}

/** Options of composeClient. */
export interface ComposeOptions extends ClientOptions {
  /** What the client can do beyond requests, sockets and heartbeats. createClient has all of these. */
  features: readonly Feature[];
}

const feature = (part: Features): Feature => part as unknown as Feature;

/** What every client has. */
export type ComposedClient<Modules> = Modules & Pick<Client, "subscribe" | "now" | "close">;

const coreOf = (base: Base): Core => base as unknown as Core;

/** Makes a client of the modules that `modules` makes. Throws a TypeError when `baseUrl` is no address, `transport` none, or `features` no list. */
export const composeClient = <Modules extends object>(options: ComposeOptions, modules: Module<Modules>): ComposedClient<Modules> => {
  const features = [options.features].flat();
  if (!features.every((feature) => typeof feature === "object")) throw new TypeError("features must be a list of features, such as [tabs, resume]");
  const { core, ...stem } = createStem(options, Object.assign({}, ...features) as Features);
  return { ...stem, ...modules(core as unknown as Base) };
};

/** Of `authentication`: login and logout. */
export const login: Module<Pick<Client["authentication"], "login" | "logout">> = (base) => tellLogout(createLogin(coreOf(base)));

/** Of `authentication`: how users log in, and a user's default tenant. */
export const identities: Module<Omit<Client["authentication"], "login" | "logout">> = (base) => createIdentities(coreOf(base));

type Session = Client["session"];

type ChangesOfSession = Pick<Session, "goReady" | "goNotReady" | "setPresenceState" | "setDirection">;

type ReadingsOfSession = Pick<Session, "getTenantDetails" | "getRunningSessionState" | "getUserConfig">;

type OriginalsOfSession = Pick<Session, "getSSOToken" | "getSsoToken" | "setLocale" | "getMonitoredInteraction" | "clearMonitoredInteraction">;

/** Of `session`: setActiveTenant, and who and where the client is, with its token and its extensions. */
export const entrance: Module<Omit<Session, keyof ChangesOfSession | keyof ReadingsOfSession | keyof OriginalsOfSession>> = (base) => createEntrance(coreOf(base));

/** Of `session`: goReady, goNotReady, setPresenceState, setDirection. */
export const changes: Module<ChangesOfSession> = (base) => tellStates(createChanges(coreOf(base)));

/** Of `session`: what is asked of the server anew. */
export const readings: Module<ReadingsOfSession> = (base) => createReadings(coreOf(base));

/** Of `session`: what the original's desktops ask for, and few others: getSSOToken, setLocale, and which interaction is monitored. */
export const originals: Module<OriginalsOfSession> = (base) => createOriginals(coreOf(base));

/** `floor`. */
export const floor: Module<Client["floor"]> = (base) => createFloor(coreOf(base));

/** `interactions.voice`. */
export const voice: Module<Client["interactions"]["voice"]> = (base) => createVoice(coreOf(base));

/** `reporting`. */
export const reporting: Module<Client["reporting"]> = (base) => createReporting(coreOf(base));

/** `events`, for `for await`. */
export const events: Module<Client["events"]> = (base) => createEvents(coreOf(base));

/**
 * Heartbeats of a hidden page that has no socket come in time, by a worker's timers. Without it they may be a minute late: the agent is not
 * offered work then, and may be held not ready.
 */
export const worker: Feature = /* @__PURE__ */ feature({ createAlarm });

/**
 * Tabs of one browser share an agent's session. Without it each tab's session supersedes the one before. All pages of an origin should have
 * it or none; of those that share, the features of the one that leads count.
 */
export const tabs: Feature = /* @__PURE__ */ feature({ createShare });

/** A page that is loaded anew takes its session up again: `resume` of setActiveTenant. Without it a new session begins. */
export const resume: Feature = /* @__PURE__ */ feature({ resumption });

/** `token` of the options is asked for another before the present one expires. Without it, when the server refuses that. */
export const renewal: Feature = /* @__PURE__ */ feature({ createRenewal });

/** Errors that are published are uploaded into the server's logs. */
export const uploads: Feature = /* @__PURE__ */ feature({ createUploads });

/**
 * Where no socket gets through, Server-Sent Events take its place. Without it the session goes on by heartbeats: of one's own changes the
 * answers tell, of others' nothing, and a floor stays empty.
 */
export const serverSentEvents: Feature = /* @__PURE__ */ feature({ openEvents });
