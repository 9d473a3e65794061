// A client of those modules only that a page uses, for bundles that have to be small. Every module does what it does in createClient.

import { createIdentities, createLogin } from "./authentication.js";
import { type Client, type ClientOptions, createStem, tellLogout, tellStates } from "./client.js";
import type { Core } from "./core.js";
import { createEvents } from "./iterator.js";
import { createFloor } from "./floor.js";
import { createReporting } from "./reporting.js";
import { createChanges, createEntrance, createReadings } from "./session.js";
import { createVoice } from "./voice.js";

export type { Client, ClientOptions } from "./client.js";

declare const shared: unique symbol;

/** What the modules of one client share. */
export interface Base {
  readonly [shared]: true;
}

/** Makes a module for a client. */
type Module<M> = (base: Base) => M;

/** What every client has. */
export type ComposedClient<Modules> = Modules & Pick<Client, "subscribe" | "now" | "close">;

const coreOf = (base: Base): Core => base as unknown as Core;

/** Makes a client of the modules that `modules` makes. Throws a TypeError when `baseUrl` is no address. */
export const composeClient = <Modules extends object>(options: ClientOptions, modules: Module<Modules>): ComposedClient<Modules> => {
  const { core, ...stem } = createStem(options);
  return { ...stem, ...modules(core as unknown as Base) };
};

/** Of `authentication`: login and logout. */
export const login: Module<Pick<Client["authentication"], "login" | "logout">> = (base) => tellLogout(createLogin(coreOf(base)));

/** Of `authentication`: how users log in, and a user's default tenant. */
export const identities: Module<Omit<Client["authentication"], "login" | "logout">> = (base) => createIdentities(coreOf(base));

type Session = Client["session"];

type ChangesOfSession = Pick<Session, "goReady" | "goNotReady" | "setPresenceState" | "setDirection">;

type ReadingsOfSession = Pick<Session, "getTenantDetails" | "getRunningSessionState" | "getUserConfig">;

/** Of `session`: setActiveTenant, and what the client knows without asking. */
export const entrance: Module<Omit<Session, keyof ChangesOfSession | keyof ReadingsOfSession>> = (base) => createEntrance(coreOf(base));

/** Of `session`: goReady, goNotReady, setPresenceState, setDirection. */
export const changes: Module<ChangesOfSession> = (base) => tellStates(createChanges(coreOf(base)));

/** Of `session`: what is asked of the server anew. */
export const readings: Module<ReadingsOfSession> = (base) => createReadings(coreOf(base));

/** `floor`. */
export const floor: Module<Client["floor"]> = (base) => createFloor(coreOf(base));

/** `interactions.voice`. */
export const voice: Module<Client["interactions"]["voice"]> = (base) => createVoice(coreOf(base));

/** `reporting`. */
export const reporting: Module<Client["reporting"]> = (base) => createReporting(coreOf(base));

/** `events`, for `for await`. */
export const events: Module<Client["events"]> = (base) => createEvents(coreOf(base));
