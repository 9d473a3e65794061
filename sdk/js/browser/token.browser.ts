import { expect } from "vitest";
import { test } from "./fixtures.js";
import { Tab } from "./tab.js";

interface Global {
  CxEngage: { session: { getToken: () => string; setToken: (token: string) => void } };
}

test("a fresh token is not taken for the refused one before it", async ({ context, deployment: { home, agent, supervisor } }) => {
  const tab = await Tab.open(context, home, "callbacks.html", agent);
  await tab.page.click("#login");
  await tab.shows("#state", "notready (Logged in)");
  // The server refuses the first, and its answer comes when the second is there.
  await tab.page.evaluate(() => {
    const { session } = (globalThis as unknown as Global).CxEngage;
    const good = session.getToken();
    session.setToken(`${good.slice(0, -2)}xx`);
    session.setToken(good);
  });
  await expect.poll(() => tab.sockets.length).toBe(2);
  await supervisor.setState(agent, "ready");
  await tab.shows("#state", "ready");
  expect(await tab.seen<string[]>("topics")).not.toContain("cxengage/errors/error/token-expired");
  await expect.poll(() => supervisor.presence(agent)).toMatchObject({ state: "ready", connection: "live" });
  expect(tab.errors).toEqual([]);
});
