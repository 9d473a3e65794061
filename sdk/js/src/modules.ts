import { createAuthentication } from "./authentication.js";
import type { Core } from "./core.js";
import { createFloor } from "./floor.js";
import { createReporting } from "./reporting.js";
import { createSession } from "./session.js";
import { createVoice } from "./voice.js";

/** All modules of a client. Those that Muster does not serve are objects without functions: pages test for the functions. */
export const createModules = (core: Core) => ({
  authentication: createAuthentication(core),
  session: createSession(core),
  interactions: { voice: createVoice(core) },
  floor: createFloor(core),
  reporting: createReporting(core),
  entities: {},
  contacts: {},
  api: {},
  logging: {},
});

export type Modules = ReturnType<typeof createModules>;

/** Connects at once when the network or the page may be back, without waiting for the next attempt. */
export const wakeUp = (core: Core): void => {
  const hurry = (): void => core.live?.hurry();
  const signal = core.life.signal;
  globalThis.addEventListener?.("online", hurry, { signal });
  globalThis.document?.addEventListener("visibilitychange", () => document.hidden || hurry(), { signal });
};
