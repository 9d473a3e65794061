import { afterAll, beforeAll, describe, inject } from "vitest";
import { DevToolsBrowser } from "./devtools.js";
import { test } from "./fixtures.js";
import { HiddenDesk, longestGrace, throttling } from "./hidden_desk.js";

// Who has a socket and is not heard for 2.4 s is silent, who has none after 4 s. Chromium makes the timers of a hidden page up to a second
// late, and those that a chain of timers has armed fire once a minute; other browsers may make others late too.
test.override("settings", { beatDelay: "1s", heartbeatDelay: "1s", heartbeatGrace: 4, notReadyAfter: "30s" });

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

  test("stays live by a worker's heartbeats when nothing comes any more, however late its own timers are", async ({ expect, deployment: { home, newcomer, supervisor } }) => {
    const desk = await HiddenDesk.open(browser, expect, home, newcomer, supervisor);
    await desk.page.evaluate("eventless = true");
    await desk.losesItsSocket();
    await desk.makesTimersLate();
    await desk.staysLiveThrottled(hiddenFor);
  });

  test("stays live by events, whose beats ring for its heartbeats, without a socket and a worker, however late its own timers are", async ({ expect, deployment: { home, colleague, supervisor } }) => {
    const desk = await HiddenDesk.open(browser, expect, home, colleague, supervisor);
    await desk.page.evaluate("Worker = undefined");
    await desk.losesItsSocket();
    await desk.makesTimersLate();
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
