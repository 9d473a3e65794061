import { afterAll, afterEach, describe, expect, expectTypeOf, test, vi } from "vitest";
import { type StateChange, changes, createClient, currentState, entrance, login, tabs } from "../src/index.js";
import { FakeBrowser, sharedBy } from "./browser.js";
import { Socket, began, message, otherId, presence, sessionId, snapshot, sockets, start, state, tenantId, userId, welcome, within } from "./small_desk.js";
import { endTasks, tasks } from "./time.js";

const open: { close: () => void }[] = [];
const error = vi.fn();

const agent = (more = {}) => {
  const server = within({
    [`POST ${presence}`]: { body: { result: state("offline", 3) } },
    [start]: { body: { result: { ...began, ...state("notready", 0), direction: "inbound" } } },
    "POST tokens": { status: 401, body: { error: { code: "bad_credentials" } } },
  });
  const client = createClient({
    baseUrl: "http://muster.test/v1/",
    modules: [login, entrance, changes, currentState],
    features: [tabs],
    environment: { ...server.environment(), ...sockets, ...more },
    log: { warn: () => {}, error },
  });
  open.push(client);
  client.session.setToken("secret");
  client.session.setUserIdentity(userId);
  return { client, ...client, asked: server.asked };
};

type Agent = ReturnType<typeof agent>;

/** The agent is in a session, and the stream has told its state. */
const entered = async (more = {}): Promise<Agent & { socket: Socket }> => {
  const made = agent(more);
  void made.session.setActiveTenant({ tenantId });
  await until(() => Socket.made.length > 0);
  const socket = Socket.made.at(-1)!;
  welcome(socket, snapshot(1, state("notready", 0)));
  return { ...made, socket };
};

/** The agent's direction is outbound now. */
const turned = (seq: number) => ({
  type: "events",
  events: [{ seq, prev: seq - 1, message: { type: "resource-direction-change", tenantId, resourceId: userId, sessionId, state: "ready", availableStates: [], direction: "outbound" } }],
});

const until = async (holds: () => boolean): Promise<void> => {
  for (let i = 0; !holds() && i < 100; i++) await tasks();
  expect(holds()).toBe(true);
};

afterEach(() => {
  for (const client of open.splice(0)) client.close();
  Socket.made = [];
  error.mockReset();
});

afterAll(endTasks);

describe("the current state", () => {
  test("is none without a session", () => {
    const { getCurrentState } = agent().session;
    expect(getCurrentState()).toBeNull();
    expectTypeOf(getCurrentState()).toEqualTypeOf<Readonly<StateChange> | null>();
  });

  test("is what the session begins with, when that is told to have started", async () => {
    const { client, session } = agent();
    const started = vi.fn(() => session.getCurrentState());
    client.subscribe("cxengage/session/started", started);
    void session.setActiveTenant({ tenantId });
    await until(() => started.mock.calls.length > 0);
    expect(started).toHaveReturnedWith(expect.objectContaining({ state: "notready", direction: "inbound" }));
  });

  test("is what an event tells, while it is told", async () => {
    const { client, session, socket } = await entered();
    const told = vi.fn(() => session.getCurrentState());
    client.subscribe("cxengage/session/state-change-response", told);
    socket.frame(message(2, state("ready", 1)));
    expect(told).toHaveReturnedWith(expect.objectContaining({ state: "ready" }));
  });

  test("has the direction too", async () => {
    const { session, socket } = await entered();
    socket.frame(message(2, state("ready", 1)));
    socket.frame(turned(3));
    expect(session.getCurrentState()).toMatchObject({ state: "ready", direction: "outbound" });
  });

  test("is the same object until something else is told", async () => {
    const { session, socket } = await entered();
    const first = session.getCurrentState();
    socket.frame({ type: "beat", n: 1 });
    expect(session.getCurrentState()).toBe(first);
    socket.frame(message(2, state("ready", 1)));
    expect(session.getCurrentState()).not.toBe(first);
    expect(first).toMatchObject({ state: "notready" });
  });

  test("is none when the session has ended", async () => {
    const { session } = await entered();
    await session.setPresenceState({ state: "offline" });
    expect(session.getCurrentState()).toBeNull();
  });

  test("is the page's own copy", async () => {
    const { session, socket } = await entered();
    (session.getCurrentState() as StateChange).state = "ready";
    socket.frame(turned(2));
    expect(session.getCurrentState()).toMatchObject({ state: "notready", direction: "outbound" });
  });

  test("is another tab's too that takes part in the session", async () => {
    const browser = new FakeBrowser();
    const { session, socket } = await entered(sharedBy(browser, { closed: false }));
    const other = agent(sharedBy(browser, { closed: false }));
    void other.session.setActiveTenant({ tenantId });
    await until(() => other.session.getCurrentState() !== null);
    socket.frame(message(2, state("ready", 1)));
    await until(() => other.session.getCurrentState()?.state === "ready");
    expect(other.session.getCurrentState()).toEqual(session.getCurrentState());
    expect(other.asked).not.toContain(start);
  });
});

