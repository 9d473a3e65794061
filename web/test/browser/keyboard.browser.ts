import { expect } from "vitest";
import type { Extension } from "../../../sdk/js/src/wire.js";
import { test } from "../../../sdk/js/browser/fixtures.js";
import { password } from "../../../sdk/js/browser/provisioning.js";
import { ConsolePage } from "./console_page.js";
import { Keyboard } from "./keyboard.js";

// Agents without a page stay as they are for as long as a test takes.
test.override("settings", { notReadyAfter: "10m", endAfter: "20m" });

const state = ".state-card .badge .label";

const signIn = async (keys: Keyboard, username: string): Promise<void> => {
  await keys.expectAt(/^User name$/);
  await keys.type(username);
  await keys.press("Tab");
  await keys.expectAt(/^Password$/);
  await keys.type(password);
  await keys.press("Enter");
  await keys.expectAt(/^Desk/); // the first of the tenants
  await keys.press("Enter");
};

test("an agent works at the desk with the keyboard alone, and always sees where it is", async ({ context, deployment: { server, agent } }) => {
  const desk = await ConsolePage.open(context, `${server.origin}/`);
  const keys = new Keyboard(desk.page);
  await signIn(keys, agent.username);
  await desk.seenAt(state, /Not ready/);
  await expect.poll(async () => (await keys.at).tag).toBe("main");

  await keys.reach(/^Extension/);
  await keys.press("ArrowDown");
  await keys.reach(/^Go ready/, "Shift+Tab");
  await keys.press("Enter");
  await desk.seenAt(state, /^Ready$/);
  const { activeExtension } = await agent.ask<{ activeExtension: Extension }>("GET", `tenants/${agent.tenantId}/users/${agent.userId}`);
  expect(activeExtension.value).toBe("+49301234001");
  await keys.expectAt(/^Go not ready/); // the button that was pressed is gone

  await keys.press("Enter");
  await keys.expectAt(/^No reason$/);
  await keys.press("ArrowDown", "ArrowDown", "ArrowDown");
  await keys.expectAt(/^Health$/);
  await keys.press("ArrowLeft");
  expect(await desk.dialog.getByRole("treeitem", { name: "Screen break" }).count()).toBe(0);
  await keys.press("ArrowRight", "ArrowRight");
  await keys.expectAt(/^Screen break$/);
  await keys.press("Enter");
  await desk.seenAt(state, /^Not ready: Screen break$/);
  await keys.expectAt(/^Change the reason/);
  await keys.press("Enter");
  await keys.expectAt(/^No reason$/);
  await keys.press("Escape");
  await keys.expectAt(/^Change the reason/);

  await keys.reach(/^Inbound$/);
  await keys.press("ArrowRight");
  await keys.expectAt(/^Outbound$/);
  await desk.seenAt(".segment.chosen", /Outbound/);
  expect(await agent.presence()).toMatchObject({ state: "notready", reason: "Screen break", direction: "outbound" });

  await keys.reach(/^Why\?/, "Shift+Tab");
  for (const key of ["Enter", "Alt+w"]) {
    await keys.press(key);
    await desk.dialog.getByText("What led here").waitFor();
    expect(await desk.dialog.evaluate((dialog) => dialog.contains(document.activeElement))).toBe(true);
    await keys.press("Escape");
    await keys.expectAt(/^Why\?/);
    expect(await desk.dialog.count()).toBe(0);
  }

  await keys.reach(/^Log out/);
  await keys.press("Enter");
  await keys.expectAt(/^You are logged out$/);
  await keys.press("Tab");
  await keys.expectAt(/^Start a new session$/);
  await keys.press("Enter");
  await desk.seenAt(state, /Not ready/);
  await keys.press("Alt+r");
  await desk.seenAt(state, /^Ready$/);
  await keys.press("Alt+n");
  await keys.expectAt(/^No reason$/);
  await keys.press("Escape", "Alt+l");
  await keys.expectAt(/^You are logged out$/);
  expect(await agent.presence()).toMatchObject({ state: "offline", endCode: "logged_out" });
  expect(desk.complaints).toEqual([]);
});

