import type { OpenFloor } from "../../../sdk/js/src/index.js";
import { type Cell, cell } from "../app/cell.js";
import { type Agent, agentOf } from "./agent.js";
import { type Arrangement, arrange, nothing, placesOf } from "./arrange.js";
import { type Tally, createTallier, emptyTally } from "./tally.js";
import type { View } from "./view.js";
import { createWatchers } from "./watchers.js";

/** All agents of a floor as they are now, and as they are to be shown. */
export interface Roster {
  readonly agents: ReadonlyMap<string, Agent>;
  /** Whether the first rows have come. */
  readonly loaded: Cell<boolean>;
  readonly arrangement: Cell<Arrangement>;
  readonly tally: Cell<Tally>;
  /** Calls when the agent has changed, at most once a frame; returns what ends that. */
  watch: (id: string, see: () => void) => () => void;
  /** Shows the floor in another way, at once. */
  look: (view: View) => void;
  /** Somebody reads or points at the floor: for a moment nothing changes its place. */
  hold: () => void;
  /** Takes in what has changed without waiting for a frame: hidden pages have none. */
  settle: () => void;
  close: () => void;
}

/** What a roster needs of the page. */
export interface Surroundings {
  now: () => number;
  /** Calls before the next frame is drawn. */
  frame: (run: () => void) => void;
  after: (milliseconds: number, run: () => void) => () => void;
}

/** So often places and counts are made anew, in milliseconds. A row itself changes with the next frame. */
const arrangePause = 1_000;
const tallyPause = 250;
/** How long a hold lasts, and how long the floor is held at most. */
const holdTime = 1_500;
const longestHold = 10_000;

export const createRoster = (floor: OpenFloor, first: View, collator: Intl.Collator, { now, frame, after }: Surroundings): Roster => {
  const agents = new Map<string, Agent>();
  const watchers = createWatchers();
  const tallier = createTallier();
  const loaded = cell(false);
  const arrangement = cell<Arrangement>(nothing);
  const tally = cell<Tally>(emptyTally);
  let view = first;
  let names: Map<string, number> | null = null;
  let changed = new Set<string>();
  let framed = false;
  let open = true;
  let arranged = 0;
  let heldUntil = 0;
  let stopArranging: (() => void) | undefined;
  let stopTallying: (() => void) | undefined;

  const arrangeNow = (): void => {
    stopArranging?.();
    stopArranging = undefined;
    arranged = now();
    names ??= placesOf([...agents.values()].map(({ row }) => row.name), collator);
    arrangement.set(arrange(agents.values(), view, arranged, names, collator));
  };

  const arrangeSoon = (): void => {
    if (stopArranging) return;
    const due = (): void => {
      stopArranging = undefined;
      if (!open) return;
      const left = Math.min(heldUntil, arranged + longestHold) - now();
      if (left > 0) stopArranging = after(left, due);
      else arrangeNow();
    };
    stopArranging = after(Math.max(0, arranged + arrangePause - now()), due);
  };

  const tallySoon = (): void => {
    stopTallying ??= after(tallyPause, () => {
      stopTallying = undefined;
      if (open) tally.set(tallier.read());
    });
  };

  const settle = (): void => {
    framed = false;
    if (!open || changed.size === 0) return;
    const ids = changed;
    changed = new Set();
    for (const id of ids) {
      const row = floor.rows.get(id);
      const before = agents.get(id);
      if (!row || before?.row === row) continue;
      const agent = agentOf(row);
      if (before) tallier.remove(before);
      tallier.add(agent);
      agents.set(id, agent);
      if (before?.row.name !== row.name) names = null;
      watchers.tell(id);
    }
    tallySoon();
    arrangeSoon();
  };

  const reset = (): void => {
    changed.clear();
    agents.clear();
    tallier.clear();
    names = null;
    for (const row of floor.rows.values()) {
      const agent = agentOf(row);
      agents.set(row.resourceId, agent);
      tallier.add(agent);
    }
    tally.set(tallier.read());
    arrangeNow();
    loaded.set(true);
    watchers.tellAll();
  };

  const ends = [
    floor.on("reset", reset),
    floor.on("change", ({ rows }) => {
      for (const row of rows) changed.add(row.resourceId);
      if (framed) return;
      framed = true;
      frame(settle);
    }),
  ];

  return {
    agents,
    loaded,
    arrangement,
    tally,
    watch: watchers.watch,
    look(next) {
      view = next;
      arrangeNow();
    },
    hold: () => void (heldUntil = now() + holdTime),
    settle,
    close() {
      open = false;
      for (const end of ends) end();
      stopArranging?.();
      stopTallying?.();
    },
  };
};
