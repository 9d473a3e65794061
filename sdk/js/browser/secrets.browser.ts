import { expect } from "vitest";
import { test } from "./fixtures.js";
import { password } from "./provisioning.js";
import { Tab } from "./tab.js";

/** All that a page keeps beyond its own end, as text. */
const stored = (tab: Tab): Promise<string> =>
  tab.page.evaluate(async () => {
    const kept: unknown[] = [{ ...localStorage }, { ...sessionStorage }, document.cookie];
    for (const { name } of await indexedDB.databases()) kept.push(name);
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys()) kept.push(request.url, await (await cache.match(request))?.text());
    }
    kept.push((await navigator.serviceWorker?.getRegistrations())?.map(({ scope }) => scope), location.href, history.state, document.documentElement.outerHTML);
    return JSON.stringify(kept);
  });

test.for([
  ["a socket", true],
  ["Server-Sent Events", false],
] as const)("no token stands in an address, in storage or in a line of a log, with %s", async ([, sockets], { context, deployment: { home, server, agent, supervisor } }) => {
  home.sockets = sockets;
  const sent: { url: string; headers: Record<string, string>; body: string | null }[] = [];
  context.on("request", (request) => sent.push({ url: request.url(), headers: request.headers(), body: request.postData() }));

  const tab = await Tab.open(context, home, "secrets.html", agent, { desk: { otherToken: await agent.freshToken() } });
  await tab.seen("worked");
  await tab.seen("uploaded");
  await expect.poll(() => (sockets ? tab.sockets.length : sent.filter(({ url }) => url.includes("/stream")).length)).toBeGreaterThan(0);
  await expect.poll(() => supervisor.presence(agent)).toMatchObject({ connection: "live" });
  const during = await stored(tab);
  await tab.page.click("#logout");
  await tab.seen("left");
  await expect.poll(() => supervisor.presence(agent)).toMatchObject({ state: "offline" });
  const after = await stored(tab);

  const tokens = await tab.seen<string[]>("tokens");
  expect(new Set(tokens).size).toBe(4);
  // A token in the wrong place would be found by its parts too: none of them is in a log, cut short or not.
  const secrets = [password, ...tokens.flatMap((token) => [token, encodeURIComponent(token), token.split(".")[2]!.slice(0, 16)])];
  const expectNone = (what: string, text: string): void => {
    for (const secret of secrets) expect(text.includes(secret), `${what} contains a secret`).toBe(false);
  };

  expect(sent.length).toBeGreaterThan(15);
  for (const { url, headers, body } of sent) {
    expectNone("an address", url);
    const { authorization: _token, ...others } = headers;
    expectNone(`a header of ${url}`, JSON.stringify(others));
    if (!url.endsWith("/v1/tokens")) expectNone(`the body of ${url}`, body ?? "");
  }
  expect(sent.filter(({ url }) => url.endsWith("/logs")).length).toBeGreaterThan(0);
  expect(sent.filter(({ headers }) => headers["authorization"]).length).toBeGreaterThan(10); // where it belongs
  for (const address of tab.sockets) expectNone("a socket's address", address);
  for (const line of tab.console) expectNone("a line of the console", line);
  expectNone("storage, while it runs", during);
  expectNone("storage, afterwards", after);
  expect(during).toContain("muster/1/resume"); // it was looked at where something is
  for (const event of await tab.seen<string[]>("events")) expectNone("an event", event);
  const channel = await tab.seen<string[]>("channel");
  expect(channel.length).toBeGreaterThan(0);
  for (const message of channel) expectNone("a message to other tabs", message);
  expect(server.log).toContain("client log"); // likewise
  expectNone("the server's log", server.log);
  expect(await context.cookies()).toEqual([]);
  expect(tab.errors).toEqual([]);
});
