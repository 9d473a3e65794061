import { createIdentities, createLogin, type Identities } from "./authentication.js";
import type { Core } from "./core.js";
import { type Floor, createFloor } from "./floor.js";
import { type Events, createEvents } from "./iterator.js";
import { type Present, createPresent } from "./present.js";
import { type Reporting, createReporting } from "./reporting.js";
import { type ClientChanges, type ClientLogin, tellLogout, tellStates } from "./results.js";
import { type Entrance, type Originals, type Readings, createChanges, createEntrance, createOriginals, createReadings } from "./session.js";
import { type Voice, createVoice } from "./voice.js";

declare const made: unique symbol;

/** Functions that a client has for a page to call: `Made` is what they are in it. */
export interface Module<Made extends object = object> {
  readonly [made]: Made;
}

/** What a module is within the SDK. */
export type Make<Made extends object = object> = (core: Core) => Made;

const module = <Made extends object>(make: Make<Made>): Module<Made> => make as unknown as Module<Made>;

/** What modules come to in one client. */
export type MadeOf<M extends Module> = Joined<M extends Module<infer Made> ? Made : never>;

type Joined<Union> = (Union extends unknown ? (each: Union) => void : never) extends (joined: infer All) => void ? All : never;

/** Of `authentication`: login and logout. */
export const login = /* @__PURE__ */ module<{ readonly authentication: ClientLogin }>((core) => ({ authentication: tellLogout(createLogin(core)) }));

/** Of `authentication`: how users log in, and a user's default tenant. */
export const identities = /* @__PURE__ */ module<{ readonly authentication: Identities }>((core) => ({ authentication: createIdentities(core) }));

/** Of `session`: setActiveTenant, and who and where the client is, with its token and its extensions. */
export const entrance = /* @__PURE__ */ module<{ readonly session: Entrance }>((core) => ({ session: createEntrance(core) }));

/** Of `session`: goReady, goNotReady, setPresenceState, setDirection. */
export const changes = /* @__PURE__ */ module<{ readonly session: ClientChanges }>((core) => ({ session: tellStates(createChanges(core)) }));

/** Of `session`: what is asked of the server anew. */
export const readings = /* @__PURE__ */ module<{ readonly session: Readings }>((core) => ({ session: createReadings(core) }));

/** Of `session`: getPresenceState. */
export const present = /* @__PURE__ */ module<{ readonly session: Present }>((core) => ({ session: createPresent(core) }));

/** Of `session`: what the original's desktops ask for, and few others: getSSOToken, setLocale, and which interaction is monitored. */
export const originals = /* @__PURE__ */ module<{ readonly session: Originals }>((core) => ({ session: createOriginals(core) }));

/** `interactions.voice`. */
export const voice = /* @__PURE__ */ module<{ readonly interactions: { readonly voice: Voice } }>((core) => ({ interactions: { voice: createVoice(core) } }));

/** `reporting`. */
export const reporting = /* @__PURE__ */ module<{ readonly reporting: Reporting }>((core) => ({ reporting: createReporting(core) }));

/** `floor`. */
export const floor = /* @__PURE__ */ module<{ readonly floor: Floor }>((core) => ({ floor: createFloor(core) }));

/** `events`, for `for await`. */
export const events = /* @__PURE__ */ module<{ readonly events: Events }>((core) => ({ events: createEvents(core) }));
