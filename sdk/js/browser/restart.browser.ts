import { expect } from "vitest";
import { test } from "./fixtures.js";
import { Recorder } from "./recorder.js";

for (const [how, signal] of [
  ["killed", "SIGKILL"],
  ["stopped", "SIGTERM"],
] as const) {
  test(`when the server is ${how} and started again, the page goes on with its session by itself`, { timeout: 120_000 }, async ({ context, deployment: { server, home, agent, supervisor } }) => {
    const desk = await Recorder.enter(context, home, agent);
    const sessionId = await desk.sessionId();
    await desk.goReady();
    await desk.session("setDirection", { direction: "outbound" });
    await expect.poll(() => desk.toldOn("cxengage/session/direction-change-response")).toHaveLength(1);
    await expect.poll(() => supervisor.presence(agent)).toMatchObject({ connection: "live", offerable: true });
    const { stateSince } = await supervisor.presence(agent);
    const before = (await desk.told()).length;

    await server.stop(signal);
    await expect.poll(() => desk.toldOn("cxengage/session/connection")).toMatchObject([{ response: { connected: false } }]);
    await server.start();
    const began = performance.now();
    await expect.poll(() => supervisor.presence(agent), { timeout: 30_000 }).toMatchObject({
      sessionId,
      state: "ready",
      stateSince,
      direction: "outbound",
      connection: "live",
      offerable: true,
    });
    console.log(`after the server was ${how} the page was back ${Math.round(performance.now() - began)} ms after its start`);
    await supervisor.setState(agent, "notready");
    await expect.poll(() => desk.topics(before)).toEqual(["connection", "connection", "state-change-response"]);
    expect(await desk.errors()).toEqual([]);
    expect((await desk.session("goReady", { extensionValue: "browser" })).error).toBeNull();
  });
}

test("two restarts in a row, one of them by a power cut, lose and double nothing that happened between them", { timeout: 120_000 }, async ({
  context,
  deployment: { server, home, agent, supervisor },
}) => {
  const desk = await Recorder.enter(context, home, agent);
  await desk.goReady();
  home.cut("refuse"); // the page is away all the time
  await supervisor.setState(agent, "notready");
  await server.restart("SIGKILL");
  await supervisor.setState(agent, "ready");
  await server.restart();
  await supervisor.setState(agent, "notready");
  home.mend();
  await expect.poll(() => desk.states(), { timeout: 45_000 }).toEqual(["notready", "ready", "notready", "ready", "notready"]);
  await expect.poll(() => supervisor.presence(agent)).toMatchObject({ state: "notready", connection: "live" });
  expect(await desk.errors()).toEqual([]);
});
