import { describe, expect } from "vitest";
import { test } from "./fixtures.js";
import { Tab } from "./tab.js";

/** What the page was answered. */
interface Answer {
  error: { code: number } | null;
  topic: string;
  response: Record<string, unknown> | null;
}

/** Waits for the answer to a call, and expects one without an error. */
const answer = async (tab: Tab, name: string): Promise<Answer["response"]> => {
  await tab.until((name) => (globalThis as unknown as { seen: { answers: Record<string, unknown> } }).seen.answers[name], name);
  const answers = (await tab.seen<Record<string, Answer[]>>("answers"))[name];
  expect(answers, name).toHaveLength(1);
  expect(answers![0]!.error, name).toBeNull();
  return answers![0]!.response;
};

describe.for(["home", "abroad"] as const)("a page with a script tag and callbacks only, %s", (where) => {
  test("lives a whole day", async ({ context, deployment }) => {
    const { agent, supervisor } = deployment;
    const tab = await Tab.open(context, deployment[where], "callbacks.html", agent);
    const state = () => supervisor.presence(agent);

    expect(await tab.seen("before")).toEqual(["initialize"]);
    expect(await tab.seen("after")).toEqual(expect.arrayContaining(["version", "subscribe", "unsubscribe", "publish", "dumpState", "logging", "session", "authentication"]));

    await tab.page.click("#login");
    expect(await answer(tab, "login")).toMatchObject({ userId: agent.userId, auth: "username" });
    expect(await answer(tab, "setActiveTenant")).toEqual({ tenantId: agent.tenantId });
    await tab.shows("#state", "notready (Logged in)");
    await expect.poll(state).toMatchObject({ state: "notready", reason: "Logged in", connection: "live" });

    await tab.page.click("#ready");
    expect(await answer(tab, "getDefaultExtension")).toMatchObject({ value: "browser" });
    expect(await answer(tab, "goReady")).toMatchObject({ state: "ready", reason: null });
    await tab.shows("#state", "ready");
    await expect.poll(state).toMatchObject({ state: "ready", offerable: true });

    await tab.page.click("#lunch");
    expect(await answer(tab, "getUserConfig")).toMatchObject({ result: { activeExtension: { value: "browser" } } });
    expect(await answer(tab, "goNotReady")).toMatchObject({ state: "notready", reason: "Lunch" });
    await tab.shows("#state", "notready (Lunch)");
    await expect.poll(state).toMatchObject({ state: "notready", reason: "Lunch", offerable: false });

    await tab.page.click("#outbound");
    expect(await answer(tab, "setDirection")).toMatchObject({ direction: "outbound" });
    await tab.shows("#direction", "outbound");
    await expect.poll(state).toMatchObject({ direction: "outbound" });

    await tab.page.click("#present");
    expect(await answer(tab, "setPresenceState")).toMatchObject({ state: "notready", reason: null });
    await tab.shows("#state", "notready");

    await tab.page.click("#look");
    expect(await answer(tab, "getActiveUserId")).toBe(agent.userId);
    expect(await answer(tab, "getActiveTenantId")).toBe(agent.tenantId);
    expect(await answer(tab, "getExtensions")).toHaveLength(2);
    expect(await answer(tab, "getTenantDetails")).toMatchObject({ details: [{ name: expect.any(String) }, { name: expect.any(String) }] });
    expect(await answer(tab, "getRunningSessionState")).toEqual({ state: "notready", sessionId: (await state()).sessionId });
    expect(await answer(tab, "getMonitoredInteraction")).toBeNull();
    expect(await answer(tab, "setLocale")).toBe("en-GB");
    expect(await answer(tab, "getAuthInfo")).toEqual({ result: { client: "desk-client", domain: "idp.desk.example" } });
    expect(await answer(tab, "getAvailableStats")).toHaveProperty("resourceHandleTime");

    await tab.page.click("#logout");
    expect(await answer(tab, "logout")).toMatchObject({ state: "offline" });
    await tab.shows("#state", "offline");
    await expect.poll(state).toMatchObject({ state: "offline", sessionId: null });
    expect((await tab.seen<string[]>("topics")).filter((topic) => topic === "cxengage/session/ended")).toHaveLength(1);
    expect(tab.errors).toEqual([]);
    expect(tab.console).toEqual([]);
  });
});

test("a page whose origin the server does not allow is told so", async ({ context, deployment: { stranger, agent, supervisor } }) => {
  const tab = await Tab.open(context, stranger, "callbacks.html", agent);
  await tab.page.clock.install(); // the SDK tries for half a minute
  await tab.page.click("#login");
  await expect
    .poll(async () => {
      await tab.page.clock.runFor(1_000);
      return tab.page.evaluate(() => (globalThis as unknown as { seen: { answers: Record<string, Answer[]> } }).seen.answers["login"]);
    })
    .toEqual([{ error: expect.objectContaining({ code: 3000, message: expect.stringContaining(`--allow-origin ${stranger.origin}`), data: expect.objectContaining({ apiResponse: expect.objectContaining({ status: 0 }) }) }), topic: expect.any(String), response: null }]);
  // A page is not told why it gets no answer; the browser says it to whoever looks.
  expect(tab.console).toContainEqual(expect.stringContaining("blocked by CORS policy"));
  expect(await supervisor.presence(agent)).toMatchObject({ state: "offline" });
  expect(tab.errors).toEqual([]);
});
