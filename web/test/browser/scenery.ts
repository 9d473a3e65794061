import type { BrowserContext, BrowserContextOptions, Browser } from "playwright-core";
import { ConsolePage } from "./console_page.js";
import { type Demo, demoPassword } from "./demo.js";

/** How a page is looked at. */
export interface Look extends BrowserContextOptions {
  colorScheme: "light" | "dark";
  viewport: { width: number; height: number };
}

export const wide = { width: 1280, height: 800 };
/** A panel beside the page of a CRM. */
export const narrow = { width: 320, height: 720 };

export interface Shown {
  page: ConsolePage;
  context: BrowserContext;
}

const scene = (path: string, username: string, enter: (page: ConsolePage) => Promise<void>) => async (browser: Browser, demo: Demo, look: Look): Promise<Shown> => {
  // The policy of the page lets nothing in that is not its own: neither what looks for faults.
  const context = await browser.newContext({ ...look, bypassCSP: true, reducedMotion: "reduce", locale: "en-GB" });
  const page = await ConsolePage.open(context, demo.origin + path);
  if (username) await page.signIn(username, demoPassword);
  await enter(page);
  return { page, context };
};

const agent = "agent@demo.example";
const supervisor = "supervisor@demo.example";

const atDesk = async (page: ConsolePage): Promise<void> => {
  await page.button(/^Demo/).click(); // of two tenants
  await page.page.getByRole("timer", { name: "in this state" }).waitFor();
  await page.page.locator(".day-card table").waitFor({ state: "attached" }); // it is folded away
};

const onFloor = async (page: ConsolePage): Promise<void> => {
  await page.button(/^Demo/).click();
  await page.page.locator("[data-id] .badge").first().waitFor();
  await page.page.locator(".light.live").waitFor();
};

const selectTwo = async (page: ConsolePage): Promise<void> => {
  for (const at of [0, 1]) await page.page.locator("[data-id] input[type=checkbox]").nth(at).click();
};

/** What the pages of the console can show, by name. */
export const scenes = {
  "desk-signed-out": scene("/", "", (page) => page.button("Sign in").waitFor()),
  "desk-tenants": scene("/", agent, (page) => page.button(/^Demo/).waitFor()),
  "desk-not-ready": scene("/", agent, atDesk),
  "desk-ready": scene("/", agent, async (page) => {
    await atDesk(page);
    await page.button(/^Go ready/).click();
    await page.seenAt(".state-card .badge .label", /^(Ready|Busy)$/);
  }),
  "desk-reasons": scene("/", agent, async (page) => {
    await atDesk(page);
    await page.button(/^(Go not ready|Change the reason)/).click();
    await page.dialog.getByRole("tree").waitFor();
  }),
  "desk-why": scene("/", agent, async (page) => {
    await atDesk(page);
    await page.button(/^Why/).click();
    await page.dialog.locator(".chain").first().waitFor();
  }),
  "desk-keys": scene("/", agent, async (page) => {
    await atDesk(page);
    await page.choose("Keyboard");
    await page.dialog.waitFor();
  }),
  "desk-logged-out": scene("/", agent, async (page) => {
    await atDesk(page);
    await page.button(/^Log out/).click();
    await page.button("Start a new session").waitFor();
  }),
  "floor-rows": scene("/floor", supervisor, onFloor),
  "floor-groups": scene("/floor?by=state", supervisor, onFloor),
  "floor-tiles": scene("/floor?as=tiles", supervisor, onFloor),
  "floor-filter": scene("/floor", supervisor, async (page) => {
    await onFloor(page);
    await page.button(/^Filter/).click();
  }),
  "floor-agent": scene("/floor?sort=work", supervisor, async (page) => {
    await onFloor(page);
    await page.page.locator("[data-id] .cell-name, [data-id] .tile-head .agent-name").first().click();
    await page.page.locator(".agent-panel .chain").first().waitFor();
  }),
  "floor-work": scene("/floor?beside=work", supervisor, async (page) => {
    await onFloor(page);
    await page.page.locator(".work-panel").waitFor();
  }),
  "floor-order": scene("/floor", supervisor, async (page) => {
    await onFloor(page);
    await selectTwo(page);
    await page.button("State…").click();
    await page.dialog.getByRole("radio", { name: "Not ready" }).check();
    await page.dialog.getByLabel("Reason").selectOption({ label: "Lunch" });
    await page.dialog.locator(".fates").waitFor();
  }),
} satisfies Record<string, ReturnType<typeof scene>>;
