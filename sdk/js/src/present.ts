import { copy } from "./copy.js";
import type { Core } from "./core.js";
import type { StateChange } from "./topics.js";

export interface Present {
  /**
   * The agent's state and direction, as events have told of it so far; null without a session. It is the same object until the next event
   * that changes it, which is what stores of UI frameworks go by.
   */
  getPresenceState: () => Readonly<StateChange> | null;
}

export const createPresent = (core: Core): Present => {
  let shown: StateChange | undefined;
  let given: StateChange | null = null;
  return {
    getPresenceState: () => {
      const now = core.live?.shown();
      if (now !== shown) given = copy(now ?? null);
      shown = now;
      return given;
    },
  };
};
