import type { Core } from "./core.js";
import type { Follower } from "./follow.js";

/** Has the streams act on what the browser says of the network and the page. */
export const listenToBrowser = (core: Core): void => {
  const { signal } = core.life;
  const on = (target: EventTarget, type: string, act: (stream: Follower) => void): void =>
    target?.addEventListener?.(type, () => core.streams.forEach(act), { signal });
  on(globalThis, "online", (stream) => stream.renew());
  on(globalThis, "offline", (stream) => stream.doubt());
  on(globalThis.document, "visibilitychange", (stream) => document.hidden || stream.hurry());
};
