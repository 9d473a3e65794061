import { randomUUID } from "node:crypto";
import { expect } from "vitest";
import { test } from "../../../sdk/js/browser/fixtures.js";
import { password } from "../../../sdk/js/browser/provisioning.js";
import { ConsolePage } from "./console_page.js";
import { Keyboard } from "./keyboard.js";

test.override("settings", { offlineWithWork: "wait" });

const heard = '.heard-only [role="alert"]';

test("a log-out that waits for work is read out, and is taken back by keys, which stay at the desk; the supervisor is told in the dialog", async ({ context, deployment: { server, agent, supervisor, router } }) => {
  const desk = await ConsolePage.open(context, `${server.origin}/?tenant=${agent.tenantId}`);
  const keys = new Keyboard(desk.page);
  await desk.signIn(agent.username, password);
  await desk.button(/^Go ready/).click();
  await desk.seenAt(".state-card .badge .label", /^Ready$/);
  const work = `${router.presencePath(agent)}/interactions/${randomUUID()}`;
  await router.ask("PUT", work, { channel: "voice", direction: "inbound", state: "active" });
  await desk.seenAt(".work-state", /^active$/);

  await desk.button(/^Log out/).click();
  await desk.seenAt(heard, /^You will be logged out when your open work is done\. You asked for it at/);
  await desk.page.reload();
  await desk.seenAt(".desk-notices .banner", /You asked for it at/);
  await keys.reach(/^Stay logged in$/);
  await keys.press("Enter");
  await expect.poll(() => desk.page.locator(".banner").count()).toBe(0);
  expect(await keys.at).toMatchObject({ tag: "main" });
  expect(await agent.presence()).toMatchObject({ state: "ready", pending: null });

  const floor = await ConsolePage.open(context, `${server.origin}/floor?tenant=${agent.tenantId}`);
  await floor.signIn(supervisor.username, password);
  await floor.page.locator(`[data-id="${agent.userId}"] input`).click();
  await floor.button("Log out…").click();
  await floor.dialog.getByRole("button", { name: "Log out 1" }).click();
  await floor.dialog.getByText("Waits for open work").waitFor();
  await expect.poll(() => floor.dialog.getByRole("status").innerText()).toBe("1 accepted, 0 failed");
  await floor.seenAt(".order-progress", /^1 accepted, 0 failed$/);
  await desk.seenAt(heard, /^You will be logged out when your open work is done; Test Supervisor asked for it at/);

  await router.ask("DELETE", work);
  await desk.page.getByRole("heading", { name: /logged out|ended your session/ }).waitFor();
  expect([...desk.complaints, ...floor.complaints]).toEqual([]);
});

test("removing a filter by keys gives the keyboard to the agents", async ({ context, deployment: { server, agent, supervisor } }) => {
  await agent.ask("POST", `${agent.presencePath()}/session`);
  const floor = await ConsolePage.open(context, `${server.origin}/floor?tenant=${agent.tenantId}&state=notready`);
  const keys = new Keyboard(floor.page);
  await floor.signIn(supervisor.username, password);
  await floor.seenAt(`[data-id="${agent.userId}"] .cell-state`, /^Not ready$/);
  await keys.reach(/^Remove the filter: Not ready$/);
  await keys.press("Enter");
  await expect.poll(() => floor.page.locator(".chip").count()).toBe(0);
  await expect.poll(() => floor.page.evaluate(() => document.activeElement?.getAttribute("role"))).toBe("row");
});
