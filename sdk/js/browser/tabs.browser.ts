import { expect } from "vitest";
import { test } from "./fixtures.js";
import { Recorder } from "./recorder.js";

// Heartbeats come often, to see whether both tabs are told of them.
test.override("settings", { heartbeatDelay: "2s" });

test("two tabs share a session: one holds the stream, and both are told everything once", async ({ context, deployment: { home, agent, supervisor } }) => {
  const leader = await Recorder.enter(context, home, agent);
  const follower = await Recorder.enter(context, home, agent);
  const sessionId = await leader.sessionId();
  expect(await follower.sessionId()).toBe(sessionId);
  expect(leader.tab.sockets).toHaveLength(1);
  expect(follower.tab.requests.filter((request) => request.endsWith("/session"))).toEqual([]);

  await follower.goReady(); // its own request, with the session that it shares
  await expect.poll(() => leader.states()).toEqual(["notready", "ready"]);
  await supervisor.ask("POST", `${supervisor.presencePath(agent)}/direction`, { direction: "outbound" });
  await supervisor.setState(agent, "notready");
  for (const tab of [leader, follower]) {
    await expect.poll(() => tab.states()).toEqual(["notready", "ready", "notready"]);
    expect((await tab.toldOn("cxengage/session/direction-change-response")).map((t) => t.response?.direction)).toEqual(["outbound"]);
    const beats = await tab.heartbeats();
    await expect.poll(() => tab.heartbeats()).toBeGreaterThan(beats);
    expect(await tab.errors()).toEqual([]);
  }
  expect(follower.tab.sockets).toEqual([]);
  expect((await supervisor.presence(agent)).sessionId).toBe(sessionId);
});

test("no token crosses the channel of the tabs, and what crosses it is heard under the contract's name", async ({ context, deployment: { home, agent } }) => {
  const listener = await context.newPage();
  await listener.goto(`${home.origin}/recorder.js`); // any page of the same origin
  const name = `muster/1/${home.api}/v1//${agent.tenantId}/${agent.userId}`; // the base address ends with a slash
  await listener.evaluate((name) => {
    const heard: string[] = [];
    Object.assign(globalThis, { heard });
    new BroadcastChannel(name).onmessage = (e) => heard.push(JSON.stringify(e.data));
  }, name);
  const leader = await Recorder.enter(context, home, agent);
  const follower = await Recorder.enter(context, home, agent);
  await leader.goReady();
  await expect.poll(() => follower.states()).toEqual(["notready", "ready"]);
  const heard = await listener.evaluate(() => (globalThis as unknown as { heard: string[] }).heard);
  expect(heard.join("\n")).toContain(await leader.sessionId());
  expect(heard.join("\n")).not.toContain(agent.token);
});

test("a log-out in one tab ends the session in both, once", async ({ context, deployment: { home, agent, supervisor } }) => {
  const leader = await Recorder.enter(context, home, agent);
  const follower = await Recorder.enter(context, home, agent);
  expect((await follower.logout()).error).toBeNull();
  for (const tab of [leader, follower]) {
    await expect.poll(() => tab.toldOn("cxengage/session/ended")).toMatchObject([{ error: null, response: { state: "offline", endCode: "logged_out" } }]);
    expect(await tab.errors()).toEqual([]);
  }
  expect(await supervisor.presence(agent)).toMatchObject({ state: "offline", sessionId: null });
});
