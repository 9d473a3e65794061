import { describe, expect, it } from "vitest";
import type { PresenceState } from "../../src/app/wire.js";
import { type Fate, type Known, type Order, foresee, outcomeOf, requestOf } from "../../src/floor/order.js";
import { agent, ago, away, onBreak, workOf } from "./floor-rows.js";

const lunch = { reason: "Lunch", reasonId: "id of Lunch", reasonListId: "breaks" };
const ready: Order = { kind: "state", state: "ready" };
const toLunch: Order = { kind: "state", state: "notready", reason: lunch };
const noReason: Order = { kind: "state", state: "notready", reason: null };
const out: Order = { kind: "direction", direction: "outbound" };
const leave: Order = { kind: "logout", now: false };
const leaveNow: Order = { kind: "logout", now: true };

const free = agent("Ann");
const calling = agent("Bob", { work: [workOf()] });
const leaving = agent("Eve", { work: [workOf()], pending: { state: "offline", reason: null, reasonId: null, reasonListId: null, since: ago(1), byId: "s", byName: "Sam" } });
const held = agent("Lou", { state: "notready", reason: "Connection lost", reasonId: "lost", reasonListId: "system", connection: "lost", offerable: false });

describe("what will become of an order", () => {
  it.each<[what: string, order: Order, who: typeof free, known: Known, fate: Fate]>([
    ["nobody who is offline", ready, away("Off"), {}, { kind: "refuse", why: "offline" }],
    ["nobody who is offline, forced or not", leaveNow, away("Off"), {}, { kind: "refuse", why: "offline" }],
    ["not ready to ready", ready, onBreak("Cid"), { extension: true }, { kind: "change" }],
    ["ready where the extension is not known", ready, onBreak("Cid"), {}, { kind: "change" }],
    ["ready without an extension", ready, onBreak("Cid"), { extension: false }, { kind: "refuse", why: "noExtension" }],
    ["ready to ready", ready, free, {}, { kind: "same", why: "already" }],
    ["ready to ready, which takes a log-out back", ready, leaving, {}, { kind: "change" }],
    ["a reason", toLunch, free, { reasons: new Set(["id of Lunch"]) }, { kind: "change" }],
    ["the same reason", toLunch, onBreak("Cid"), {}, { kind: "same", why: "already" }],
    ["another reason", noReason, onBreak("Cid"), {}, { kind: "change" }],
    ["a reason that the agent does not have", toLunch, free, { reasons: new Set(["other"]) }, { kind: "refuse", why: "noReason" }],
    ["no reason, which everybody has", noReason, free, { reasons: new Set() }, { kind: "change" }],
    ["a state while the system holds the agent", ready, held, {}, { kind: "wait", why: "held" }],
    ["a direction", out, free, {}, { kind: "change" }],
    ["the same direction", { kind: "direction", direction: "inbound" }, free, {}, { kind: "same", why: "already" }],
    ["a log-out", leave, free, {}, { kind: "change" }],
    ["a log-out with open work", leave, calling, {}, { kind: "wait", why: "workOpen" }],
    ["a log-out with open work, where the tenant lets it wait", leave, calling, { offlineWithWork: "wait" }, { kind: "wait", why: "workOpen" }],
    ["a log-out with open work, where the tenant refuses it", leave, calling, { offlineWithWork: "refuse" }, { kind: "refuse", why: "workOpen" }],
    ["a log-out at once with open work", leaveNow, calling, {}, { kind: "change", why: "workLeft" }],
  ])("%s", (_what, order, who, known, fate) => {
    expect(foresee(order, who, known)).toEqual(fate);
  });
});

describe("an order as a request", () => {
  it.each<[order: Order, route: string, body: object]>([
    [ready, "", { sessionId: "s", state: "ready" }],
    [noReason, "", { sessionId: "s", state: "notready" }],
    [toLunch, "", { sessionId: "s", state: "notready", ...lunch }],
    [out, "/direction", { sessionId: "s", direction: "outbound" }],
    [leave, "", { sessionId: "s", state: "offline" }],
    [leaveNow, "", { sessionId: "s", state: "offline", forceLogout: true }],
  ])("%o", (order, route, body) => {
    expect(requestOf(order, "s")).toEqual({ route, body });
  });

  it("says what the answer means", () => {
    const answer = (state: PresenceState["state"]) => ({ state }) as PresenceState;
    expect(outcomeOf(ready, answer("ready"))).toBe("done");
    expect(outcomeOf(ready, answer("notready"))).toBe("held");
    expect(outcomeOf(leave, answer("ready"))).toBe("waits");
    expect(outcomeOf(leave, answer("offline"))).toBe("done");
    expect(outcomeOf(out, answer("notready"))).toBe("done");
  });
});
