import type { BrowserContext, Page } from "playwright-core";
import { expect } from "vitest";
import { test } from "../../../sdk/js/browser/fixtures.js";
import { password } from "../../../sdk/js/browser/provisioning.js";
import { ConsolePage } from "./console_page.js";

const germanTexts = "**/console/assets/*-german-*.js";

/** A newer server has other texts than a page that is open asks for; answers with what was asked for in vain. */
const loseGerman = async (at: BrowserContext | Page): Promise<string[]> => {
  const lost: string[] = [];
  await at.route(germanTexts, (route) => {
    lost.push(route.request().url());
    return route.fulfill({ status: 404, contentType: "text/plain", body: "There is no such file." });
  });
  return lost;
};

const languageOf = ({ page }: ConsolePage): Promise<string | null> => page.getAttribute("html", "lang");

test("a page that an upgrade of the server has left without German texts says so, goes on in English, and is German after a reload", async ({ context, deployment: { server, agent, supervisor } }) => {
  await agent.ask("POST", `${agent.presencePath()}/session`);
  const floor = await ConsolePage.open(context, `${server.origin}/floor?tenant=${supervisor.tenantId}`);
  await floor.signIn(supervisor.username, password);
  const row = floor.page.locator(`[data-id="${agent.userId}"]`);
  await row.waitFor();
  const lost = await loseGerman(floor.page);
  await floor.choose("Deutsch");
  const said = floor.page.locator(".missing-language").getByText(/not to be had in Deutsch now\. .* then load the page anew/);
  await said.waitFor();
  expect(lost).toHaveLength(1);
  expect(await floor.page.getByRole("alert").textContent()).toMatch(/load the page anew/);
  expect(await languageOf(floor)).toBe("en");

  await row.locator(".agent-name").click();
  await floor.page.locator(".agent-panel .chain").first().waitFor();
  await floor.page.locator(".agent-panel").getByRole("button", { name: "State…" }).click();
  await floor.dialog.getByRole("radio", { name: "Ready", exact: true }).waitFor();
  await floor.page.keyboard.press("Escape");

  await floor.page.unroute(germanTexts);
  await floor.button("Reload").click();
  await floor.seenAt(`[data-id="${agent.userId}"] .cell-state`, /^Nicht bereit$/);
  expect(await languageOf(floor)).toBe("de");
  expect(await said.count()).toBe(0);
});

test("a page whose German texts do not come begins in English, and says so", async ({ context, deployment: { server, agent } }) => {
  const lost = await loseGerman(context);
  const desk = await ConsolePage.open(context, `${server.origin}/?lang=de&tenant=${agent.tenantId}`);
  await desk.signIn(agent.username, password);
  await desk.seenAt(".state-card .badge .label", /^Not ready: Logged in$/);
  await desk.page.locator(".missing-language").getByText(/not to be had in Deutsch now/).waitFor();
  expect(lost).toHaveLength(1);
  expect(await languageOf(desk)).toBe("en");
});
