import { afterAll, beforeAll, describe, inject } from "vitest";
import { DevToolsBrowser } from "./devtools.js";
import { test } from "./fixtures.js";
import { HiddenDesk, longestGrace, throttling } from "./hidden_desk.js";

// Who is not heard for 2.4 s is silent. A timer that is held back fires once a minute.
test.override("settings", { beatDelay: "1s", heartbeatDelay: "1s", heartbeatGrace: 2.4, notReadyAfter: "30s" });

/** The whole time where a browser is required, as in a full run. */
const hiddenFor = process.env["BROWSER_TESTS"] === "required" ? 120_000 : 30_000;

describe.concurrent("a hidden page whose timers are held back", { timeout: 90_000 + longestGrace + hiddenFor }, () => {
  let browser: DevToolsBrowser;
  beforeAll(() => {
    browser = DevToolsBrowser.start(inject("chromium"), throttling);
  });
  afterAll(() => browser.close());

  test("stays live by its socket, is told what happens, and is lost when it is closed", async ({ expect, deployment: { home, agent, supervisor } }) => {
    const desk = await HiddenDesk.open(browser, expect, home, agent, supervisor);
    await desk.staysLiveThrottled(hiddenFor);
    await desk.isTold("notready");
    await desk.page.close();
    const closed = performance.now();
    await expect.poll(() => desk.presence()).toMatchObject({ connection: "lost" });
    expect(performance.now() - closed).toBeLessThan(2_000);
  });

  test("stays live by events and a worker's heartbeats when it has lost its socket for good", async ({ expect, deployment: { home, colleague, supervisor } }) => {
    const desk = await HiddenDesk.open(browser, expect, home, colleague, supervisor);
    await desk.page.evaluate("blocked = true; sockets.at(-1).close()");
    // Events take the socket's place while the page's timers still fire; then they are held back.
    await expect.poll(() => desk.page.evaluate<number>("sockets.length"), { timeout: 30_000 }).toBeGreaterThan(2);
    await expect.poll(() => desk.presence(), { timeout: 30_000 }).toMatchObject({ connection: "live" });
    await desk.staysLiveThrottled(hiddenFor);
    await desk.isTold("notready");
    expect(await desk.page.evaluate("sockets.at(-1).readyState")).toBe(3);
  });

  test("that loses its socket is back within seconds", async ({ expect, deployment: { home, supervisor } }) => {
    const desk = await HiddenDesk.open(browser, expect, home, supervisor, supervisor);
    await desk.staysLiveUntilThrottled();
    for (let time = 1; time <= 3; time++) {
      const sockets = await desk.page.evaluate<number>("sockets.length");
      await desk.page.evaluate("sockets.at(-1).close()");
      const lost = performance.now();
      await expect.poll(() => desk.page.evaluate("sockets.length"), { timeout: 70_000 }).toBeGreaterThan(sockets);
      await expect.poll(() => desk.presence()).toMatchObject({ state: "ready", connection: "live", offerable: true });
      const took = performance.now() - lost;
      console.log(`the hidden page was back after ${Math.round(took)} ms`);
      expect(took).toBeLessThan(10_000);
    }
  });
});
