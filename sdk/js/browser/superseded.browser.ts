import { expect } from "vitest";
import { test } from "./fixtures.js";
import type { Person } from "./person.js";
import { Recorder } from "./recorder.js";

// Often, so that a second error would come while the tests look.
test.override("settings", { heartbeatDelay: "1s", beatDelay: "1s" });

/** A page was told that another desk has the session: once, and nothing else of its end. */
const expectSuperseded = async (desk: Recorder): Promise<void> => {
  await expect.poll(async () => (await desk.errors()).length).toBeGreaterThan(0);
  const [told] = (await desk.told()).filter((t) => t.error);
  expect(told).toMatchObject({
    topic: "cxengage/session/heartbeat-response",
    response: null,
    error: { code: 2003, level: "session-fatal", context: "session", data: { apiResponse: { status: 409 } } },
  });
};

/** So many heartbeats later that is still all. */
const expectSilence = async (desk: Recorder, other: Recorder): Promise<void> => {
  const heartbeats = await other.heartbeats();
  await expect.poll(() => other.heartbeats()).toBeGreaterThan(heartbeats + 2);
  expect(await desk.errors()).toHaveLength(1);
  expect(await desk.toldOn("cxengage/session/ended")).toEqual([]);
};

const expectLive = async (supervisor: Person, agent: Person, desk: Recorder): Promise<void> => {
  expect(await supervisor.presence(agent)).toMatchObject({ sessionId: await desk.sessionId(), connection: "live" });
  expect(await desk.errors()).toEqual([]);
};

test("a login elsewhere takes the session: the first page is told 2003 once, and nothing that it does harms the second", async ({
  browser,
  context,
  deployment: { home, agent, supervisor },
}) => {
  const first = await Recorder.enter(context, home, agent);
  await first.goReady();
  const elsewhere = await browser.newContext();
  try {
    const second = await Recorder.enter(elsewhere, home, agent);
    expect(await second.sessionId()).not.toBe(await first.sessionId());
    await expectSuperseded(first);
    await expectSilence(first, second);

    const refused = { response: null, error: { level: "error", data: { apiResponse: { status: 409, apiResponse: { failure: "session_superseded" } } } } };
    expect(await first.session("goReady", { extensionValue: "browser" })).toMatchObject({ ...refused, error: { ...refused.error, code: 2004 } });
    expect(await first.session("setDirection", { direction: "outbound" })).toMatchObject({ ...refused, error: { ...refused.error, code: 2008 } });
    expect(await first.logout()).toMatchObject({ error: null, response: { state: "offline", sessionId: await first.sessionId() } });
    expect((await first.errors()).map((error) => error.code)).toEqual([2003, 2004, 2008]);
    expect(await second.states()).toEqual(["notready"]);
    await expectLive(supervisor, agent, second);
  } finally {
    await elsewhere.close();
  }
});

test("a login elsewhere is told once to every tab that shared the session", async ({ browser, context, deployment: { home, agent, supervisor } }) => {
  const leader = await Recorder.enter(context, home, agent);
  const follower = await Recorder.enter(context, home, agent);
  const elsewhere = await browser.newContext();
  try {
    const other = await Recorder.enter(elsewhere, home, agent);
    for (const tab of [leader, follower]) await expectSuperseded(tab);
    for (const tab of [leader, follower]) await expectSilence(tab, other);
    await expectLive(supervisor, agent, other);
  } finally {
    await elsewhere.close();
  }
});

test("a page that was superseded while its network was cut is told 2003 once when it is back", async ({ browser, context, deployment: { home, abroad, agent, supervisor } }) => {
  const first = await Recorder.enter(context, home, agent);
  home.cut("refuse");
  await expect.poll(() => supervisor.presence(agent)).toMatchObject({ connection: "lost" });
  const elsewhere = await browser.newContext();
  try {
    const second = await Recorder.enter(elsewhere, abroad, agent); // past the cut
    home.mend();
    await expectSuperseded(first);
    await expectSilence(first, second);
    await expectLive(supervisor, agent, second);
  } finally {
    await elsewhere.close();
  }
});
