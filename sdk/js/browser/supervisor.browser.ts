import { expect } from "vitest";
import { test } from "./fixtures.js";
import { Recorder } from "./recorder.js";

test("a supervisor's page changes an agent's state and direction and ends the session, and the agent's page is told each in order", async ({
  browser,
  context,
  deployment: { home, agent, supervisor },
}) => {
  const desk = await Recorder.enter(context, home, agent);
  await desk.goReady();
  const elsewhere = await browser.newContext();
  try {
    const control = await Recorder.enter(elsewhere, home, supervisor, { noSession: true });
    const who = { supervisorId: supervisor.userId, supervisorName: "Test Supervisor" };
    const lists = await supervisor.ask<{ id: string; name: string; reasons: { reasonId: string; name: string }[] }[]>("GET", `tenants/${agent.tenantId}/users/${agent.userId}/reason-lists`);
    const breaks = lists.find((list) => list.name === "Breaks")!;
    const lunch = { reason: "Lunch", reasonId: breaks.reasons.find((r) => r.name === "Lunch")!.reasonId, reasonListId: breaks.id };
    const before = (await desk.told()).length;

    const agentId = agent.userId;
    for (const [name, params] of [
      ["setPresenceState", { agentId, state: "notready", ...lunch }],
      ["setDirection", { agentId, direction: "agent-initiated" }],
      ["setPresenceState", { agentId, state: "ready" }],
      ["setPresenceState", { agentId, state: "offline" }],
    ] as const) {
      expect((await control.session(name, params)).error).toBeNull();
    }
    await expect.poll(() => desk.topics(before)).toEqual(["state-change-response", "direction-change-response", "state-change-response", "ended"]);
    const told = (await desk.told()).slice(before).filter((t) => !t.topic.endsWith("heartbeat-response"));
    const time = expect.stringMatching(/^20\d\d-.*Z$/);
    expect(told.map((t) => t.error)).toEqual([null, null, null, null]);
    expect(told.map((t) => t.response)).toEqual([
      { state: "notready", availableStates: ["ready", "notready", "offline"], direction: "inbound", ...lunch, ...who, stateSince: time, pending: null, cause: "supervisor" },
      { state: "notready", availableStates: ["ready", "notready", "offline"], direction: "agent-initiated", ...who },
      {
        state: "ready",
        availableStates: ["ready", "notready", "offline"],
        direction: "agent-initiated",
        reason: null,
        reasonId: null,
        reasonListId: null,
        ...who,
        stateSince: time,
        pending: null,
        cause: "supervisor",
      },
      { state: "offline", ...who, endCode: "supervisor" },
    ]);

    // The supervisor's page has no session, and is told of none.
    expect((await control.topics()).filter((name) => /started|ended|change-response|connection/.test(name))).toEqual([]);
    expect(await control.errors()).toEqual([]);
  } finally {
    await elsewhere.close();
  }
});

test("after a supervisor has ended the session its page gets the errors for that, and a log-out succeeds", async ({ context, deployment: { home, agent, supervisor } }) => {
  const desk = await Recorder.enter(context, home, agent);
  const sessionId = await desk.sessionId();
  await desk.goReady();
  await supervisor.setState(agent, "offline");
  await expect.poll(() => desk.toldOn("cxengage/session/ended")).toHaveLength(1);

  const gone = { data: { apiResponse: { status: 404, apiResponse: { failure: "session_ended", response: { error: { code: "session_ended" } } } } } };
  for (const [name, params, topic, code] of [
    ["goReady", { extensionValue: "browser" }, "cxengage/session/state-change-request-acknowledged", 2004],
    ["goNotReady", {}, "cxengage/session/state-change-request-acknowledged", 2004],
    ["setDirection", { direction: "inbound" }, "cxengage/session/set-direction-response", 2008],
    ["setPresenceState", { state: "ready" }, "cxengage/session/set-presence-state-response", 2013],
  ] as const) {
    const outcome = await desk.session(name, params);
    expect(outcome).toMatchObject({ topic, response: null, error: { code, level: "error", ...gone } });
  }
  expect(await desk.logout()).toMatchObject({ error: null, response: { state: "offline", sessionId, reason: null, reasonId: null, reasonListId: null } });
  expect(await desk.toldOn("cxengage/session/ended")).toHaveLength(1);
  expect((await desk.errors()).map((error) => error.code)).toEqual([2004, 2004, 2008, 2013]); // and no 2003
});
