import { expect, test } from "vitest";
import type { Event, Session, StateChange, WorkChangeMessage } from "../../../sdk/js/src/index.js";
import { type Desk, afterEvent, emptyDesk, withoutNotice } from "../../src/desk/desk.js";

const now = Date.parse("2026-11-25T12:00:00Z");

const notReady: StateChange = {
  state: "notready",
  availableStates: ["ready", "notready", "offline"],
  direction: "inbound",
  reason: "Logged in",
  reasonId: "logged-in",
  reasonListId: "system",
  stateSince: "2026-11-25T11:00:00.000Z",
  pending: null,
  cause: "agent",
};
const ready: StateChange = { ...notReady, state: "ready", reason: null, reasonId: null, reasonListId: null, stateSince: "2026-11-25T11:30:00.000Z" };
const lunch: StateChange = { ...notReady, reason: "Lunch", reasonId: "lunch", reasonListId: "breaks", stateSince: "2026-11-25T11:40:00.000Z", cause: "supervisor", supervisorId: "s", supervisorName: "Sam Supervisor" };
const held: StateChange = { ...notReady, reason: "Connection lost", reasonId: "lost", stateSince: "2026-11-25T11:50:00.000Z", cause: "system" };

const session = { ...notReady, sessionId: "one", startedAt: "2026-11-25T11:00:00.000Z", tenantId: "t", resourceId: "u", silentMonitoring: false, metadata: null } as unknown as Session;

const event = (topic: string, response: unknown): Event => ({ topic: `cxengage/session/${topic}`, error: null, response }) as Event;
const states = (...changes: StateChange[]): Event[] => changes.map((change) => event("state-change-response", change));
const after = (...events: Event[]): Desk => events.reduce((desk, e) => afterEvent(desk, e, now), emptyDesk(now, true));
const started = event("started", session);

test("a session begins with its state, and without anything of the one before", () => {
  const desk = after(started, ...states(lunch), event("ended", { state: "offline" }), started);
  expect(desk).toMatchObject({ session: { id: "one" }, presence: { state: "notready", reason: "Logged in" }, notices: [], over: null, work: [] });
});

test("what a supervisor sets is a notice until the agent chooses anew or has seen it", () => {
  const desk = after(started, ...states(ready, lunch));
  expect(desk.presence).toMatchObject({ state: "notready", reason: "Lunch", by: "Sam Supervisor" });
  expect(desk.notices).toEqual([{ kind: "state", at: now, by: "Sam Supervisor", state: "notready", reason: "Lunch" }]);
  expect(withoutNotice(desk, desk.notices[0]!).notices).toEqual([]);
  expect(afterEvent(desk, states({ ...ready, stateSince: "2026-11-25T11:45:00.000Z" })[0]!, now).notices).toEqual([]);
});

test("the agent's own changes and repetitions are no notices", () => {
  expect(after(started, ...states(ready, ready, notReady)).notices).toEqual([]);
  expect(after(started, ...states(lunch, lunch)).notices).toHaveLength(1);
});

test("a repetition without the supervisor's name keeps who it was", () => {
  const { supervisorId: _id, supervisorName: _name, ...nameless } = lunch;
  expect(after(started, ...states(lunch, nameless)).presence?.by).toBe("Sam Supervisor");
});

test("what the system holds and gives back are one notice at a time", () => {
  const away = after(started, ...states(ready, held));
  expect(away.notices).toEqual([{ kind: "held", at: now }]);
  expect(afterEvent(away, states(ready)[0]!, now).notices).toEqual([{ kind: "released", at: now, state: "ready", reason: null }]);
});

test("a supervisor's direction is a notice, one's own is not", () => {
  const turn = { state: "ready", availableStates: [], direction: "outbound" };
  expect(after(started, event("direction-change-response", turn))).toMatchObject({ presence: { direction: "outbound" }, notices: [] });
  expect(after(started, event("direction-change-response", { ...turn, supervisorId: "s", supervisorName: "Sam" })).notices).toEqual([{ kind: "direction", at: now, by: "Sam", direction: "outbound" }]);
});

test("work comes, changes in its place, and goes", () => {
  const work = (interactionId: string, state: WorkChangeMessage["state"]): Event => event("work-change", { interactionId, state, channel: "voice", direction: "inbound", since: "2026-11-25T11:00:00.000Z" });
  const desk = after(started, work("a", "offered"), work("b", "offered"), work("a", "active"));
  expect(desk.work.map(({ interactionId, state }) => `${interactionId} ${state}`)).toEqual(["a active", "b offered"]);
  expect(afterEvent(desk, work("a", "ended"), now).work.map(({ interactionId }) => interactionId)).toEqual(["b"]);
});

test("a connection that is lost and comes back is told with how long it was away", () => {
  const lost = after(started, ...states(ready), event("connection", { connected: false, since: "2026-11-25T11:59:50.000Z" }));
  expect(lost.hearing).toMatchObject({ connected: false, since: now - 10_000 });
  const back = afterEvent(lost, event("connection", { connected: true, since: "2026-11-25T12:00:00.000Z" }), now);
  expect(back.hearing.connected).toBe(true);
  expect(back.notices).toEqual([{ kind: "back", at: now, away: 10_000 }]);
});

test("every end says how", () => {
  const gone = (status: number): Event => ({ topic: "cxengage/session/heartbeat-response", response: null, error: { code: 2003, context: "session", level: "session-fatal", message: "", data: { apiResponse: { status, apiResponse: {} } } } }) as Event;
  expect(after(started, event("ended", { state: "offline", endCode: "supervisor", supervisorName: "Sam" })).over).toEqual({ how: "supervisor", by: "Sam", at: now });
  expect(after(started, event("ended", { state: "offline" })).over?.how).toBe("logged_out");
  expect(after(started, gone(409)).over?.how).toBe("superseded");
  expect(after(started, gone(404)).over?.how).toBe("lease_expired");
});

test("what the desk does not show changes nothing", () => {
  const desk = after(started);
  expect(afterEvent(desk, event("get-extensions", []), now)).toBe(desk);
});
