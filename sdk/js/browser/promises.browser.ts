import { describe, expect } from "vitest";
import { test } from "./fixtures.js";
import { Tab } from "./tab.js";

const result = async (tab: Tab, name: string): Promise<unknown> => {
  await tab.until((name) => (globalThis as unknown as { seen: { results: Record<string, unknown> } }).seen.results[name], name);
  return (await tab.seen<Record<string, unknown>>("results"))[name];
};

describe.for(["home", "abroad"] as const)("a page with a module and promises, %s", (where) => {
  test("lives a whole day", async ({ context, deployment }) => {
    const { agent, supervisor } = deployment;
    const tab = await Tab.open(context, deployment[where], "promises.html", agent);
    const state = () => supervisor.presence(agent);

    const entered = await tab.seen<{ tenant: string; states: string[]; now: string }>("in");
    expect(entered).toMatchObject({ tenant: agent.tenantId, states: ["notready"] });
    expect(Math.abs(Date.parse(entered.now) - Date.parse((await state()).timestamp))).toBeLessThan(5_000);

    await tab.page.click("#ready");
    expect(await result(tab, "ready")).toMatchObject({ status: "applied", state: "ready" });
    await tab.shows("#state", "ready");
    await expect.poll(state).toMatchObject({ state: "ready", offerable: true, connection: "live" });

    await tab.page.click("#wrong");
    expect(await result(tab, "wrong")).toEqual({ error: { code: 2007, message: expect.any(String), isError: true } });

    await tab.page.click("#lunch");
    expect(await result(tab, "lunch")).toMatchObject({ status: "applied", state: "notready", reason: "Lunch" });
    await tab.shows("#state", "notready (Lunch)");
    await expect.poll(state).toMatchObject({ state: "notready", reason: "Lunch" });

    await tab.page.click("#outbound");
    expect(await result(tab, "outbound")).toMatchObject({ direction: "outbound" });
    await expect.poll(state).toMatchObject({ direction: "outbound" });

    await tab.page.click("#logout");
    expect(await result(tab, "logout")).toMatchObject({ status: "applied", state: "offline" });
    await tab.shows("#state", "offline");
    await tab.seen("watched"); // the loop has ended with its signal
    await expect.poll(state).toMatchObject({ state: "offline", sessionId: null });
    expect(tab.errors).toEqual([]);
    expect(tab.console).toEqual([]);
  });
});
