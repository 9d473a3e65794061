import { randomUUID } from "node:crypto";
import { expect } from "vitest";
import { test as base } from "../../../sdk/js/browser/fixtures.js";
import { password } from "../../../sdk/js/browser/provisioning.js";
import { ConsolePage } from "./console_page.js";
import { englishOn } from "./english.js";

/** Of the tenant. */
const names = ["Desk", "Annex"];

const languageOf = ({ page }: ConsolePage): Promise<string | null> => page.getAttribute("html", "lang");

/** Looks for English on a page again and again, and tells in the end where there was some. */
class Reader {
  readonly #page: ConsolePage;
  readonly found: Record<string, string[]> = {};

  constructor(page: ConsolePage) {
    this.#page = page;
  }

  async look(where: string): Promise<void> {
    expect(await languageOf(this.#page)).toBe("de");
    const english = await englishOn(this.#page.page, names);
    if (english.length > 0) this.found[where] = english;
  }
}

// Agents without a page stay as they are for as long as a test takes.
const test = base.override("settings", { notReadyAfter: "10m", endAfter: "20m" });

const state = ".state-card .badge .label";
const standing = /^Nicht bereit: Lunch seit \d\d:\d\d:\d\d, also (\d+ Minuten?( \d+ Sekunden?)?|\d+ Sekunden?)\. Die Verbindung (steht|ist stumm)\. (Ihnen wird|Es wird) keine Arbeit angeboten\.$/;

test("the desk is German from the sign-in to the end where its address asks for it", async ({ context, deployment: { server, agent, supervisor, router } }) => {
  const desk = await ConsolePage.open(context, `${server.origin}/?lang=de`);
  const { page } = desk;
  const reader = new Reader(desk);
  await desk.button("Anmelden").click();
  await page.getByText("Geben Sie Benutzername und Passwort ein.").waitFor();
  await reader.look("sign-in");
  await desk.signIn(agent.username, password);
  await desk.button(/^Desk/).waitFor();
  await page.getByText("Es läuft keine Sitzung.").first().waitFor();
  await reader.look("tenants");
  await desk.button(/^Desk/).click();
  await desk.seenAt(state, /^Nicht bereit: Angemeldet$/);
  await page.locator(".day-card table").waitFor({ state: "attached" });
  await reader.look("desk");

  await desk.button("Einstellungen").click();
  await reader.look("settings");
  await page.keyboard.press("Escape");
  await desk.choose("Tastatur");
  await reader.look("keys");
  await page.keyboard.press("Escape");
  await desk.button(/^Grund ändern/).click();
  await desk.dialog.getByRole("treeitem", { name: "Kein Grund" }).waitFor();
  await reader.look("reasons");
  await page.keyboard.press("Escape");

  await desk.button(/^Bereit/).click();
  await desk.seenAt(state, /^Bereit$/);
  await supervisor.ask("POST", `${supervisor.presencePath(agent)}/direction`, { direction: "outbound" });
  await router.ask("PUT", `${router.presencePath(agent)}/interactions/${randomUUID()}`, { channel: "voice", direction: "inbound", state: "active" });
  await page.getByText(/Test Supervisor hat Ihre Richtung um \d\d:\d\d:\d\d auf Ausgehend gesetzt\./).first().waitFor();
  await page.locator(".work-card").getByText("Anruf").waitFor();
  await reader.look("what others did");
  await desk.button(/^Abmelden/).click();
  await desk.dialog.getByText("Es ist noch Arbeit offen").waitFor();
  await reader.look("log-out with open work");
  await desk.button("Angemeldet bleiben").click();

  await desk.button(/^Nicht bereit…/).click();
  await desk.dialog.getByRole("treeitem", { name: "Lunch" }).click();
  await desk.seenAt(state, /^Nicht bereit: Lunch$/);
  await desk.button(/^Warum\?/).click();
  await desk.seenAt("dialog section p", standing);
  await reader.look("why");
  await page.keyboard.press("Escape");

  await page.reload();
  await desk.seenAt(state, /^Nicht bereit: Lunch$/);
  await reader.look("after a reload");
  await supervisor.endSession(agent);
  await page.getByText("Test Supervisor hat Ihre Sitzung beendet").waitFor();
  await reader.look("end");
  expect(reader.found).toEqual({});
});

test("the floor is German in all its parts, and what is searched for is too", async ({ context, deployment: { server, agent, colleague, supervisor, router } }) => {
  for (const person of [agent, colleague]) await person.ask("POST", `${person.presencePath()}/session`);
  const lists = await agent.ask<{ id: string; reasons: { reasonId: string; name: string }[] }[]>("GET", `tenants/${agent.tenantId}/users/${agent.userId}/reason-lists`);
  const list = lists.find(({ reasons }) => reasons.some(({ name }) => name === "Lunch"))!;
  const { reasonId } = list.reasons.find(({ name }) => name === "Lunch")!;
  await agent.setState(agent, "notready", { reason: "Lunch", reasonId, reasonListId: list.id });
  await colleague.setState(colleague, "ready");
  const work = `${router.presencePath(agent)}/interactions/${randomUUID()}`;
  const call = (state: string): Promise<unknown> => router.ask("PUT", work, { channel: "voice", direction: "inbound", state });
  await call("wrapup");

  // The address chooses for all pages of the browser, as the settings do.
  const first = await ConsolePage.open(context, `${server.origin}/floor?lang=de`);
  await first.button("Anmelden").waitFor();
  await first.page.close();
  const floor = await ConsolePage.open(context, `${server.origin}/floor?tenant=${supervisor.tenantId}`);
  const { page } = floor;
  const reader = new Reader(floor);
  await floor.button("Anmelden").waitFor();
  await reader.look("sign-in");
  await floor.signIn(supervisor.username, password);
  await floor.seenAt(`[data-id="${agent.userId}"] .cell-state`, /^Nicht bereit$/);
  await page.locator(".light.live").waitFor();
  await reader.look("rows");

  const shown = (): Promise<string[]> => page.locator(".agent-row .agent-name").allTextContents();
  const search = page.getByRole("searchbox").first();
  for (const [words, found] of [
    ["bereit eingehend", ["Test Colleague"]],
    ["nicht bereit", ["Test Agent"]],
    ["anruf nachbearbeitung", ["Test Agent"]],
    ["ready", []],
  ] as const) {
    await search.fill(words);
    await expect.poll(shown, { message: words }).toEqual(found);
  }
  await reader.look("nobody found");
  await search.fill("");
  await floor.button(/^Bereit/).click();
  await floor.button("Diesen Filter wegnehmen: Bereit").waitFor();
  await reader.look("filtered");
  await floor.button("Diesen Filter wegnehmen: Bereit").click();

  for (const name of [/^Filter/, /^Gruppieren/, /^Sortieren/, /^Grenzen/, /^Einstellungen/]) {
    await floor.button(name).click();
    await reader.look(String(name));
    await page.keyboard.press("Escape");
  }
  await page.locator(`[data-id="${agent.userId}"] .agent-name`).click();
  await floor.seenAt(".agent-panel section p", standing);
  await reader.look("day");
  await floor.button("Schließen").click();

  await floor.button(/^Offene Arbeit: 1$/).click();
  await reader.look("open work");
  await call("active"); // there is somebody to listen to only then
  await floor.button("Bei Test Agent mithören, Anruf").click();
  await floor.seenAt(".banner .banner-text", /^Sie hören bei Test Agent mit: Anruf, an /);
  await reader.look("listening");
  await floor.button("Mithören beenden").first().click();
  await expect.poll(() => page.locator(".banner").count()).toBe(0);
  await floor.button("Schließen").click();

  for (const person of [agent, colleague]) await page.locator(`[data-id="${person.userId}"] input`).click();
  await floor.button("Status…").click();
  await floor.dialog.getByRole("radio", { name: "Nicht bereit" }).check();
  await reader.look("order");
  await floor.button(/^2 ändern$/).click();
  await floor.dialog.getByText("Erledigt").first().waitFor();
  await reader.look("answers");
  await floor.button("Schließen").last().click();
  await page.reload();
  await floor.seenAt(`[data-id="${colleague.userId}"] .cell-state`, /^Nicht bereit$/);
  await reader.look("after a reload");
  expect(reader.found).toEqual({});
  expect(floor.complaints).toEqual([]);
});

test("the settings change the language at once, for the session that goes on, and for the next time", async ({ context, deployment: { server, agent } }) => {
  const desk = await ConsolePage.open(context, `${server.origin}/?tenant=${agent.tenantId}`);
  const reader = new Reader(desk);
  await desk.button("Sign in").waitFor();
  expect(await languageOf(desk)).toBe("en");
  await desk.choose("Deutsch");
  await desk.button("Anmelden").waitFor();
  await reader.look("sign-in");
  await desk.page.reload();
  await desk.button("Anmelden").waitFor();
  await desk.signIn(agent.username, password);
  await desk.seenAt(state, /^Nicht bereit: Angemeldet$/);
  const { sessionId } = await agent.presence();

  await desk.choose("English");
  await desk.seenAt(state, /^Not ready: Logged in$/);
  expect(await languageOf(desk)).toBe("en");
  expect(await englishOn(desk.page, names)).not.toEqual([]); // which is what is looked for
  await desk.choose("Deutsch");
  await desk.seenAt(state, /^Nicht bereit: Angemeldet$/);
  await desk.page.reload();
  await desk.seenAt(state, /^Nicht bereit: Angemeldet$/);
  await reader.look("after a reload");
  expect(await agent.presence()).toMatchObject({ sessionId });
  expect(reader.found).toEqual({});
});
