import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect } from "vitest";
import { test } from "./fixtures.js";
import { Tab } from "./tab.js";

const root = join(import.meta.dirname, "../../..");

/** A page's script and what it uses of the SDK, as a bundler leaves it. */
const bundled = (page: string): string =>
  execFileSync(
    "go",
    ["tool", "-modfile=tools/go.mod", "esbuild", `sdk/js/browser/pages/${page}`, "--bundle", "--minify", "--format=esm", "--target=es2022", "--log-level=warning", "--alias:muster-sdk=./sdk/js/src/index.ts"],
    { cwd: root, encoding: "utf8" },
  );

test("a page with an agent's modules and no feature, of which a bundler has left out the rest, lives a whole day", async ({ context, deployment: { home, agent, supervisor } }) => {
  const script = bundled("agent.js");
  expect(script).not.toContain("addStatSubscription");
  home.texts.set("/agent.min.js", script);
  const tab = await Tab.open(context, home, "agent.html", agent);
  const state = () => supervisor.presence(agent);
  const told = () => tab.page.evaluate(() => (globalThis as unknown as { seen: { told: unknown[] } }).seen.told);
  expect(await tab.seen("in")).toBe(agent.tenantId);

  await tab.page.click("#ready");
  await tab.shows("#state", "ready");
  await expect.poll(state).toMatchObject({ state: "ready", offerable: true, connection: "live" });
  await tab.page.click("#outbound");
  await expect.poll(state).toMatchObject({ direction: "outbound" });
  await expect.poll(told).toContainEqual(["direction-change-response", "outbound"]); // what is cut off before that is told after the loss

  home.cut("refuse");
  await expect.poll(state).toMatchObject({ connection: "lost" });
  await expect.poll(told).toContainEqual(["connection", false]);
  await supervisor.setState(agent, "notready");
  home.mend();
  await tab.shows("#state", "notready");
  await expect.poll(state).toMatchObject({ state: "notready", connection: "live" });

  await tab.page.click("#logout");
  await tab.shows("#state", "offline");
  await expect.poll(state).toMatchObject({ state: "offline", sessionId: null });
  expect(await told()).toEqual([
    ["state-change-response", "notready"],
    ["state-change-response", "ready"],
    ["direction-change-response", "outbound"],
    ["connection", false],
    ["connection", true],
    ["state-change-response", "notready"],
    ["ended", "offline"],
  ]);
  expect(tab.errors).toEqual([]);
});
