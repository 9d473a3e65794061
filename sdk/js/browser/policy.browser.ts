import type { BrowserContext } from "playwright-core";
import { expect } from "vitest";
import type { Deployment } from "./deployment.js";
import { test as base } from "./fixtures.js";
import type { Site } from "./site.js";
import { Tab } from "./tab.js";

const test = base.override("settings", { heartbeatDelay: "500ms" });

/** The strictest policy that a page with the SDK can have, with what `more` says in addition. */
const strict = (site: Site, ...more: string[]): string =>
  [
    "default-src 'none'",
    `script-src 'self' ${site.api}`,
    `connect-src 'self' ${site.api} ${site.api.replace("http", "ws")}`,
    "require-trusted-types-for 'script'",
    "report-uri /reports",
    ...more,
  ].join("; ");

const open = async (context: BrowserContext, { agent, supervisor }: Deployment, site: Site, page: string, policy: string): Promise<Tab> => {
  site.headers.set(`/${page}`, { "Content-Security-Policy": policy });
  site.reports.length = 0;
  const tab = await Tab.open(context, site, page, agent);
  await tab.seen("worked");
  await expect.poll(() => supervisor.presence(agent)).toMatchObject({ state: "ready", direction: "outbound", offerable: true });
  return tab;
};

const violations = (tab: Tab): Promise<string[]> => tab.seen("violations");

const heartbeats = (tab: Tab): Promise<void> => tab.until(() => (globalThis as unknown as { seen: { heartbeats: number } }).seen.heartbeats > 3);

test.for(["home", "abroad"] as const)("a page under a strict policy works and violates nothing, %s", async (where, { context, deployment }) => {
  const site = deployment[where];
  const tab = await open(context, deployment, site, "policy.html", strict(site, "trusted-types 'none'"));
  await heartbeats(tab);
  expect(await violations(tab)).toEqual([]);
  expect(site.reports).toEqual([]);
  expect(tab.console).toEqual([]);
  expect(tab.errors).toEqual([]);
});

test("a page under a strict policy that allows workers has its heartbeats timed by one where no socket gets through", async ({ context, deployment }) => {
  const { home } = deployment;
  home.sockets = false;
  const tab = await open(context, deployment, home, "policy.html", strict(home, "trusted-types muster", "worker-src blob:"));
  await heartbeats(tab);
  await expect.poll(() => tab.page.workers().map((worker) => worker.url())).toEqual([expect.stringMatching(/^blob:/)]);
  expect(await violations(tab)).toEqual([]);
  expect(home.reports).toEqual([]);
  expect(tab.errors).toEqual([]);
});

test("two copies of the SDK in a page whose policy names muster once both have a worker", async ({ context, deployment: { home, agent, colleague } }) => {
  home.sockets = false;
  home.headers.set("/copies.html", { "Content-Security-Policy": strict(home, "trusted-types muster", "worker-src blob:") });
  home.reports.length = 0;
  const tab = await Tab.open(context, home, "copies.html", agent, { desk: { usernames: [agent.username, colleague.username] } });
  await tab.seen("worked");
  await tab.until(() => (globalThis as unknown as { seen: { heartbeats: number[] } }).seen.heartbeats.every((heard) => heard > 3));
  expect(tab.page.workers()).toHaveLength(2);
  expect(await violations(tab)).toEqual([]);
  expect(home.reports).toEqual([]);
  expect(tab.console.filter((line) => line.includes("no worker"))).toEqual([]);
});

test.for([
  ["the worker", ["trusted-types muster"]],
  ["the trusted types policy", ["trusted-types 'none'", "worker-src blob:"]],
] as const)("a page whose policy forbids %s is warned, and goes on by the page's timers where no socket gets through", async ([, more], { context, deployment }) => {
  const { home } = deployment;
  home.sockets = false;
  const tab = await open(context, deployment, home, "policy.html", strict(home, ...more));
  await heartbeats(tab);
  await expect.poll(() => tab.console).toContainEqual(expect.stringMatching(/^warning: CxEngage: no worker/));
  expect(tab.console.filter((line) => line.includes("no worker"))).toHaveLength(1);
  expect(await violations(tab)).not.toEqual([]); // of the attempt: there is no way to ask first
  expect(tab.errors).toEqual([]);
});
