import { expect } from "vitest";
import { test } from "./fixtures.js";
import { Recorder } from "./recorder.js";

const offlineFor = 20_000;

test("a browser that is offline for 20 s is back at once when it is online, and what happened is told once", { timeout: 120_000 }, async ({
  context,
  deployment: { home, agent, supervisor },
}) => {
  const desk = await Recorder.enter(context, home, agent);
  const sessionId = await desk.sessionId();
  await desk.goReady();
  await expect.poll(() => supervisor.presence(agent)).toMatchObject({ connection: "live", offerable: true });
  const before = (await desk.told()).length;
  const began = performance.now();
  await context.setOffline(true); // `offline` reaches the page
  const over = new Promise((resolve) => setTimeout(resolve, offlineFor));
  await expect.poll(() => desk.toldOn("cxengage/session/connection")).toMatchObject([{ response: { connected: false } }]);
  const told = performance.now() - began;
  console.log(`the page was told after ${Math.round(told)} ms`);
  expect(told).toBeLessThan(4_000); // without the event it is 10 s at least
  await expect.poll(() => supervisor.presence(agent)).toMatchObject({ state: "ready", offerable: false });
  await supervisor.setState(agent, "notready");
  await over;
  const online = performance.now();
  await context.setOffline(false); // and `online`
  await expect.poll(() => supervisor.presence(agent)).toMatchObject({ sessionId, state: "notready", connection: "live" });
  const took = performance.now() - online;
  console.log(`and was back ${Math.round(took)} ms after it was online`);
  expect(took).toBeLessThan(2_000);
  await expect.poll(() => desk.topics(before)).toEqual(["connection", "connection", "state-change-response"]);
  expect(await desk.errors()).toEqual([]);
});

test("when the network is back, `online` makes the page connect at once, however long its pause is by then", { timeout: 120_000 }, async ({ context, deployment: { home, agent, supervisor } }) => {
  const desk = await Recorder.enter(context, home, agent);
  await expect.poll(() => supervisor.presence(agent)).toMatchObject({ connection: "live" });
  home.cut("refuse");
  const attempts = desk.tab.sockets.length;
  await expect.poll(() => desk.tab.sockets.length, { timeout: 60_000 }).toBeGreaterThan(attempts + 5); // pauses of up to 16 s have come
  home.mend();
  const mended = performance.now();
  await desk.tab.page.evaluate(() => dispatchEvent(new Event("online")));
  await expect.poll(() => supervisor.presence(agent)).toMatchObject({ connection: "live" });
  expect(performance.now() - mended).toBeLessThan(2_000);
});
