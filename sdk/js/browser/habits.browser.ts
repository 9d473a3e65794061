import { expect } from "vitest";
import { test } from "./fixtures.js";
import { Tab } from "./tab.js";

test("payloads may be rewritten in place", async ({ context, deployment: { home, agent, supervisor } }) => {
  const tab = await Tab.open(context, home, "habits/rewriting.html", agent);
  await tab.seen("worked");
  expect(await tab.seen("clean")).toBe(true);
  expect(await tab.seen("calledBack")).toBe(3);
  expect(await tab.seen("spoilt")).toBeGreaterThan(100);
  expect(await tab.seen("extensions")).toBe(2);
  expect(await tab.seen("reasonLists")).toBe(2);
  await tab.shows("#state", "ready");
  await expect.poll(() => supervisor.presence(agent)).toMatchObject({ state: "ready" });
  expect(tab.errors).toEqual([]);
});

test("functions work without their object", async ({ context, deployment: { home, agent, supervisor } }) => {
  const tab = await Tab.open(context, home, "habits/detached.html", agent);
  await tab.seen("worked");
  expect(await tab.seen("failures")).toEqual([]);
  expect(await tab.seen("read")).toEqual({ token: true, tenant: agent.tenantId, stats: expect.any(Number) });
  expect(await tab.seen("own")).toEqual([{ is: "here" }]);
  await tab.shows("#state", "ready");
  await expect.poll(() => supervisor.presence(agent)).toMatchObject({ state: "ready", direction: "outbound" });
  await tab.page.evaluate(() => (globalThis as unknown as { seen: { leave: () => Promise<unknown> } }).seen.leave());
  expect(await tab.seen("unsubscribed")).toEqual([true, false]);
  await expect.poll(() => supervisor.presence(agent)).toMatchObject({ state: "offline" });
  expect(tab.errors).toEqual([]);
});

test("one subscriber may relay everything, and throw at each event", async ({ context, deployment: { home, agent, supervisor } }) => {
  const tab = await Tab.open(context, home, "habits/relay.html", agent);
  await tab.seen("worked");
  const events = (await tab.seen<string[]>("events")).map((text) => JSON.parse(text) as { error: unknown; topic: string; response: unknown });
  const topics = events.map(({ topic }) => topic);
  for (const topic of ["tenant-list", "set-active-tenant-response", "config-details", "extension-list", "started", "state-change-request-acknowledged", "state-change-response", "ended"]) {
    expect(topics).toContain(`cxengage/session/${topic}`);
  }
  expect(await tab.seen("refused")).toBe(2005);
  expect(events.filter(({ error, response }) => error && response)).toEqual([]);
  // Of getters and setters of the token it is told nothing.
  expect(topics.filter((topic) => topic.includes("token"))).toEqual([]);
  expect(JSON.stringify(events)).not.toContain(await tab.seen<string>("token"));
  // What it throws is said on the console and harms nobody else.
  expect(tab.console.filter((line) => line.startsWith("error: CxEngage: a subscriber of cxengage throws"))).toHaveLength(events.length);
  expect(tab.errors).toEqual([]);
  await expect.poll(() => supervisor.presence(agent)).toMatchObject({ state: "offline" });
});

test("the token is there in the tick in which it is wanted", async ({ context, deployment: { home, agent, supervisor } }) => {
  const tab = await Tab.open(context, home, "habits/token.html", agent);
  await tab.shows("#state", "notready");
  expect(await tab.page.evaluate(() => (globalThis as unknown as { seen: { before: unknown } }).seen.before)).toBeNull();
  const after = await tab.seen<{ hours: number }>("after");
  expect(after).toMatchObject({ userId: agent.userId, same: true });
  expect(after.hours).toBeGreaterThan(9);
  expect(await tab.seen("asked")).toBe(200);
  expect(await tab.seen("cleared")).toEqual([null]);
  expect(await tab.seen("set")).toBe(true);
  await expect.poll(() => supervisor.presence(agent)).toMatchObject({ state: "notready", connection: "live" });
  expect(tab.errors).toEqual([]);
});

test("calls may be made without a callback and without await", async ({ context, deployment: { home, agent, supervisor } }) => {
  const tab = await Tab.open(context, home, "habits/unanswered.html", agent);
  await tab.until(() => (globalThis as unknown as { seen: { topics: string[] } }).seen.topics.filter((topic) => topic.endsWith("state-change-response")).length === 4);
  await tab.shows("#state", "ready");
  // One at a time, in the order of the calls.
  const topics = await tab.seen<string[]>("topics");
  const started = topics.indexOf("cxengage/session/started");
  const session = topics.slice(started).filter((topic) => /acknowledged|set-direction-response/.test(topic));
  expect(session).toEqual([
    "cxengage/session/state-change-request-acknowledged", // the session's start
    "cxengage/session/state-change-request-acknowledged",
    "cxengage/session/state-change-request-acknowledged",
    "cxengage/session/set-direction-response",
    "cxengage/session/state-change-request-acknowledged 2005",
    "cxengage/session/state-change-request-acknowledged",
  ]);
  const early = topics.slice(0, topics.indexOf("cxengage/session/tenant-list"));
  expect(early.filter((topic) => topic.endsWith(" 1003"))).toHaveLength(6);
  expect(early).toContain("cxengage/session/set-presence-state-response 1004");
  expect(early).toContain("cxengage/authentication/login-response 3000");
  await expect.poll(() => supervisor.presence(agent)).toMatchObject({ state: "ready", direction: "outbound" });
  expect(await tab.page.evaluate(() => (globalThis as unknown as { seen: { unhandled: string[] } }).seen.unhandled)).toEqual([]);
  expect(tab.errors).toEqual([]);
});

test("what is not served is absent, and modules are objects all the same", async ({ context, deployment: { home, agent } }) => {
  const tab = await Tab.open(context, home, "habits/absent.html", agent);
  await tab.seen("worked");
  expect(await tab.seen("was")).toBe("undefined");
  expect(await tab.seen("is")).toBe("function");
  expect(new Set(await tab.seen<string[]>("absent"))).toEqual(new Set(["undefined"]));
  expect(new Set(await tab.seen<string[]>("modules"))).toEqual(new Set(["object"]));
  expect(new Set(await tab.seen<string[]>("present"))).toEqual(new Set(["function"]));
  expect(await tab.seen("stats")).toBeGreaterThan(2);
  expect(await tab.seen("subscribed")).toEqual({ statId: expect.any(String) });
  await tab.shows("#state", "notready");
  expect(tab.errors).toEqual([]);
});
