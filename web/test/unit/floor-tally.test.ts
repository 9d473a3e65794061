import { describe, expect, it } from "vitest";
import { createTallier, emptyTally } from "../../src/floor/tally.js";
import { agent, away, onBreak, workOf } from "./floor-rows.js";

describe("the tally", () => {
  it("counts along, and is empty again when all have gone", () => {
    const tallier = createTallier();
    const all = [agent("A", { groups: ["Sales"] }), agent("B", { work: [workOf(), workOf({ interactionId: "i2" })], offerable: false }), onBreak("C"), away("D"), agent("E", { connection: "lost", offerable: false })];
    for (const each of all) tallier.add(each);
    expect(tallier.read()).toMatchObject({ all: 5, ready: 3, busy: 1, notready: 1, offline: 1, offerable: 1, live: 3, silent: 0, lost: 1, work: 2 });
    expect(tallier.read().reasons).toEqual(new Map([["Lunch", 1]]));
    expect(tallier.read().directions).toEqual(new Map([["inbound", 4]]));
    for (const each of all) tallier.remove(each);
    expect(tallier.read()).toEqual(emptyTally);
  });

  it("gives a copy that does not change any more", () => {
    const tallier = createTallier();
    const before = tallier.read();
    tallier.add(agent("A"));
    expect(before.all).toBe(0);
  });
});
