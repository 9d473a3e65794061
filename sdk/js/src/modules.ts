import { createIdentities, createLogin, type Identities } from "./authentication.js";
import type { Core } from "./core.js";
import { type CurrentState, createCurrentState } from "./current.js";
import { type Floor, createFloor } from "./floor.js";
import { type Events, createEvents } from "./iterator.js";
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

/** As a function statement, since esbuild leaves out calls of such that return what they are given. */
function module<Made extends object>(make: Make<Made>): Module<Made> {
  return make as unknown as Module<Made>;
}

/** What modules come to in one client. Those of a list's part whose length is not known may be absent. */
export type MadeOf<M extends readonly Module[]> = M extends readonly []
  ? unknown
  : M extends readonly [Module<infer Made>, ...infer Others extends readonly Module[]]
    ? Made & MadeOf<Others>
    : M extends readonly [...infer Others extends readonly Module[], Module<infer Made>]
      ? MadeOf<Others> & Made
      : Joined<Some<M[number][typeof made]>>;

/** Places that several modules have functions in are there with some of these. */
type Some<Made> = { readonly [P in keyof Made]?: P extends "authentication" | "session" ? Partial<Made[P]> : Made[P] };

type Joined<Union> = (Union extends unknown ? (each: Union) => void : never) extends (joined: infer All) => void ? All : never;

export interface ClientAuthentication extends ClientLogin, Identities {}

export interface ClientSession extends Entrance, ClientChanges, CurrentState, Readings, Originals {}

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

/** Of `session`: getCurrentState and watchCurrentState. */
export const currentState = /* @__PURE__ */ module<{ readonly session: CurrentState }>((core) => ({ session: createCurrentState(core) }));

/** Of `session`: what the original's desktops ask for, and few others: getSSOToken, setLocale, and which interaction is monitored. */
export const originals = /* @__PURE__ */ module<{ readonly session: Originals }>((core) => ({ session: createOriginals(core) }));

/** `interactions.voice`, and what is published of silent monitoring. */
export const voice = /* @__PURE__ */ module<Pick<AllModules, "interactions">>((core) => ({ interactions: { voice: createVoice(core) } }));

/** `reporting`. */
export const reporting = /* @__PURE__ */ module<Pick<AllModules, "reporting">>((core) => ({ reporting: createReporting(core) }));

/** `floor`. */
export const floor = /* @__PURE__ */ module<Pick<AllModules, "floor">>((core) => ({ floor: createFloor(core) }));

/** `events`, for `for await`. */
export const events = /* @__PURE__ */ module<Pick<AllModules, "events">>((core) => ({ events: createEvents(core) }));
