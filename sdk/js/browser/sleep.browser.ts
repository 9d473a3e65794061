import { kill } from "node:process";
import { type Browser, chromium } from "playwright-core";
import { expect, inject } from "vitest";
import { flags } from "./chromium.js";
import { test } from "./fixtures.js";
import type { Person } from "./person.js";
import { Recorder } from "./recorder.js";

// Short, so that a sleep of seconds is a long one: silent after 2.4 s, held not ready after 5 s, ended after 12 s.
test.override("settings", { beatDelay: "1s", heartbeatDelay: "1s", notReadyAfter: "5s", endAfter: "12s" });

/** Puts a machine to sleep, as its browser sees it: none of its processes runs any more. Returns what wakes it. */
const sleep = async (browser: Browser): Promise<() => void> => {
  const devtools = await browser.newBrowserCDPSession();
  const { processInfo } = await devtools.send("SystemInfo.getProcessInfo");
  const ids = processInfo.map((process) => process.id);
  for (const id of ids) kill(id, "SIGSTOP");
  return () => ids.forEach((id) => kill(id, "SIGCONT"));
};

/** Runs in a browser of its own, which may be stopped. */
const withBrowser = async (run: (browser: Browser) => Promise<void>): Promise<void> => {
  const browser = await chromium.launch({ executablePath: inject("chromium"), args: flags });
  try {
    await run(browser);
  } finally {
    await browser.close();
  }
};

const expectLive = async (supervisor: Person, agent: Person, sessionId: string): Promise<number> => {
  const began = performance.now();
  await expect.poll(() => supervisor.presence(agent), { timeout: 30_000 }).toMatchObject({ sessionId, state: "ready", connection: "live", offerable: true });
  return Math.round(performance.now() - began);
};

test("a machine that slept until its agent was held not ready wakes up to the session as it was", { timeout: 90_000 }, ({ deployment: { home, agent, supervisor } }) =>
  withBrowser(async (browser) => {
    const desk = await Recorder.enter(await browser.newContext(), home, agent);
    const sessionId = await desk.sessionId();
    await desk.goReady();
    await expectLive(supervisor, agent, sessionId);
    const wake = await sleep(browser);
    try {
      await expect.poll(() => supervisor.presence(agent)).toMatchObject({ state: "ready", connection: "silent", offerable: false });
      await supervisor.ask("POST", `${supervisor.presencePath(agent)}/direction`, { direction: "outbound" });
      await expect.poll(() => supervisor.presence(agent)).toMatchObject({ sessionId, state: "notready", reason: "Connection lost" });
    } finally {
      wake();
    }
    console.log(`the page was live ${await expectLive(supervisor, agent, sessionId)} ms after waking up`);
    await expect.poll(() => desk.states()).toEqual(["notready", "ready", "notready", "ready"]);
    const changes = await desk.toldOn("cxengage/session/state-change-response");
    expect(changes.map((t) => t.response?.reason)).toEqual(["Logged in", null, "Connection lost", null]);
    expect((await desk.toldOn("cxengage/session/direction-change-response")).map((t) => t.response?.direction)).toEqual(["outbound"]);
    expect(await desk.errors()).toEqual([]);
    await supervisor.setState(agent, "notready"); // and the stream goes on
    await expect.poll(async () => (await desk.states()).length).toBe(5);
  }),
);

test("a machine that slept beyond the session's end wakes up to 2003, once", { timeout: 90_000 }, ({ deployment: { home, agent, supervisor } }) =>
  withBrowser(async (browser) => {
    const desk = await Recorder.enter(await browser.newContext(), home, agent);
    await desk.goReady();
    const wake = await sleep(browser);
    try {
      await expect.poll(() => supervisor.presence(agent), { timeout: 30_000 }).toMatchObject({ state: "offline", sessionId: null });
    } finally {
      wake();
    }
    await expect.poll(() => desk.errors(), { timeout: 30_000 }).toMatchObject([{ code: 2003, level: "session-fatal", data: { apiResponse: { status: 404 } } }]);
    expect(await desk.toldOn("cxengage/session/ended")).toEqual([]);
    expect(await desk.session("goReady", { extensionValue: "browser" })).toMatchObject({ error: { code: 2004, data: { apiResponse: { status: 404 } } } });
    expect((await desk.errors()).map((error) => error.code)).toEqual([2003, 2004]);
  }),
);