test("a supervisor works on the floor with the keyboard alone, and always sees where it is", async ({ context, deployment: { server, agent, colleague, supervisor } }) => {
  for (const person of [agent, colleague]) await person.ask("POST", `${person.presencePath()}/session`);
  const floor = await ConsolePage.open(context, `${server.origin}/floor`);
  const keys = new Keyboard(floor.page);
  const names = (): Promise<string[]> => floor.page.locator(".agent-row .agent-name").allTextContents();
  const change = async (count: number): Promise<void> => {
    const confirm = new RegExp(`^Change ${count}$`);
    await expect.poll(() => floor.button(confirm).isEnabled()).toBe(true); // what is to be known of the agents has been read
    await keys.reach(confirm);
    await keys.press("Enter");
  };
  await signIn(keys, supervisor.username);
  await floor.seenAt(`[data-id="${agent.userId}"] .cell-state`, /^Not ready$/);
  const all = await names();

  await keys.press("/");
  await keys.expectAt(/^Search by/);
  await keys.type("colleague");
  await expect.poll(names).toEqual(["Test Colleague"]);
  await keys.press("Escape");
  await expect.poll(names).toEqual(all);

  await keys.reach(/^Test Agent/);
  await keys.press("ArrowDown");
  await keys.expectAt(/^Test Colleague/);
  await keys.press("ArrowUp");
  await keys.expectAt(/^Test Agent/);
  await keys.press("Space");
  await floor.page.getByText("1 selected", { exact: true }).waitFor();
  await keys.press("Shift+ArrowDown");
  await floor.page.getByText("2 selected", { exact: true }).waitFor();

  await keys.press("s");
  await keys.expectAt(/^Ready$/);
  await keys.press("Escape");
  await keys.expectAt(/^Test Colleague/);
  await keys.press("s");
  await change(2);
  await expect.poll(() => floor.dialog.locator(".answer.done").count()).toBe(2);
  await keys.expectAt(/^Close$/);
  await keys.press("Enter");
  await keys.expectAt(/^Test Colleague/);
  await Promise.all([agent, colleague].map(async (person) => expect(await person.presence()).toMatchObject({ state: "ready", cause: "supervisor" })));

  await keys.press("Escape");
  await expect.poll(() => floor.page.locator(".selection-bar").count()).toBe(0);
  await keys.expectAt(/^Test Colleague/);
  await keys.press("Enter");
  await keys.expectAt(/^Test Colleague$/); // the head of the day
  await floor.page.locator(".agent-panel .chain").first().waitFor();
  await keys.press("Escape");
  await keys.expectAt(/^Test ColleagueReady/);
  expect(await floor.page.locator(".agent-panel").count()).toBe(0);

  await keys.reach(/^Group by/, "Shift+Tab");
  await keys.press("Enter");
  await keys.expectAt(/^Nothing$/);
  await keys.press("ArrowDown", "Enter");
  await keys.expectAt(/^Group by: State$/);
  await keys.reach(/^Test Colleague/);
  await keys.press("Home");
  await keys.expectAt(/^Ready2$/);
  await keys.press("Enter");
  await expect.poll(names).toEqual(all.filter((name) => !/Agent|Colleague/.test(name)));
  await keys.press("ArrowRight");
  await expect.poll(names).toEqual(all);

  // The row that an order comes from goes to another group, and the keyboard with it.
  await keys.press("ArrowDown");
  await keys.expectAt(/^Test Agent/);
  await keys.press("s");
  await keys.expectAt(/^Ready$/);
  await keys.press("ArrowDown");
  await keys.expectAt(/^Not ready$/);
  await change(1);
  await keys.expectAt(/^Close$/);
  await floor.seenAt(".section-head", /^Not ready1$/);
  await keys.press("Enter");
  await keys.expectAt(/^Test AgentNot ready/);
  expect(floor.complaints).toEqual([]);
});
