import { randomUUID } from "node:crypto";
import type { BrowserContext, Request } from "playwright-core";
import { expect } from "vitest";
import type { Deployment } from "../../../sdk/js/browser/deployment.js";
import { test as base } from "../../../sdk/js/browser/fixtures.js";
import { FloorWatch } from "../../../sdk/js/browser/floor_watch.js";
import type { Person } from "../../../sdk/js/browser/person.js";
import { password } from "../../../sdk/js/browser/provisioning.js";
import type { components } from "../../../sdk/js/src/wire.gen.js";
import type { FloorRow } from "../../../sdk/js/src/wire.js";
import { ConsolePage } from "./console_page.js";

type Counts = components["schemas"]["Counts"];
type Intervals = components["schemas"]["Intervals"];

const openWork = /^Open work: 1$/;
const listeningTo = /^You are listening to Test Agent: Voice, at Browser \(browser\)\. Nobody on the call hears or sees you\. \d+:\d\d$/;

/** An agent at the desk with a call, and a supervisor on the floor who looks at the open work. */
class Call {
  readonly desk: ConsolePage;
  readonly floor: ConsolePage;
  readonly #deployment: Deployment;
  readonly #path: string;
  /** What the floor has asked of the server beside reading: "POST …" with the body. */
  readonly asked: string[] = [];
  /** What the desk's stream has brought. */
  readonly frames: string[] = [];

  private constructor(desk: ConsolePage, floor: ConsolePage, deployment: Deployment) {
    this.desk = desk;
    this.floor = floor;
    this.#deployment = deployment;
    this.#path = `${deployment.router.presencePath(deployment.agent)}/interactions/${randomUUID()}`;
  }

  static async begin(deskContext: BrowserContext, floorContext: BrowserContext, deployment: Deployment): Promise<Call> {
    const { server, agent, supervisor } = deployment;
    const desk = await ConsolePage.open(deskContext, `${server.origin}/`);
    const call = new Call(desk, await ConsolePage.open(floorContext, `${server.origin}/floor`), deployment);
    desk.page.on("websocket", (socket) => socket.on("framereceived", ({ payload }) => call.frames.push(String(payload))));
    call.floor.page.on("request", (request) => call.#note(request));
    await desk.signIn(agent.username, password);
    await desk.button(/^Desk/).click();
    await desk.button(/^Go ready/).click();
    await desk.seenAt(".state-card .badge .label", /^Ready$/);
    await call.report();
    await call.floor.signIn(supervisor.username, password);
    await call.floor.button(/^Desk/).click();
    await call.floor.button(openWork).click();
    await call.floor.button("Listen to Test Agent, Voice").waitFor();
    return call;
  }

  #note(request: Request): void {
    const { pathname } = new URL(request.url());
    if (request.method() === "POST" && /\/(session|interrupts|presence\/[^/]+)$/.test(pathname)) this.asked.push(`${pathname.split("/").at(-1)} ${request.postData() ?? ""}`);
  }

  report(): Promise<unknown> {
    return this.#deployment.router.ask("PUT", this.#path, { channel: "voice", direction: "inbound", state: "active" });
  }

  end(): Promise<unknown> {
    return this.#deployment.router.ask("DELETE", this.#path);
  }

  async listen(): Promise<void> {
    await this.floor.button("Listen to Test Agent, Voice").click();
    await this.floor.seenAt(".banner .banner-text", listeningTo);
  }

  /** All numbers of the floor that anybody sees, and who stands on it as what. */
  async figures(): Promise<unknown> {
    const { page } = this.floor;
    return {
      counts: await page.locator(".count:not(.long)").allInnerTexts(),
      curve: await page.locator(".curve svg").getAttribute("aria-label"),
      rows: await page.locator(".agent-row").evaluateAll((rows) => rows.map((row) => [".agent-name", ".cell-state", ".cell-connection"].map((cell) => row.querySelector(cell)?.textContent))),
      shown: await page.locator(".shown-count").innerText(),
    };
  }

  /** All that the desk says, without its numbers: they run. */
  deskText(): Promise<string> {
    return this.desk.page.evaluate(() => document.body.innerText.replaceAll(/\d+/g, "#"));
  }
}

const test = base.extend("call", async ({ browser, context, deployment }, { onCleanup }): Promise<Call> => {
  const elsewhere = await browser.newContext();
  onCleanup(() => elsewhere.close());
  return Call.begin(context, elsewhere, deployment);
});

/** What routers and other supervisors are told of somebody. */
const asOthersSee = async (router: Person, { tenantId, userId }: Person): Promise<unknown> => {
  const rows = async (query: string): Promise<FloorRow[]> => {
    const page = await router.ask<{ rows: FloorRow[] }>("GET", `tenants/${tenantId}/presence?${query}`);
    return page.rows.filter(({ resourceId }) => resourceId === userId);
  };
  const [row] = await rows("");
  return {
    row: row && { state: row.state, sessionId: row.sessionId, offerable: row.offerable, work: row.work },
    offerable: (await rows("offerable=true")).length,
    here: (await rows("state=ready")).length + (await rows("state=notready")).length,
  };
};

