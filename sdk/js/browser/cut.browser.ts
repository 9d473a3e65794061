import { type BrowserContext } from "playwright-core";
import { describe, expect } from "vitest";
import { test } from "./fixtures.js";
import { Recorder } from "./recorder.js";
import type { Site } from "./site.js";

const cutFor = 20_000;
/** Attempts at connecting lie up to half a minute apart by then. */
const patience = { timeout: 45_000 };

interface Way {
  name: string;
  cut: (site: Site, context: BrowserContext) => unknown;
  mend: (site: Site, context: BrowserContext) => unknown;
  /** What the server says of the agent meanwhile, and how soon. */
  connection: "lost" | "silent";
}

const ways: Way[] = [
  { name: "with resets", cut: (site) => site.cut("refuse"), mend: (site) => site.mend(), connection: "lost" },
  { name: "so that nobody is told", cut: (site) => site.cut("swallow"), mend: (site) => site.mend(), connection: "silent" },
];

describe.each(ways)("a network that is cut $name for 20 s", ({ cut, mend, connection }) => {
  test("heals by itself: the session goes on, and what happened meanwhile is told once and in order", { timeout: 120_000 }, async ({ context, deployment: { home, agent, supervisor } }) => {
    const desk = await Recorder.enter(context, home, agent);
    const sessionId = await desk.sessionId();
    await desk.goReady();
    await expect.poll(() => supervisor.presence(agent)).toMatchObject({ connection: "live", offerable: true });
    const { stateSince } = await supervisor.presence(agent);
    const before = (await desk.told()).length;

    const began = performance.now();
    await cut(home, context);
    const over = new Promise((resolve) => setTimeout(resolve, cutFor));
    await expect.poll(() => supervisor.presence(agent)).toMatchObject({ state: "ready", stateSince, connection, offerable: false });
    const noticed = performance.now() - began;
    await expect.poll(() => desk.toldOn("cxengage/session/connection")).toMatchObject([{ response: { connected: false } }]);
    const published = performance.now() - began;
    await supervisor.ask("POST", `${supervisor.presencePath(agent)}/direction`, { direction: "outbound" });
    await supervisor.setState(agent, "notready");
    await supervisor.setState(agent, "ready");
    await supervisor.ask("POST", `${supervisor.presencePath(agent)}/direction`, { direction: "inbound" });
    await over;
    expect(await supervisor.presence(agent)).toMatchObject({ sessionId, state: "ready", connection, offerable: false });

    const mended = performance.now();
    await mend(home, context);
    await expect.poll(() => supervisor.presence(agent), patience).toMatchObject({ sessionId, state: "ready", connection: "live", offerable: true });
    console.log(
      `the server noticed after ${Math.round(noticed)} ms, the page was told after ${Math.round(published)} ms, and was back ${Math.round(performance.now() - mended)} ms after the mending`,
    );
    await expect.poll(() => desk.topics(before), patience).toEqual([
      "connection",
      "connection",
      "direction-change-response",
      "state-change-response",
      "state-change-response",
      "direction-change-response",
    ]);
    expect((await desk.toldOn("cxengage/session/connection")).map((t) => t.response?.connected)).toEqual([false, true]);
    expect((await desk.toldOn("cxengage/session/direction-change-response")).map((t) => t.response?.direction)).toEqual(["outbound", "inbound"]);
    expect((await desk.states()).slice(-2)).toEqual(["notready", "ready"]);
    expect(await desk.errors()).toEqual([]);
  });

  test("carries out what the agent asked for meanwhile when it is over, once", { timeout: 120_000 }, async ({ context, deployment: { home, agent, supervisor } }) => {
    const desk = await Recorder.enter(context, home, agent);
    await desk.goReady();
    await cut(home, context);
    await expect.poll(() => desk.toldOn("cxengage/session/connection")).toMatchObject([{ response: { connected: false } }]);
    const outcome = desk.session("goNotReady");
    await expect.poll(() => desk.tab.requests.filter((request) => request.endsWith(agent.userId) && request.startsWith("POST")).length, patience).toBeGreaterThan(1);
    expect(await supervisor.presence(agent)).toMatchObject({ state: "ready", offerable: false });
    await mend(home, context);
    expect((await outcome).error).toBeNull();
    await expect.poll(() => supervisor.presence(agent), patience).toMatchObject({ state: "notready", connection: "live" });
    await expect.poll(() => desk.states(), patience).toEqual(["notready", "ready", "notready"]);
  });
});
