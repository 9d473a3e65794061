import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { BrowserContext } from "playwright-core";
import { expect } from "vitest";
import type { Config } from "../src/wire.js";
import type { Deployment } from "./deployment.js";
import { test } from "./fixtures.js";
import { password } from "./provisioning.js";
import { Tab } from "./tab.js";

/** Opens a page of examples/page/ on another origin than the server's, as who tries it out does, and logs in. */
const open = async (context: BrowserContext, { abroad, agent, server }: Deployment, name: string): Promise<Tab> => {
  const text = readFileSync(join(import.meta.dirname, "../../../examples/page", name), "utf8");
  expect(text, "the demo's address").toContain("http://127.0.0.1:8080/");
  abroad.texts.set(`/${name}`, text.replaceAll("http://127.0.0.1:8080", server.origin));
  const tab = await Tab.open(context, abroad, name, agent);
  await logIn(tab, agent.username);
  return tab;
};

const logIn = async (tab: Tab, username: string): Promise<void> => {
  await tab.page.fill("[name=username]", username);
  await tab.page.fill("[name=password]", password);
  await tab.page.click("text='Log in'");
};

/** Has the server know no extension of anybody's. */
const withoutExtensions = (context: BrowserContext): Promise<unknown> =>
  context.route(/\/config(\?|$)/, async (route) => {
    const response = await route.fetch();
    const { result } = (await response.json()) as { result: Config };
    await route.fulfill({ response, json: { result: { ...result, extensions: [], activeExtension: null } } });
  });

for (const page of ["index.html", "module.html"]) {
  test(`the documentation's ${page} says why an agent without an extension does not go ready`, async ({ context, deployment }) => {
    await withoutExtensions(context);
    const tab = await open(context, deployment, page);
    await shows(tab, "notready, Logged in");
    await tab.page.click("text='Ready'");
    await shows(tab, "not ready: there is no extension to be ready at");
    expect(tab.errors).toEqual([]);
  });
}

test("the page that is a module asks for no token before the server wants to hear of it again", async ({ context, deployment }) => {
  const asked: number[] = [];
  await context.route("**/v1/tokens", async (route) => {
    if (route.request().method() !== "POST") return route.fallback();
    asked.push(Date.now());
    if (asked.length > 1) return route.continue();
    const headers = { "Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "Retry-After", "Retry-After": "2" };
    await route.fulfill({ status: 429, headers, json: { error: { code: "rate_limited" } } });
  });
  const tab = await open(context, deployment, "module.html");
  await shows(tab, "logging in again in 2 s");
  await shows(tab, "notready, Logged in");
  expect(asked).toHaveLength(2);
  expect(asked[1]! - asked[0]!).toBeGreaterThan(1_990); // timers and clocks round
  expect(tab.errors).toEqual([]);
});

/** Waits until the page shows a state. */
const shows = (tab: Tab, text: string): Promise<void> => expect.poll(() => tab.page.textContent("#state")).toBe(text);

test("the page of the documentation logs in, goes ready and not ready, changes the tenant and logs out", async ({ context, deployment }) => {
  const { agent, supervisor } = deployment;
  const tab = await open(context, deployment, "index.html");
  await shows(tab, "notready, Logged in");
  await tab.page.click("text='Ready'");
  await shows(tab, "ready");
  await expect.poll(() => supervisor.presence(agent)).toMatchObject({ state: "ready", connection: "live" });
  await tab.page.click("text='Not ready'");
  await shows(tab, "notready");
  await supervisor.setState(agent, "ready");
  await shows(tab, "ready, Test Supervisor");

  await tab.page.selectOption("#tenant", { label: "Annex" });
  await shows(tab, "notready, Logged in");
  await expect.poll(() => supervisor.presence(agent)).toMatchObject({ state: "offline" });
  await tab.page.selectOption("#tenant", { label: "Desk" });
  await expect.poll(() => supervisor.presence(agent)).toMatchObject({ state: "notready" });
  await shows(tab, "notready, Logged in");
  await tab.page.click("text='Log out'");
  await shows(tab, "logged out");
  await expect.poll(() => supervisor.presence(agent)).toMatchObject({ state: "offline" });
  expect(tab.errors).toEqual([]);
});

test("the page of the documentation shows why a log-in is refused", async ({ context, deployment }) => {
  const tab = await open(context, deployment, "index.html");
  await tab.page.reload();
  await tab.page.fill("[name=username]", "nobody@desk.example");
  await tab.page.fill("[name=password]", "wrong");
  await tab.page.click("text='Log in'");
  await shows(tab, "3000: there is no token for these credentials");
  expect(tab.errors).toEqual([]);
});

test("the page of the documentation that is a module does so by promises, and is resumed after a reload", async ({ context, deployment }) => {
  const { agent, supervisor } = deployment;
  const tab = await open(context, deployment, "module.html");
  await shows(tab, "notready, Logged in");
  await tab.page.click("text='Ready'");
  await shows(tab, "ready");
  const { sessionId } = await supervisor.presence(agent);

  await tab.page.reload();
  await logIn(tab, agent.username);
  await shows(tab, "ready");
  expect(await supervisor.presence(agent)).toMatchObject({ state: "ready", sessionId });

  await supervisor.setState(agent, "notready");
  await shows(tab, "notready, Test Supervisor");
  await tab.page.click("text='Log out'");
  await shows(tab, "logged out");
  await expect.poll(() => supervisor.presence(agent)).toMatchObject({ state: "offline" });
  expect(tab.errors).toEqual([]);
});
