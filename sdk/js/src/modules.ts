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

/** Has the streams act on what the browser says of the network and the page. */
export const listenToBrowser = (core: Core): void => {
  const { signal } = core.life;
  globalThis.addEventListener?.("online", () => core.streams.forEach((stream) => stream.renew()), { signal });
  globalThis.addEventListener?.("offline", () => core.streams.forEach((stream) => stream.doubt()), { signal });
  globalThis.document?.addEventListener("visibilitychange", () => document.hidden || core.streams.forEach((stream) => stream.hurry()), { signal });
};
