import { describe, expect, it } from "vitest";
import type { FloorChange, FloorRow, OpenFloor } from "../../../sdk/js/src/index.js";
import { createRoster } from "../../src/floor/roster.js";
import { plainView } from "../../src/floor/view.js";
import { rowOf } from "./floor-rows.js";

/** A floor and the page around it, with time that stands until it is let go on. */
const scene = () => {
  const rows = new Map<string, FloorRow>();
  const receivers: Record<"change" | "reset", ((change: FloorChange) => void)[]> = { change: [], reset: [] };
  const open: OpenFloor = {
    rows,
    connected: true,
    closed: Promise.resolve(),
    close: () => {},
    on: (type, receive) => {
      receivers[type].push(receive);
      return () => {};
    },
  };
  let time = 100_000;
  let frames: (() => void)[] = [];
  let timers: { at: number; run: () => void }[] = [];
  const roster = createRoster(open, { ...plainView, sort: "name" }, new Intl.Collator("en"), {
    now: () => time,
    frame: (run) => void frames.push(run),
    after: (milliseconds, run) => {
      const timer = { at: time + milliseconds, run };
      timers.push(timer);
      return () => void (timers = timers.filter((other) => other !== timer));
    },
  });
  return {
    roster,
    frameCount: () => frames.length,
    reset(...all: FloorRow[]) {
      rows.clear();
      for (const row of all) rows.set(row.resourceId, row);
      for (const receive of receivers.reset) receive({ rows: all });
    },
    change(...all: FloorRow[]) {
      for (const row of all) rows.set(row.resourceId, row);
      for (const receive of receivers.change) receive({ rows: all });
    },
    draw() {
      const due = frames;
      frames = [];
      for (const run of due) run();
    },
    pass(milliseconds: number) {
      const end = time + milliseconds;
      for (;;) {
        const next = timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
        if (!next) break;
        timers = timers.filter((timer) => timer !== next);
        time = Math.max(time, next.at);
        next.run();
      }
      time = end;
    },
    names: () => roster.arrangement.value.sections.flatMap(({ agents }) => agents.map(({ row }) => row.name)),
  };
};

describe("the roster", () => {
  it("shows a snapshot at once", () => {
    const { roster, reset, names } = scene();
    expect(roster.loaded.value).toBe(false);
    reset(rowOf("Bob"), rowOf("Ann"));
    expect(roster.loaded.value).toBe(true);
    expect(names()).toEqual(["Ann", "Bob"]);
    expect(roster.tally.value.all).toBe(2);
  });

  it("tells a row once a frame, however often it changed, and nobody else", () => {
    const { roster, reset, change, draw, frameCount } = scene();
    reset(rowOf("Ann"), rowOf("Bob"));
    const seen: string[] = [];
    roster.watch("Ann", () => seen.push(`Ann ${roster.agents.get("Ann")?.row.state}`));
    roster.watch("Bob", () => seen.push("Bob"));
    change(rowOf("Ann", { version: 2, state: "notready" }));
    change(rowOf("Ann", { version: 3, state: "ready" }), rowOf("Ann", { version: 4, state: "notready" }));
    expect(frameCount()).toBe(1);
    expect(seen).toEqual([]);
    draw();
    expect(seen).toEqual(["Ann notready"]);
  });

  it("changes places at most once a second, and counts four times", () => {
    const { roster, reset, change, draw, pass, names } = scene();
    reset(rowOf("Ann"), rowOf("Bob"));
    change(rowOf("Ann", { version: 2, name: "Zoe", state: "notready" }));
    draw();
    expect([names(), roster.tally.value.ready]).toEqual([["Ann", "Bob"], 2]);
    pass(300);
    expect(roster.tally.value.ready).toBe(1);
    expect(names()).toEqual(["Ann", "Bob"]);
    pass(800);
    expect(names()).toEqual(["Bob", "Zoe"]);
  });

  it("keeps places while somebody points at the floor, but not for ever", () => {
    const { roster, reset, change, draw, pass, names } = scene();
    reset(rowOf("Ann"), rowOf("Bob"));
    change(rowOf("Ann", { version: 2, name: "Zoe" }));
    draw();
    for (let at = 0; at < 9; at++) {
      roster.hold();
      pass(1_000);
    }
    expect(names()).toEqual(["Ann", "Bob"]);
    for (let at = 0; at < 3; at++) {
      roster.hold();
      pass(1_000);
    }
    expect(names()).toEqual(["Bob", "Zoe"]);
  });

  it("looks in another way at once, and takes in what waits where there are no frames", () => {
    const { roster, reset, change, names } = scene();
    reset(rowOf("Ann"), rowOf("Bob"));
    roster.look({ ...plainView, search: "bob" });
    expect(names()).toEqual(["Bob"]);
    change(rowOf("Ann", { version: 2, state: "notready" }));
    roster.settle();
    expect(roster.agents.get("Ann")?.row.state).toBe("notready");
  });

  it("forgets who is not in a later snapshot, and tells whoever watches", () => {
    const { roster, reset, names } = scene();
    reset(rowOf("Ann"), rowOf("Bob"));
    let told = 0;
    roster.watch("Bob", () => told++);
    reset(rowOf("Ann", { version: 2 }));
    expect(names()).toEqual(["Ann"]);
    expect([roster.agents.has("Bob"), told]).toEqual([false, 1]);
  });
});
