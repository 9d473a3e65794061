import { afterAll, afterEach, expect, expectTypeOf, test } from "vitest";
import { type StateChange, changes, createClient, entrance, present, tabs } from "../src/index.js";
import { FakeBrowser, sharedBy } from "./browser.js";
import { Socket, message, presence, sessionId, snapshot, sockets, start, state, tenantId, userId, welcome, within } from "./small_desk.js";
import { endTasks, tasks } from "./time.js";

const open: { close: () => void }[] = [];

const agent = (more = {}) => {
  const server = within({ [`POST ${presence}`]: { body: { result: { ...state("offline", 3), state: "offline" } } } });
  const client = createClient({
    baseUrl: "http://muster.test/v1/",
    modules: [entrance, changes, present],
    features: [tabs],
    environment: { ...server.environment(), ...sockets, ...more },
    log: { warn: () => {}, error: () => {} },
  });
  open.push(client);
  client.session.setToken("secret");
  client.session.setUserIdentity(userId);
  return { client, session: client.session, asked: server.asked };
};

/** The agent's direction is outbound now. */
const turned = (seq: number) => ({
  type: "events",
  events: [{ seq, prev: seq - 1, message: { type: "resource-direction-change", tenantId, resourceId: userId, sessionId, state: "ready", availableStates: [], direction: "outbound" } }],
});

afterEach(() => {
  for (const client of open.splice(0)) client.close();
  Socket.made = [];
});

afterAll(endTasks);

const until = async (holds: () => boolean): Promise<void> => {
  for (let i = 0; !holds() && i < 100; i++) await tasks();
};

test("the present state is what events have told last, and the same object until the next tells something else", async () => {
  const { client, session } = agent();
  expect(session.getPresenceState()).toBeNull();
  expectTypeOf(session.getPresenceState()).toEqualTypeOf<Readonly<StateChange> | null>();
  const seen: unknown[] = [];
  client.subscribe("cxengage/session/state-change-response", () => seen.push(session.getPresenceState()?.state));
  client.subscribe("cxengage/session/ended", () => seen.push(session.getPresenceState()));
  void session.setActiveTenant({ tenantId });
  await until(() => Socket.made.length > 0);
  expect(session.getPresenceState()).toBeNull();

  const socket = Socket.made[0]!;
  welcome(socket, snapshot(1, state("notready", 0)));
  const { getPresenceState } = session;
  const first = getPresenceState();
  expect(first).toMatchObject({ state: "notready", direction: "inbound" });
  socket.frame({ type: "beat", n: 1 });
  expect(getPresenceState()).toBe(first);

  socket.frame(message(2, state("ready", 1)));
  expect(getPresenceState()).toMatchObject({ state: "ready" });
  expect(first).toMatchObject({ state: "notready" });

  socket.frame(turned(3));
  expect(getPresenceState()).toMatchObject({ state: "ready", direction: "outbound" });

  await session.setPresenceState({ state: "offline" });
  expect(getPresenceState()).toBeNull();
  expect(seen).toEqual(["notready", "ready", null]);
});

test("what a page writes into the present state changes nothing else", async () => {
  const { session } = agent();
  void session.setActiveTenant({ tenantId });
  await until(() => Socket.made.length > 0);
  welcome(Socket.made[0]!, snapshot(1, state("notready", 0)));
  (session.getPresenceState() as StateChange).state = "ready";
  Socket.made[0]!.frame(turned(2));
  expect(session.getPresenceState()).toMatchObject({ state: "notready", direction: "outbound" });
});

test("a tab that takes part in another's session has its state too", async () => {
  const browser = new FakeBrowser();
  const [one, other] = [agent(sharedBy(browser, { closed: false })), agent(sharedBy(browser, { closed: false }))];
  void one.session.setActiveTenant({ tenantId });
  await until(() => Socket.made.length > 0);
  welcome(Socket.made[0]!, snapshot(1, state("notready", 0)));
  void other.session.setActiveTenant({ tenantId });
  await until(() => other.session.getPresenceState()?.state === "notready");
  Socket.made[0]!.frame(message(2, state("ready", 1)));
  await until(() => other.session.getPresenceState()?.state === "ready");
  expect(other.session.getPresenceState()).toEqual(one.session.getPresenceState());
  expect(other.session.getPresenceState()?.state).toBe("ready");
  expect(other.asked).not.toContain(start);
});
