import { createAuthentication } from "./authentication.js";
import type { Core } from "./core.js";
import { createFloor } from "./floor.js";
import { createReporting } from "./reporting.js";
import { createSession } from "./session.js";
import { createVoice } from "./voice.js";

/** All modules of a client. */
export const createModules = (core: Core) => ({
  authentication: createAuthentication(core),
  session: createSession(core),
  interactions: { voice: createVoice(core) },
  floor: createFloor(core),
  reporting: createReporting(core),
});

/** Connects at once when the network or the page may be back, without waiting for the next attempt. */
export const wakeUp = (core: Core): void => {
  const hurry = (): void => {
    core.live?.hurry();
    for (const floor of core.floors) floor.hurry();
  };
  const { signal } = core.life;
  globalThis.addEventListener?.("online", hurry, { signal });
  globalThis.document?.addEventListener("visibilitychange", () => document.hidden || hurry(), { signal });
};
