import type { ExpectStatic } from "vitest";
import type { PresenceState } from "../src/wire.js";
import type { DevToolsBrowser, DevToolsPage } from "./devtools.js";
import type { Person } from "./person.js";
import type { Told } from "./recorder.js";
import type { Site } from "./site.js";

/** Browsers hold timers back once a page has been hidden for a minute, or for five if it was still loading; the five minutes are seconds with this flag. */
export const throttling = "--enable-features=IntensiveWakeUpThrottling:grace_period_seconds/5";
export const longestGrace = 90_000;

/**
 * Counts a timer of one second that goes on by itself, and those that are each armed by an answer from the network; has sockets and events
 * that can be lost and blocked, and timers that can be made late.
 */
const preparation = `
  globalThis.ticks = 0;
  globalThis.armed = 0;
  globalThis.delayed = 0;
  globalThis.lateness = 0;
  globalThis.blocked = false;
  globalThis.eventless = false;
  globalThis.streams = 0;
  const { fetch: ownFetch, setTimeout: ownTimeout } = globalThis;
  setInterval(() => ticks++, 1000);
  void (async () => {
    for (;;) {
      await new Promise((rung) => ownTimeout(rung, 1000));
      await ownFetch("/favicon.ico").catch(() => {});
      armed++;
    }
  })();
  globalThis.setTimeout = (act, ms, ...more) => {
    if (lateness) delayed++;
    return ownTimeout(act, ms + lateness, ...more);
  };
  globalThis.fetch = (address, o) => {
    if (!String(address).includes("/stream?")) return ownFetch(address, o);
    streams++;
    return eventless ? Promise.reject(new TypeError("blocked")) : ownFetch(address, o);
  };
  globalThis.sockets = [];
  const Own = WebSocket;
  globalThis.WebSocket = class extends Own {
    constructor(address) {
      super(blocked ? "ws://127.0.0.1:1/" : address);
      sockets.push(this);
    }
  };
`;

/** How many timers of a page have rung, and how many were made late. */
type Timers = Record<"ticks" | "armed" | "delayed", number>;

/** A tab with the page that keeps a record, behind another. */
export class HiddenDesk {
  readonly page: DevToolsPage;
  /** That of the test: several run at once. */
  readonly #expect: ExpectStatic;
  readonly #agent: Person;
  readonly #supervisor: Person;

  private constructor(page: DevToolsPage, expect: ExpectStatic, agent: Person, supervisor: Person) {
    this.page = page;
    this.#expect = expect;
    this.#agent = agent;
    this.#supervisor = supervisor;
  }

  static #opening: Promise<unknown> = Promise.resolve();

  /** Opens the page, goes ready, and hides it; one page after the other, each in front of those before it. */
  static open(browser: DevToolsBrowser, expect: ExpectStatic, site: Site, agent: Person, supervisor: Person): Promise<HiddenDesk> {
    const opened = HiddenDesk.#opening.then(() => HiddenDesk.#open(browser, expect, site, agent, supervisor));
    HiddenDesk.#opening = opened.catch(() => {});
    return opened;
  }

