import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { BrowserContext } from "playwright-core";
import { expect } from "vitest";
import type { Deployment } from "./deployment.js";
import { test as base } from "./fixtures.js";
import type { Site } from "./site.js";
import { Tab } from "./tab.js";

const test = base.override("settings", { heartbeatDelay: "500ms" });

/** The strictest policy that a page with the SDK can have, with what `more` says in addition. */
const strict = (site: Site, more: string[], scripts = ""): string =>
  [
    "default-src 'none'",
    `script-src 'self' ${site.api}${scripts}`,
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
  const tab = await open(context, deployment, site, "policy.html", strict(site, ["trusted-types 'none'"]));
  await heartbeats(tab);
  expect(await violations(tab)).toEqual([]);
  expect(site.reports).toEqual([]);
  expect(tab.console).toEqual([]);
  expect(tab.errors).toEqual([]);
});

test("a page under a strict policy that allows workers has its heartbeats timed by one where no socket gets through", async ({ context, deployment }) => {
  const { home } = deployment;
  home.sockets = false;
  const tab = await open(context, deployment, home, "policy.html", strict(home, ["trusted-types muster", "worker-src blob:"]));
  await heartbeats(tab);
  await expect.poll(() => tab.page.workers().map((worker) => worker.url())).toEqual([expect.stringMatching(/^blob:/)]);
  expect(await violations(tab)).toEqual([]);
  expect(home.reports).toEqual([]);
  expect(tab.errors).toEqual([]);
});

test("two copies of the SDK in a page whose policy names muster once both have a worker", async ({ context, deployment: { home, agent, colleague } }) => {
  home.sockets = false;
  home.headers.set("/copies.html", { "Content-Security-Policy": strict(home, ["trusted-types muster", "worker-src blob:"]) });
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
  const tab = await open(context, deployment, home, "policy.html", strict(home, [...more]));
  await heartbeats(tab);
  await expect.poll(() => tab.console).toContainEqual(expect.stringMatching(/^warning: CxEngage: no worker/));
  expect(tab.console.filter((line) => line.includes("no worker"))).toHaveLength(1);
  expect(await violations(tab)).not.toEqual([]); // of the attempt: there is no way to ask first
  expect(tab.errors).toEqual([]);
});

/** What the program prints for a page of a site: the import map's tag, with the hash for the page's policy. */
const printedMap = (site: Site): { tag: string; hash: string } => {
  const printed = site.server!.tags(site.api);
  return { tag: /<script type="importmap">.*<\/script>/.exec(printed)![0], hash: /'sha256-[^']*'/.exec(printed)![0] };
};

/** The address of the module with its version. */
const moduleAddress = async (site: Site): Promise<string> => {
  const manifest = (await (await fetch(`${site.api}/sdk/`)).json()) as { files: Record<string, { path: string }> };
  return `${site.api}/sdk/${manifest.files["muster.js"]!.path}`;
};

const textOf = (page: string): string => readFileSync(join(import.meta.dirname, "pages", page), "utf8");

/** Has the site serve the module's page: with the tags in its head, and importing the SDK by that name. */
const serveModule = (site: Site, tags: string, sdk: string): void => {
  site.texts.set("/policy_import.html", textOf("policy_module.html").replace("%TAGS%", tags));
  site.texts.set("/policy_import.js", textOf("policy_module.js").replace('"muster-sdk"', `"${sdk}"`));
};

const ways = ["by the printed import map and its hash", "by its address, without an inline script"] as const;

test.for((["home", "abroad"] as const).flatMap((where) => ways.map((way) => [where, way] as const)))("%s, a module under a strict policy imports the SDK %s", async ([where, way], { context, deployment }) => {
  const site = deployment[where];
  const { tag, hash } = printedMap(site);
  const mapped = way === ways[0];
  serveModule(site, mapped ? tag : "", mapped ? "muster-sdk" : await moduleAddress(site));
  const tab = await open(context, deployment, site, "policy_import.html", strict(site, ["trusted-types 'none'"], mapped ? ` ${hash}` : ""));
  await heartbeats(tab);
  expect(await violations(tab)).toEqual([]);
  expect(site.reports).toEqual([]);
  expect(tab.console).toEqual([]);
  expect(tab.errors).toEqual([]);
});

test("a strict policy without the printed hash lets no import map in", async ({ context, deployment: { home, agent } }) => {
  serveModule(home, printedMap(home).tag, "muster-sdk");
  home.headers.set("/policy_import.html", { "Content-Security-Policy": strict(home, []) });
  const tab = await Tab.open(context, home, "policy_import.html", agent);
  await expect.poll(() => tab.page.evaluate("violations")).toEqual(["script-src-elem inline"]);
  await expect.poll(() => tab.errors).toHaveLength(1); // the module has no "muster-sdk"
});
