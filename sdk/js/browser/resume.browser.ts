import { randomUUID } from "node:crypto";
import { expect } from "vitest";
import type { components } from "../src/wire.gen.js";
import { test } from "./fixtures.js";
import { FloorWatch } from "./floor_watch.js";
import type { Person } from "./person.js";
import { Recorder } from "./recorder.js";

// By default a page has half a second to be back in; a busy machine may take longer. How long it took is printed.
test.override("settings", { lostAfter: "2s" });

type Intervals = components["schemas"]["Intervals"];

/** The present session's intervals, one line each: "ready inbound from 2026-…". */
const intervals = async (supervisor: Person, agent: Person): Promise<string[]> => {
  const day = await supervisor.ask<Intervals>("GET", `tenants/${agent.tenantId}/users/${agent.userId}/intervals`);
  const { sessionId } = await supervisor.presence(agent);
  return day.intervals.filter((i) => i.sessionId === sessionId).map((i) => `${i.state} ${i.direction} from ${i.from}`);
};

test("a reload while ready goes on with the session, and nobody who watches sees it", async ({ context, deployment: { server, home, agent, supervisor } }) => {
  const desk = await Recorder.enter(context, home, agent, { resume: true });
  const sessionId = await desk.sessionId();
  await desk.goReady();
  await expect.poll(() => supervisor.presence(agent)).toMatchObject({ state: "ready", connection: "live", offerable: true });
  const floor = await FloorWatch.open(server, supervisor, agent);
  const before = await intervals(supervisor, agent);
  const { stateSince } = await supervisor.presence(agent);
  expect(before).toHaveLength(2);

  for (let time = 1; time <= 3; time++) {
    const began = performance.now();
    await desk.reload();
    console.log(`the page was back in its session after ${Math.round(performance.now() - began)} ms`);
    expect(await desk.sessionId()).toBe(sessionId);
    expect(await desk.states()).toEqual(["ready"]);
    const told = await desk.topics();
    expect(told.slice(told.indexOf("started"))).toEqual(["started", "state-change-request-acknowledged", "state-change-response"]);
    await expect.poll(() => supervisor.presence(agent)).toMatchObject({ sessionId, state: "ready", stateSince, connection: "live", offerable: true });
  }
  expect(await intervals(supervisor, agent)).toEqual(before);
  expect(desk.tab.requests.filter((request) => request.endsWith("/session"))).toHaveLength(1);

  // A change that the floor must show: whatever came before it has come.
  await desk.session("setDirection", { direction: "outbound" });
  await expect.poll(() => floor.rows.at(-1)?.direction).toBe("outbound");
  floor.close();
  expect(floor.looks).toEqual(["ready live offerable", "ready live offerable"]);
});

test("after a reload the page is told the present state and open work, and not the steps that led there", async ({
  context,
  deployment: { home, agent, supervisor, router },
}) => {
  const desk = await Recorder.enter(context, home, agent, { resume: true });
  const sessionId = await desk.sessionId();
  await desk.goReady();
  const work = `${router.presencePath(agent)}/interactions/${randomUUID()}`;
  await router.ask("PUT", work, { channel: "voice", direction: "inbound", state: "active" });
  await expect.poll(() => desk.toldOn("cxengage/session/work-change")).toHaveLength(1);
  await desk.tab.page.goto("about:blank");
  await supervisor.setState(agent, "notready");
  await supervisor.setState(agent, "ready");
  await supervisor.ask("POST", `${supervisor.presencePath(agent)}/direction`, { direction: "outbound" });
  await desk.tab.page.goto(`${home.origin}/recorder.html`);
  await desk.entered();
  expect(await desk.sessionId()).toBe(sessionId);
  await router.ask("DELETE", work);
  await expect.poll(async () => (await desk.toldOn("cxengage/session/work-change")).at(-1)?.response?.state).toBe("ended");
  expect((await desk.toldOn("cxengage/session/state-change-response")).map((t) => t.response)).toMatchObject([{ state: "ready", direction: "outbound" }]);
  expect((await desk.toldOn("cxengage/session/work-change")).map((t) => t.response?.state)).toEqual(["active", "ended"]);
});

test("when the tab that leads is loaded anew, the other leads, and the session is the same in both", async ({ context, deployment: { server, home, agent, supervisor } }) => {
  const first = await Recorder.enter(context, home, agent, { resume: true });
  const second = await Recorder.enter(context, home, agent, { resume: true });
  const sessionId = await first.sessionId();
  await first.goReady();
  await expect.poll(() => supervisor.presence(agent)).toMatchObject({ connection: "live", offerable: true });
  const floor = await FloorWatch.open(server, supervisor, agent);
  await first.reload();
  expect(await first.sessionId()).toBe(sessionId);
  expect(second.tab.sockets).toHaveLength(1);
  await supervisor.setState(agent, "notready");
  for (const tab of [first, second]) {
    await expect.poll(async () => (await tab.states()).at(-1)).toBe("notready");
    expect(await tab.errors()).toEqual([]);
  }
  await expect.poll(() => floor.rows.at(-1)?.state).toBe("notready");
  floor.close();
  expect(floor.looks).toEqual(["ready live offerable", "notready live"]);
});

test("a page that is loaded anew when its session is over begins another", async ({ context, deployment: { home, agent, supervisor } }) => {
  const desk = await Recorder.enter(context, home, agent, { resume: true });
  const sessionId = await desk.sessionId();
  await desk.tab.page.goto("about:blank");
  await supervisor.setState(agent, "offline");
  await desk.tab.page.goto(`${home.origin}/recorder.html`);
  await desk.entered();
  expect(await desk.sessionId()).not.toBe(sessionId);
  expect(await desk.states()).toEqual(["notready"]);
  expect(await desk.errors()).toEqual([]);
});
