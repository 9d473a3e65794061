import { expect } from "vitest";
import { test } from "./fixtures.js";
import { Tab } from "./tab.js";

// What is sandboxed without allow-same-origin has no origin: the browser denies it storage and locks.
test("a sandboxed desk works alone, and says what it cannot do", async ({ context, deployment: { home, agent, supervisor } }) => {
  home.headers.set("/policy.html", { "Content-Security-Policy": "sandbox allow-scripts" });
  const tab = await Tab.open(context, home, "policy.html", agent);
  expect(await tab.page.evaluate("origin")).toBe("null");
  await expect(tab.page.evaluate("sessionStorage")).rejects.toThrow("SecurityError");
  await expect(tab.page.evaluate("navigator.locks.request('any', () => {})")).rejects.toThrow("SecurityError");
  expect(await tab.seen("worked")).toBe(true);
  await tab.until(() => (globalThis as unknown as { seen: { heartbeats: number } }).seen.heartbeats > 0);
  await expect.poll(() => supervisor.presence(agent)).toMatchObject({ state: "ready", direction: "outbound", connection: "live", offerable: true });
  expect(tab.console).toEqual(["warning: CxEngage: tabs cannot share a session here"]);
  expect(tab.errors).toEqual([]);
});
