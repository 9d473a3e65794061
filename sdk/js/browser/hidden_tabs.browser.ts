import { inject } from "vitest";
import { DevToolsBrowser } from "./devtools.js";
import { test } from "./fixtures.js";
import { HiddenDesk, longestGrace, throttling } from "./hidden_desk.js";

test("a hidden tab whose timers are held back takes over from one that hangs, before the agent is found silent", { timeout: 90_000 + longestGrace }, async ({ expect, deployment: { home, agent, supervisor } }) => {
  const browser = DevToolsBrowser.start(inject("chromium"), throttling);
  try {
    const leader = await HiddenDesk.open(browser, expect, home, agent, supervisor);
    const follower = await HiddenDesk.beside(leader, browser, home);
    await follower.staysLiveUntilThrottled();
    expect(await follower.page.evaluate("sockets.length")).toBe(0);
    void leader.page.evaluate("for (const end = Date.now() + 20_000; Date.now() < end; );");
    await follower.staysLive(15_000);
    expect(await follower.page.evaluate("sockets.length")).toBe(1);
    await expect.poll(() => leader.page.evaluate("sockets.at(-1).readyState"), { timeout: 30_000 }).toBe(3);
    await follower.isTold("notready");
    await expect.poll(() => leader.states()).toEqual(["notready", "ready", "notready"]);
  } finally {
    await browser.close();
  }
});