const nobody = { row: { state: "offline", sessionId: null, offerable: false, work: [] }, offerable: 0, here: 0 };

test("a supervisor listens in and is told to whom; neither the agent nor any figure knows of it", async ({ call, deployment: { server, agent, supervisor, router } }) => {
  const { desk, floor } = call;
  const watch = await FloorWatch.open(server, router, supervisor);
  await expect.poll(() => floor.page.locator(".curve svg").getAttribute("aria-label")).toMatch(/between 0 and 1, now 1/); // the last hour has been read
  await expect.poll(() => desk.page.locator(".day-card table").count()).toBe(1);
  const [figures, shown, chain] = [await call.figures(), await call.deskText(), await agent.why()];
  call.asked.length = call.frames.length = 0;

  const from = new Date();
  await call.listen();
  expect(call.asked).toEqual([
    expect.stringMatching(/^session .*"silentMonitoring":true/),
    expect.stringMatching(/^interrupts .*"interruptType":"silent-monitoring"/),
  ]);
  const listened = floor.page.locator(`[data-id="${agent.userId}"] .work-chip.listened`);
  await expect.poll(() => listened.textContent()).toMatch(/You are listening/);
  expect(await supervisor.presence()).toMatchObject({ state: "notready" }); // it is a session, as its own user sees
  expect(await asOthersSee(router, supervisor)).toEqual(nobody);
  expect(await router.presence(supervisor)).toMatchObject({ state: "offline", sessionId: null });
  expect(await call.figures()).toEqual(figures);

  // The figures of the server count the whole time of listening.
  const step = 1_000;
  const counted = async (): Promise<Counts["points"]> =>
    (await router.ask<Counts>("GET", `tenants/${agent.tenantId}/presence/counts?${new URLSearchParams({ from: from.toISOString(), step: String(step) })}`)).points;
  await expect.poll(async () => (await counted()).length, { timeout: 8_000 }).toBeGreaterThanOrEqual(3);
  expect((await counted()).map(({ ready, notready, unknown }) => ({ ready, notready, unknown }))).toEqual((await counted()).map(() => ({ ready: 1, notready: 0, unknown: 0 })));
  expect((await router.ask<Intervals>("GET", `tenants/${agent.tenantId}/users/${supervisor.userId}/intervals`)).intervals).toEqual([]);

  await floor.page.reload();
  await floor.seenAt(".banner .banner-text", listeningTo);

  await floor.button("Stop listening").first().click();
  await expect.poll(() => floor.page.locator(".banner").count()).toBe(0);
  await expect.poll(() => listened.count()).toBe(0);
  await expect.poll(() => supervisor.presence()).toMatchObject({ state: "offline" });
  await expect.poll(() => call.figures()).toEqual(figures);

  expect(await call.deskText()).toBe(shown);
  expect((await agent.why()).chain).toEqual(chain.chain);
  await expect.poll(() => call.frames.length).toBeGreaterThan(0); // a beat comes every few seconds
  expect(call.frames.filter((frame) => frame.includes("silent-monitor") || frame.includes(supervisor.userId))).toEqual([]);
  watch.close();
  expect(new Set(watch.looks).size).toBe(1);
  expect(watch.looks[0]).toMatch(/^offline/);
  expect([...desk.complaints, ...floor.complaints]).toEqual([]);
});

test("listening ends with the work, and the supervisor is told so", async ({ call, deployment: { agent, supervisor } }) => {
  const { desk, floor } = call;
  await call.listen();
  const before = await agent.presence();

  await call.end();
  await floor.seenAt(".banner .banner-text", /^The work that you listened to has ended\.$/);
  await floor.button(/^Open work: 0$/).waitFor();
  await expect.poll(() => supervisor.presence()).toMatchObject({ state: "offline" });
  await desk.page.getByText("Nothing open. You may be offered work at any moment.").waitFor();
  expect(await agent.presence()).toMatchObject({ state: "ready", sessionId: before.sessionId, stateSince: before.stateSince });
  expect([...desk.complaints, ...floor.complaints]).toEqual([]);
});

test("who may see the floor and not listen is offered no button for it, and told why", async ({ call, browser, deployment: { server, router } }) => {
  const context = await browser.newContext();
  try {
    const floor = await ConsolePage.open(context, `${server.origin}/floor?beside=work`);
    await floor.signIn(router.username, password);
    await floor.button(/^Desk/).click();
    await floor.page.locator(".work-panel").getByText("You have no right to listen in.").waitFor();
    await floor.button("Show the day of Test Agent").waitFor();
    expect(await floor.button(/^Listen to/).count()).toBe(0);
    expect(await call.floor.button(/^Listen to/).count()).toBe(1); // which it is to who may
  } finally {
    await context.close();
  }
});
