import { performance } from "node:perf_hooks";
import { expect } from "vitest";
import { test } from "./fixtures.js";
import { FloorWatch } from "./floor_watch.js";
import { Recorder } from "./recorder.js";

// How fast another tab comes to lead is part of the contract, so that scripts/browser runs this file alone.

for (const [how, end] of [
  ["closed", (tab: Recorder) => tab.tab.page.close()],
  [
    "killed by a crash",
    async (tab: Recorder) => {
      const devtools = await tab.tab.page.context().newCDPSession(tab.tab.page);
      const crashed = tab.tab.page.waitForEvent("crash");
      void devtools.send("Page.crash").catch(() => {}); // it has no answer
      await crashed;
    },
  ],
] as const) {
  test(`when the tab that leads is ${how}, the other takes over within a second and misses nothing`, async ({ context, deployment: { server, home, agent, supervisor } }) => {
    const leader = await Recorder.enter(context, home, agent);
    const follower = await Recorder.enter(context, home, agent);
    const sessionId = await follower.sessionId();
    await leader.goReady();
    await expect.poll(() => follower.states()).toEqual(["notready", "ready"]);
    await expect.poll(() => supervisor.presence(agent)).toMatchObject({ offerable: true, connection: "live" });
    const floor = await FloorWatch.open(server, supervisor, agent);

    const began = performance.now();
    const took = new Promise<number>((resolve) => follower.tab.page.once("websocket", (socket) => socket.once("framereceived", () => resolve(performance.now() - began))));
    await end(leader);
    await supervisor.ask("POST", `${supervisor.presencePath(agent)}/direction`, { direction: "outbound" }); // perhaps while nobody listens
    const milliseconds = await took;
    console.log(`after the leader was ${how} the other tab had the stream in ${Math.round(milliseconds)} ms`);
    expect(milliseconds).toBeLessThan(1_000);

    await supervisor.setState(agent, "notready");
    await expect.poll(() => follower.states()).toEqual(["notready", "ready", "notready"]);
    expect((await follower.toldOn("cxengage/session/direction-change-response")).map((t) => t.response?.direction)).toEqual(["outbound"]);
    expect(await follower.errors()).toEqual([]);
    await expect.poll(() => supervisor.presence(agent)).toMatchObject({ sessionId, connection: "live" });
    await expect.poll(() => floor.rows.at(-1)).toMatchObject({ state: "notready", connection: "live" });
    expect(new Set(floor.rows.map((row) => row.connection)), floor.looks.join("\n")).toEqual(new Set(["live"]));
    floor.close();
  });
}

test("when the tab that leads hangs, as while it shows an alert, another takes over before the agent is found silent", { timeout: 60_000 }, async ({ context, deployment: { server, home, agent, supervisor } }) => {
  const leader = await Recorder.enter(context, home, agent);
  const follower = await Recorder.enter(context, home, agent);
  const sessionId = await follower.sessionId();
  await leader.goReady();
  await expect.poll(() => follower.states()).toEqual(["notready", "ready"]);
  const floor = await FloorWatch.open(server, supervisor, agent);
  await expect.poll(() => floor.rows.at(-1)).toMatchObject({ offerable: true, connection: "live" });

  const before = floor.rows.length;
  const alerted = leader.tab.page.waitForEvent("dialog");
  await leader.tab.page.evaluate(() => void setTimeout(() => alert("the call has ended")));
  const dialog = await alerted;
  const began = performance.now();
  await expect.poll(() => follower.tab.sockets, { timeout: 15_000 }).toHaveLength(1);
  console.log(`the other tab had the stream ${Math.round(performance.now() - began)} ms after the leader began to hang`);
  await supervisor.ask("POST", `${supervisor.presencePath(agent)}/direction`, { direction: "outbound" });
  const directions = async (tab: Recorder) => (await tab.toldOn("cxengage/session/direction-change-response")).map((t) => t.response?.direction);
  await expect.poll(() => directions(follower)).toEqual(["outbound"]);
  await new Promise((resolve) => setTimeout(resolve, 12_000)); // longer than the server waits for an answer to its beats
  expect(floor.rows.slice(before).filter((row) => row.connection !== "live" || !row.offerable), floor.looks.join("\n")).toEqual([]);

  await dialog.dismiss();
  await expect.poll(() => directions(leader)).toEqual(["outbound"]);
  await supervisor.setState(agent, "notready");
  for (const tab of [leader, follower]) {
    await expect.poll(() => tab.states()).toEqual(["notready", "ready", "notready"]);
    expect(await directions(tab)).toEqual(["outbound"]);
    expect(await tab.errors()).toEqual([]);
    expect(await tab.sessionId()).toBe(sessionId);
  }
  await expect.poll(() => supervisor.presence(agent)).toMatchObject({ sessionId, connection: "live" });
  expect(leader.tab.sockets).toHaveLength(1); // it has not come back to lead
  floor.close();
});
