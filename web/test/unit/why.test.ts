import { afterEach, expect, test } from "vitest";
import { locale } from "../../src/app/locale.js";
import type { WhyStep } from "../../src/app/wire.js";
import { tellNow, tellStep, tellTimer } from "../../src/presence/why.js";

afterEach(() => locale.set("en"));

const time = (moment: string): string => moment.slice(11, 19);
const step = (change: string, more: Partial<WhyStep> = {}): WhyStep => ({
  at: "2026-11-25T12:00:00.000Z", change, cause: "agent", byId: "a", byName: "Avery Agent", rule: null,
  state: null, reason: null, reasonId: null, reasonListId: null, direction: null, repeated: false, work: null,
  text: "The server's sentence.", evidence: null, ...more,
});
const set = step("state_set", { state: "notready", reason: "Lunch" });
const bySupervisor = { cause: "supervisor", byName: "Sam Supervisor" } as const;
const bySystem = { cause: "system", byId: null, byName: null } as const;

test("the same change is told to the agent, of the agent, and of a supervisor", () => {
  expect(tellStep(set, "own", time).text).toBe("You chose “Not ready: Lunch”.");
  expect(tellStep(set, "other", time).text).toBe("Avery Agent chose “Not ready: Lunch”.");
  expect(tellStep({ ...set, ...bySupervisor }, "own", time).text).toBe("Sam Supervisor set “Not ready: Lunch”.");
  locale.set("de");
  expect(tellStep(set, "own", time).text).toBe("Sie haben „Nicht bereit: Lunch“ gewählt.");
});

test("a repetition says so", () => {
  expect(tellStep(step("state_set", { state: "ready", repeated: true }), "own", time).text).toBe("You chose “Ready”. It was so already.");
  expect(tellStep(step("direction_set", { direction: "inbound", repeated: true }), "own", time).text).toBe("You chose the direction Inbound. It was so already.");
});

test("directions and work are told in the page's language", () => {
  locale.set("de");
  const work = { interactionId: "w", channel: "voice", direction: "inbound", state: "wrapup", since: "" } as const;
  expect(tellStep(step("direction_set", { direction: "agent-initiated", ...bySupervisor }), "own", time).text).toBe("Sam Supervisor hat die Richtung Selbst begonnen gesetzt.");
  expect(tellStep(step("work_reported", { work, ...bySystem }), "own", time).text).toBe("Arbeit ging in die Nachbearbeitung: Anruf.");
  expect(tellStep(step("work_ended", { work: { ...work, channel: "fax (old)", state: "ended" }, ...bySystem }), "own", time).text).toBe("Arbeit ist zu Ende: fax (old).");
});

test("the names of reasons may hold what stands around them in the server's sentence", () => {
  const told = step("state_set", { state: "notready", reason: "Break, which it was already" });
  expect(tellStep(told, "own", time).text).toBe("You chose “Not ready: Break, which it was already”.");
});

test("rules bring their evidence", () => {
  const closed = step("connection_changed", { ...bySystem, rule: "socket_closed", evidence: { lastHeard: "2026-11-25T11:59:58.000Z", socketClosed: "2026-11-25T11:59:59.000Z", closedBy: "network" } });
  expect(tellStep(closed, "own", time)).toMatchObject({ evidence: ["Last heard at 11:59:58.", "The network broke it at 11:59:59."], foreign: false });
});

test("a change that is not known is told in the server's words", () => {
  expect(tellStep(step("painted_blue", { text: "It was painted." }), "own", time)).toEqual({ text: "It was painted.", evidence: [], foreign: true });
});

test("how things stand is told with the reason", () => {
  const why = { state: "notready", reason: "Lunch", since: "2026-11-25T12:00:00.000Z", offerable: false, connection: "live" } as const;
  expect(tellNow(why, "own", time, "3 minutes")).toBe("Not ready: Lunch since 12:00:00, for 3 minutes. The connection is live. You are offered no work.");
});

test("a timer of an unknown rule is told in the server's words", () => {
  expect(tellTimer({ rule: "lease_expired", at: "", effect: "x" })).toBe("The session ends.");
  expect(tellTimer({ rule: "new", at: "", effect: "Something happens." })).toBe("Something happens.");
});