  static async #open(browser: DevToolsBrowser, expect: ExpectStatic, site: Site, agent: Person, supervisor: Person): Promise<HiddenDesk> {
    const desk = await HiddenDesk.#enter(browser, expect, site, agent, supervisor);
    await desk.page.evaluate(`void call("session", "goReady", { extensionValue: "browser" })`);
    await expect.poll(() => desk.states()).toEqual(["notready", "ready"]);
    await expect.poll(() => desk.presence()).toMatchObject({ connection: "live", offerable: true });
    await desk.#hide(browser);
    return desk;
  }

  /** Opens another tab of the same agent's, who is ready, and hides it too. */
  static async beside(other: HiddenDesk, browser: DevToolsBrowser, site: Site): Promise<HiddenDesk> {
    const desk = await HiddenDesk.#enter(browser, other.#expect, site, other.#agent, other.#supervisor);
    await other.#expect.poll(() => desk.states()).toEqual(["ready"]);
    await desk.#hide(browser);
    return desk;
  }

  static async #enter(browser: DevToolsBrowser, expect: ExpectStatic, site: Site, agent: Person, supervisor: Person): Promise<HiddenDesk> {
    const desk = { baseUrl: `${site.api}/v1/`, tenantId: agent.tenantId, token: agent.token };
    const page = await browser.open(`${site.origin}/recorder.html`, `globalThis.desk = ${JSON.stringify(desk)};${preparation}`);
    await expect.poll(() => page.evaluate("typeof seen === 'object' && (seen.entered || seen.failed)")).toBe(true);
    return new HiddenDesk(page, expect, agent, supervisor);
  }

  /** Opens a tab in front of it. */
  async #hide(browser: DevToolsBrowser): Promise<void> {
    await browser.open("about:blank");
    this.#expect(await this.page.evaluate("document.visibilityState")).toBe("hidden");
  }

  /** Loses the socket for good, and waits until events are asked for in its place. */
  async losesItsSocket(): Promise<void> {
    await this.page.evaluate("blocked = true; sockets.at(-1).close()");
    await this.#expect.poll(() => this.page.evaluate<number>("streams"), { timeout: 30_000 }).toBeGreaterThan(0);
    await this.#expect.poll(() => this.presence(), { timeout: 30_000 }).toMatchObject({ connection: "live" });
  }

  /** From now on the page's own timers come a minute late, as browsers may make those of hidden pages. Workers' are as they were. */
  async makesTimersLate(): Promise<void> {
    await this.page.evaluate("lateness = 60_000");
  }

  presence(): Promise<PresenceState> {
    return this.#supervisor.presence(this.#agent);
  }

  async told(topic: string): Promise<Told[]> {
    const told = await this.page.evaluate<Told[]>("record");
    return told.filter((t) => t.topic === `cxengage/session/${topic}`);
  }

  async states(): Promise<string[]> {
    return (await this.told("state-change-response")).map((t) => (t.response as { state: string }).state);
  }

  /** Looks many times a second whether others see the agent live, until that is so for long enough, or something else is over. */
  async staysLive(milliseconds: number, isOver = async (): Promise<boolean> => false): Promise<void> {
    for (const end = performance.now() + milliseconds; performance.now() < end; await new Promise((resolve) => setTimeout(resolve, 200))) {
      this.#expect(await this.presence()).toMatchObject({ state: "ready", connection: "live", offerable: true });
      if (await isOver()) return;
    }
  }

  /** Stays live until its plain timers are held back. */
  async staysLiveUntilThrottled(): Promise<void> {
    let ticks = 0;
    let since = performance.now();
    await this.staysLive(longestGrace, async () => {
      const now = await this.page.evaluate<number>("ticks");
      if (now !== ticks) since = performance.now();
      ticks = now;
      return performance.now() - since > 5_000;
    });
    this.#expect(performance.now() - since, "the browser does not hold timers back, and this shows nothing").toBeGreaterThan(5_000);
  }

  /** Stays live for long while its plain timers are held back. */
  async staysLiveThrottled(milliseconds: number): Promise<void> {
    await this.staysLiveUntilThrottled();
    const before = await this.page.evaluate<Timers>("({ ticks, armed, delayed })");
    const heard = (await this.told("heartbeat-response")).length;
    await this.staysLive(milliseconds);
    const heartbeats = (await this.told("heartbeat-response")).length - heard;
    console.log(`in ${milliseconds / 1000} s ${heartbeats} heartbeats were published`);
    this.#expect(heartbeats).toBeGreaterThan(milliseconds / 3_000); // one each second is asked for
    const after = await this.page.evaluate<Timers>("({ ticks, armed, delayed })");
    const ticks = after.ticks - before.ticks;
    const armed = after.armed - before.armed;
    console.log(`in ${milliseconds / 1000} s a timer of one second fired ${ticks} times, and those that answers had armed ${armed} times`);
    this.#expect(ticks, "the browser does not hold timers back, and this shows nothing").toBeLessThan(milliseconds / 4_000);
    this.#expect(armed, "Chromium makes timers late that no timer has armed, and docs/sdk-js.md says that it does not").toBeGreaterThan(milliseconds / 4_000);
    if (await this.page.evaluate<number>("lateness")) this.#expect(after.delayed, "no timer was made late, and this shows nothing").toBeGreaterThan(before.delayed);
    this.#expect(await this.page.evaluate("document.visibilityState")).toBe("hidden");
    this.#expect((await this.page.evaluate<Told[]>("record")).filter((t) => t.error)).toEqual([]);
  }

  /** Is told of a supervisor's change as soon as a visible page. */
  async isTold(state: "ready" | "notready"): Promise<void> {
    const began = performance.now();
    await this.#supervisor.setState(this.#agent, state);
    await this.#expect.poll(async () => (await this.states()).at(-1)).toBe(state);
    this.#expect(performance.now() - began).toBeLessThan(2_000);
  }
}
