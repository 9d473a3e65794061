import type { BrowserContext } from "playwright-core";
import { expect } from "vitest";
import type { Deployment } from "../../../sdk/js/browser/deployment.js";
import { test as base } from "../../../sdk/js/browser/fixtures.js";
import { password } from "../../../sdk/js/browser/provisioning.js";
import { ConsolePage, secondsOf } from "./console_page.js";

/** So soon one has to see what the other did, in milliseconds. */
const soon = 1_000;

/** A desk in one browser and a floor in another, of the same tenant. */
class Pair {
  readonly desk: ConsolePage;
  readonly floor: ConsolePage;
  readonly #agentId: string;
  /** How long each change took to be seen by the other, in milliseconds. */
  readonly took: Record<string, number> = {};

  private constructor(desk: ConsolePage, floor: ConsolePage, agentId: string) {
    this.desk = desk;
    this.floor = floor;
    this.#agentId = agentId;
  }

  static async open(deskContext: BrowserContext, floorContext: BrowserContext, { server, agent, supervisor }: Deployment): Promise<Pair> {
    const floor = await ConsolePage.open(floorContext, `${server.origin}/floor`);
    await floor.signIn(supervisor.username, password);
    await floor.button(/^Desk/).click(); // of its two tenants
    const desk = await ConsolePage.open(deskContext, `${server.origin}/`);
    await desk.signIn(agent.username, password);
    await desk.button(/^Desk/).click();
    const pair = new Pair(desk, floor, agent.userId);
    await pair.row("state", /Not ready/);
    return pair;
  }

  cell(name: string): string {
    return `[data-id="${this.#agentId}"] .cell-${name}`;
  }

  /** Waits until the agent's row says so. */
  row(name: string, text: RegExp): Promise<number> {
    return this.floor.seenAt(this.cell(name), text);
  }

  /** Something that is done on one page and seen on the other within a second. */
  async seen(what: string, acted: Promise<number>, seen: Promise<number>): Promise<void> {
    const [from, to] = await Promise.all([acted, seen]);
    this.took[what] = to - from;
    expect(to - from, `${what} was seen after ${to - from} ms`).toBeLessThan(soon);
  }

  /** A supervisor's order to the agent: `choose` fills in the dialog. */
  async order(what: string, act: string, choose: () => Promise<unknown>, confirm: RegExp, seen: () => Promise<number>): Promise<void> {
    const { floor } = this;
    await floor.button(act).click();
    await choose();
    const go = floor.dialog.getByRole("button", { name: confirm });
    await expect.poll(() => go.isEnabled()).toBe(true);
    await this.seen(what, floor.clickedAt(go), seen());
    await floor.dialog.getByText(/^Done$/).first().waitFor();
    await floor.dialog.getByRole("button", { name: "Close" }).last().click();
  }

  async expectEqualTimers(): Promise<void> {
    const [own, other] = await Promise.all([this.desk.page.getByRole("timer", { name: "in this state" }).textContent(), this.floor.page.textContent(`${this.cell("time")} .lasting`)]);
    expect(Math.abs(secondsOf(own) - secondsOf(other)), `${own} at the desk, ${other} on the floor`).toBeLessThanOrEqual(1);
  }
}

const test = base.extend("pair", async ({ browser, context, deployment }, { onCleanup }): Promise<Pair> => {
  const elsewhere = await browser.newContext();
  onCleanup(() => elsewhere.close());
  return Pair.open(context, elsewhere, deployment);
});

const state = ".state-card .badge .label";

test("what an agent does at the desk is seen on the floor within a second", async ({ pair, deployment: { agent } }) => {
  const { desk, floor } = pair;
  await pair.expectEqualTimers();
  await pair.seen("ready", desk.clickedAt(desk.button(/^Go ready/)), pair.row("state", /^Ready$/));
  await pair.expectEqualTimers();

  await desk.button(/^Go not ready/).click();
  await pair.seen("not ready", desk.clickedAt(desk.dialog.getByRole("treeitem", { name: "Lunch" })), pair.row("reason", /^Lunch$/));
  await pair.row("state", /^Not ready$/);
  await desk.seenAt(state, /Lunch/);

  await pair.seen("direction", desk.clickedAt(desk.page.getByRole("radio", { name: "Outbound" })), pair.row("direction", /Outbound/));
  await pair.seen("log-out", desk.clickedAt(desk.button(/^Log out/)), pair.row("state", /^Offline$/));
  await desk.page.getByRole("heading", { name: "You are logged out" }).waitFor();

  await pair.seen("a new session", desk.clickedAt(desk.button("Start a new session")), pair.row("state", /^Not ready$/));
  expect(await agent.presence()).toMatchObject({ state: "notready", direction: "inbound" });
  console.log("seen on the floor after, in ms:", pair.took);
  expect([...desk.complaints, ...floor.complaints]).toEqual([]);
});

test("what a supervisor does on the floor is seen at the desk within a second", async ({ pair }) => {
  const { desk, floor } = pair;
  await floor.page.locator(`${pair.cell("choose")} input`).click();
  const choose = (name: string) => () => floor.dialog.getByRole("radio", { name: new RegExp(`^${name}`) }).check();

  await pair.order("ready", "State…", choose("Ready"), /^Change 1/, () => desk.seenAt(state, /^Ready$/));
  await pair.order(
    "not ready",
    "State…",
    async () => {
      await floor.dialog.getByRole("radio", { name: "Not ready" }).check();
      await floor.dialog.getByLabel("Reason").selectOption({ label: "Screen break" });
    },
    /^Change 1/,
    () => desk.seenAt(state, /Screen break/),
  );
  await desk.page.getByText(/Test Supervisor set you to “Not ready: Screen break”/).first().waitFor();
  await pair.expectEqualTimers();

  await pair.order("direction", "Direction…", choose("Agent-initiated"), /^Change 1/, () => desk.seenAt(".segment.chosen", /Agent-initiated/));
  await pair.order("forced log-out", "Log out…", choose("At once"), /^Log out 1/, () => desk.seenAt("h1", /Test Supervisor ended your session/));
  await pair.row("state", /^Offline$/);
  console.log("seen at the desk after, in ms:", pair.took);
  expect([...desk.complaints, ...floor.complaints]).toEqual([]);
});
