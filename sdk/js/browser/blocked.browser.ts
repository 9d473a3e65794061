import { expect } from "vitest";
import { test } from "./fixtures.js";
import { Recorder } from "./recorder.js";

// Who sends no heartbeat for 3 s is silent.
test.override("settings", { beatDelay: "1s", heartbeatDelay: "2s" });

test("a page that lost its socket for good goes on by events and heartbeats, and is told everything once", { timeout: 120_000 }, async ({ context, deployment: { home, agent, supervisor } }) => {
  let blocked = false;
  const lose: (() => void)[] = [];
  await context.routeWebSocket(/\/stream$/, (socket) => {
    if (blocked) return void socket.close({ code: 1011 });
    socket.connectToServer();
    lose.push(() => void socket.close({ code: 1011 }));
  });
  const desk = await Recorder.enter(context, home, agent);
  const sessionId = await desk.sessionId();
  await desk.goReady();
  await expect.poll(() => supervisor.presence(agent)).toMatchObject({ connection: "live", offerable: true });
  blocked = true;
  lose.forEach((go) => go());
  await supervisor.ask("POST", `${supervisor.presencePath(agent)}/direction`, { direction: "outbound" });
  const events = (): string[] => desk.tab.requests.filter((request) => request.includes("/stream?"));
  await expect.poll(() => events().length, { timeout: 60_000 }).toBe(1);
  await supervisor.setState(agent, "notready");
  await supervisor.setState(agent, "ready");
  await expect.poll(() => desk.states()).toEqual(["notready", "ready", "notready", "ready"]);
  expect((await desk.toldOn("cxengage/session/direction-change-response")).map((t) => t.response?.direction)).toEqual(["outbound"]);

  const heartbeats = await desk.heartbeats();
  for (let told = heartbeats; told < heartbeats + 5; told = await desk.heartbeats()) {
    expect(await supervisor.presence(agent)).toMatchObject({ sessionId, state: "ready", connection: "live", offerable: true });
  }
  expect(events()).toHaveLength(1);
  expect(await desk.errors()).toEqual([]);
});

test("a page that gets neither sockets nor events is in, and is told what it asks for", async ({ context, deployment: { home, agent, supervisor } }) => {
  await context.routeWebSocket(/\/stream$/, (socket) => void socket.close({ code: 1011 }));
  await context.route(/\/stream\?/, (route) => route.abort());
  const desk = await Recorder.enter(context, home, agent);
  await expect.poll(() => desk.states()).toEqual(["notready"]);
  await desk.goReady();
  await expect.poll(() => desk.states()).toEqual(["notready", "ready"]);
  expect(await supervisor.presence(agent)).toMatchObject({ state: "ready", offerable: true });
  expect(await desk.errors()).toEqual([]);
});
