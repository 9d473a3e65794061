import { expect, inject } from "vitest";
import { DevToolsBrowser } from "./devtools.js";
import { test } from "./fixtures.js";
import { HiddenDesk } from "./hidden_desk.js";

// Silent after 2.4 s, held not ready after 6 s.
test.override("settings", { beatDelay: "1s", heartbeatDelay: "1s", notReadyAfter: "6s" });

test("a page that was frozen until its agent was held not ready goes on when it thaws, and is told once what happened", { timeout: 90_000 }, async ({ deployment: { home, agent, supervisor } }) => {
  const browser = DevToolsBrowser.start(inject("chromium"));
  try {
    const desk = await HiddenDesk.open(browser, expect, home, agent, supervisor);
    const { sessionId } = await desk.presence();
    await desk.page.send("Page.setWebLifecycleState", { state: "frozen" });
    await expect.poll(() => desk.presence()).toMatchObject({ sessionId, state: "ready", offerable: false });
    await expect.poll(() => desk.presence()).toMatchObject({ sessionId, state: "notready", reason: "Connection lost" });
    await desk.page.send("Page.setWebLifecycleState", { state: "active" });
    const thawed = performance.now();
    await expect.poll(() => desk.presence(), { timeout: 30_000 }).toMatchObject({ sessionId, state: "ready", connection: "live", offerable: true });
    console.log(`the page was live ${Math.round(performance.now() - thawed)} ms after thawing`);
    await expect.poll(() => desk.states()).toEqual(["notready", "ready", "notready", "ready"]);
    await desk.isTold("notready");
  } finally {
    await browser.close();
  }
});
