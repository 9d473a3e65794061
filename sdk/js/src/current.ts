import { copy } from "./copy.js";
import type { Core } from "./core.js";
import { changeOf } from "./judge.js";
import type { Live } from "./live.js";
import type { StateChange } from "./topics.js";
import type { Session } from "./wire.js";

/** The agent's state for stores of UI frameworks, which ask for it and are told when to ask again. */
export interface CurrentState {
  /**
   * The state and direction that the session began with, and then what state-change-response and direction-change-response have told; null
   * without a session. It is the same object until that is something else.
   */
  getCurrentState: () => Readonly<StateChange> | null;
  /** Calls `changed` whenever getCurrentState gives something else, also where a session is left without a word; returns what ends that. What `changed` throws is logged. Throws a TypeError for what is no function. */
  watchCurrentState: (changed: () => void) => () => void;
}

export const createCurrentState = (core: Core): CurrentState => {
  let known: StateChange | Session | undefined;
  let given: StateChange | null = null;
  let told: StateChange | null = null;
  let followed: Live | undefined;
  const watchers = new Set<[changed: () => void]>();

  const getCurrentState = (): StateChange | null => {
    const now = core.live && (core.live.shown() ?? core.live.session());
    if (now === known) return given;
    known = now;
    const next = now ? copy(changeOf(now)) : null;
    if (JSON.stringify(next) !== JSON.stringify(given)) given = next;
    return given;
  };

  const look = (): void => {
    if (followed !== core.live) {
      followed = core.live;
      followed?.signal.addEventListener("abort", () => queueMicrotask(look)); // whoever leaves a session publishes nothing
    }
    if (told === getCurrentState()) return;
    told = given;
    for (const watcher of [...watchers]) {
      try {
        if (watchers.has(watcher)) watcher[0]();
      } catch (cause) {
        core.log.error("a function that watches the current state throws", cause);
      }
    }
  };
  core.hub.subscribe("cxengage/session", look);

  return {
    getCurrentState,
    watchCurrentState: (changed) => {
      if (typeof changed !== "function") throw new TypeError("changed must be a function");
      const watcher: [() => void] = [changed];
      watchers.add(watcher);
      return () => void watchers.delete(watcher);
    },
  };
};
