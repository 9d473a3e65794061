import { createAlarm } from "./alarm.js";
import { createAuthentication } from "./authentication.js";
import type { Core } from "./core.js";
import { openEvents } from "./events.js";
import type { Features } from "./features.js";
import type { Follower } from "./follow.js";
import { createFloor } from "./floor.js";
import { createReporting } from "./reporting.js";
import { createRenewal } from "./renewal.js";
import { resumption } from "./resume.js";
import { createSession } from "./session.js";
import { createShare } from "./tabs.js";
import { createUploads } from "./uploads.js";
import { createVoice } from "./voice.js";

/** All features of a client. */
export const allFeatures: Features = { createAlarm, createShare, resumption, createRenewal, createUploads, openEvents };

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
  const on = (target: EventTarget, type: string, act: (stream: Follower) => void): void =>
    target?.addEventListener?.(type, () => core.streams.forEach(act), { signal });
  on(globalThis, "online", (stream) => stream.renew());
  on(globalThis, "offline", (stream) => stream.doubt());
  on(globalThis.document, "visibilitychange", (stream) => document.hidden || stream.hurry());
};