describe("who watches the current state", () => {
  /** What a page that draws from a store shows. */
  const shows = ({ session }: Agent): { states: unknown[]; end: () => void } => {
    const states: unknown[] = [];
    return { states, end: session.watchCurrentState(() => states.push(session.getCurrentState()?.state ?? null)) };
  };

  test("is told of each that is another, and of nothing else", async () => {
    const made = agent();
    const { states } = shows(made);
    void made.session.setActiveTenant({ tenantId });
    await until(() => Socket.made.length > 0);
    const socket = Socket.made[0]!;
    welcome(socket, snapshot(1, state("notready", 0)));
    socket.frame({ type: "beat", n: 1 });
    socket.frame(message(2, state("ready", 1)));
    await made.session.setPresenceState({ state: "offline" });
    await tasks();
    expect(states).toEqual(["notready", "ready", null]);
  });

  test("from before the log-in is told of each session and of its end", async () => {
    const made = agent();
    const { states } = shows(made);
    for (let times = 1; times <= 3; times++) {
      made.session.setUserIdentity(userId);
      void made.session.setActiveTenant({ tenantId });
      await until(() => states.at(-1) === "notready");
      made.session.setUserIdentity(otherId);
      await until(() => states.at(-1) === null);
    }
    expect(states).toEqual(["notready", null, "notready", null, "notready", null]);
  });

  test("is not kept by the session once that has ended", async () => {
    const listening = vi.spyOn(EventTarget.prototype, "addEventListener");
    const made = await entered();
    const before = listening.mock.calls.length;
    for (let times = 0; times < 100; times++) made.session.watchCurrentState(() => {})();
    made.socket.frame(message(2, state("ready", 1)));
    expect(listening.mock.calls.length).toBe(before);
    listening.mockRestore();
  });

  test("may end that while told", async () => {
    const made = await entered();
    const other = vi.fn();
    const end = [made.session.watchCurrentState(() => end.forEach((stop) => stop())), made.session.watchCurrentState(other)];
    made.socket.frame(message(2, state("ready", 1)));
    expect(other).not.toHaveBeenCalled();
  });

  test("has to be a function", () => {
    expect(() => agent().session.watchCurrentState(undefined as never)).toThrow(new TypeError("changed must be a function"));
  });

  test.each<[string, (made: Agent) => unknown]>([
    ["a log-in that is refused", ({ authentication }) => authentication.login({ username: "a", password: "wrong" }).catch(() => {})],
    ["another user", ({ session }) => session.setUserIdentity(otherId)],
    ["a client that is closed", ({ close }) => close()],
  ])("is told that the session was left by %s, of which no event tells", async (_name, leave) => {
    const made = await entered();
    const { states } = shows(made);
    await leave(made);
    await tasks();
    expect(states).toEqual([null]);
  });

  test("is told nothing any more once that has ended", async () => {
    const made = await entered();
    const { states, end } = shows(made);
    end();
    made.socket.frame(message(2, state("ready", 1)));
    made.close();
    await tasks();
    expect(states).toEqual([]);
  });

  test("harms nobody by throwing", async () => {
    const made = await entered();
    const failure = new Error("of the page");
    made.session.watchCurrentState(() => {
      throw failure;
    });
    const { states } = shows(made);
    made.socket.frame(message(2, state("ready", 1)));
    expect(states).toEqual(["ready"]);
    expect(error).toHaveBeenCalledWith("a function that watches the current state throws", failure);
  });
});
