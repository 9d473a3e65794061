import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type Client, type ClientOptions, type Environment, createClient, everything } from "../src/index.js";
import { FakeBrowser, leftBy, sharedBy } from "./browser.js";
import { Socket, began, epoch, later, message, presence, sessionId, snapshot, sockets, start, state, tenantId, userId, welcome, within } from "./small_desk.js";
import type { SmallServer } from "./small_server.js";
import { endTasks, tasks } from "./time.js";

// What api/scenarios/without_stream.yaml cannot say: sockets that hang, several tabs, and a page without a token.

type Heard = string[];

const clients: Client[] = [];
const pass = (ms = 0) => vi.advanceTimersByTimeAsync(ms);

/** A client of the agent's, and what it publishes of state, direction, connection and end. */
const agent = (server: SmallServer, more: Partial<Environment> = {}, options: Partial<Omit<ClientOptions, "modules">> = {}): { client: Client; heard: Heard } => {
  const client = createClient({ ...everything, baseUrl: "http://muster.test/v1/", environment: { ...server.environment(), ...sockets, ...more }, log: { warn: () => {}, error: () => {} }, ...options });
  const heard: Heard = [];
  clients.push(client);
  client.session.setToken("first");
  client.session.setUserIdentity(userId);
  client.subscribe("cxengage/session/state-change-response", ({ response }) => void heard.push(`${response!.state} since ${response!.stateSince?.slice(-3, -1)}`));
  client.subscribe("cxengage/session/connection", ({ response }) => void heard.push(response!.connected ? "back" : "lost"));
  client.subscribe("cxengage/session/ended", () => void heard.push("ended"));
  return { client, heard };
};

/** A server that answers requests for a state with this one. */
const answering = (answer: object): SmallServer =>
  within({ [`POST ${presence}`]: { body: { result: answer } }, [start]: { body: { result: { ...began, ...state("notready", 0) } } } });

const cursorOf = (socket: Socket): unknown => (socket.sent[0] as { cursor?: unknown }).cursor;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date"] });
  vi.spyOn(Math, "random").mockReturnValue(0.5);
  Socket.made = [];
});

afterEach(() => {
  for (const client of clients.splice(0)) client.close();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

afterAll(endTasks);

/** A connection that is lost for so many seconds: from 31 on nothing is expected of it. */
const away = async (seconds = 32): Promise<void> => {
  for (let i = 0; i < seconds; i++) {
    await pass(1_000);
    for (const socket of Socket.made) if (socket.readyState === 0) socket.end(1006);
  }
};

test("where nothing was told in its place, a stream that was away resumes from its cursor, and tells what changed nothing too", async () => {
  const { client, heard } = agent(answering(state("notready", 0)), {}, { transport: "socket" });
  void client.session.setActiveTenant({ tenantId });
  await pass();
  welcome(Socket.made[0]!, snapshot(1, state("notready", 0)));
  await pass();
  await client.session.goNotReady();
  Socket.made[0]!.end(1006);
  await away();
  const next = Socket.made.at(-1)!.readyState === 0 ? Socket.made.at(-1)! : await nextSocket();
  next.open();
  expect(cursorOf(next)).toBe(`${epoch}:1`);
  next.frame({ type: "welcome", beatMs: 4000 });
  next.frame(message(2, state("notready", 0)));
  expect(heard).toEqual(["notready since 00", "lost", "back", "notready since 00"]);
});

test("what is older than an answer that it waited for does not take its place", async () => {
  const answer = later();
  const { client, heard } = agent(within({ [`POST ${presence}`]: answer.answer, [start]: { body: { result: { ...began, ...state("notready", 0) } } } }), {}, { transport: "socket" });
  void client.session.setActiveTenant({ tenantId });
  await pass();
  const [socket] = Socket.made;
  welcome(socket!, snapshot(1, state("notready", 0)));
  await pass();
  const going = client.session.setPresenceState({ state: "ready" });
  await pass();
  socket!.frame(message(2, state("notready", 1)));
  socket!.frame({ type: "events", events: [{ seq: 3, prev: 2, message: { ...state("notready", 1), type: "resource-direction-change", tenantId } }] });
  socket!.end(1006);
  answer.give({ body: { result: state("ready", 2) } });
  await going;
  await away();
  expect(heard).toEqual(["notready since 00", "notready since 01", "lost", "ready since 02"]);
});

/** The socket that is made next. */
const nextSocket = async (): Promise<Socket> => {
  const before = Socket.made.length;
  for (let i = 0; i < 60 && Socket.made.length === before; i++) await pass(1_000);
  return Socket.made.at(-1)!;
};

test("a page that forgets its token while its session begins is in all the same, and its own changes are told", async () => {
  const { client, heard } = agent(answering(state("ready", 2)), {}, { transport: "socket" });
  const forget = client.subscribe("cxengage/session/started", () => void client.session.setToken());
  const entering = client.session.setActiveTenant({ tenantId });
  await pass(2_000);
  forget();
  await entering;
  expect(heard).toEqual(["lost", "notready since 00"]);
  client.session.setToken("second");
  await client.session.setPresenceState({ state: "ready" });
  expect(heard).toContain("ready since 02");
});

describe("own requests do not keep the stream away:", () => {
  const events = `GET tenants/${tenantId}/stream`;

  test("where sockets hang on the way, events take their place as for somebody who asks nothing", async () => {
    const server = answering(state("ready", 2));
    const { client } = agent(server);
    void client.session.setActiveTenant({ tenantId });
    for (let i = 0; i < 60; i++) {
      await pass(5_000);
      await client.session.setPresenceState({ state: "ready" });
    }
    expect(server.asked.some((line) => line.startsWith(events))).toBe(true);
  });

  test("a socket that takes long to open is waited for", async () => {
    const { client, heard } = agent(answering(state("ready", 2)), {}, { transport: "socket" });
    void client.session.setActiveTenant({ tenantId });
    await pass();
    Socket.made[0]!.end(1006);
    const opening = await nextSocket();
    for (let i = 0; i < 3; i++) {
      await pass(1_000);
      await client.session.setPresenceState({ state: "ready" });
    }
    welcome(opening, snapshot(5, state("ready", 2)));
    expect(heard.at(-1)).toBe("back");
    expect(Socket.made).toHaveLength(2);
  });
});

test("a session that is ended by its own id is over at once, however that is written", async () => {
  const { client, heard } = agent(answering({ ...state("offline", 2), endCode: "logged_out" }), {}, { transport: "socket" });
  void client.session.setActiveTenant({ tenantId });
  await pass();
  Socket.made[0]!.end(4204);
  await pass(1_100);
  await client.session.setPresenceState({ state: "offline", sessionId: sessionId.toUpperCase() });
  expect(heard.at(-1)).toBe("ended");
});

test("a page that leaves when it hears of the loss leaves no timer behind", async () => {
  const { client } = agent(answering(state("ready", 2)), {}, { transport: "socket" });
  void client.session.setActiveTenant({ tenantId });
  await pass();
  welcome(Socket.made[0]!, snapshot(1, state("notready", 0)));
  client.subscribe("cxengage/session/connection", () => client.close());
  Socket.made[0]!.end(1006);
  await pass(1_100);
  expect(vi.getTimerCount()).toBe(0);
});

test("events that are answered after the client was closed leave no timer behind", async () => {
  let answer: (() => void) | undefined;
  const server = answering(state("ready", 2));
  const { fetch } = server.environment();
  const slow: typeof fetch = (input, init) =>
    String(input).includes("/stream") ? new Promise((resolve) => (answer = () => resolve(new Response(new ReadableStream())))) : fetch(input, init);
  const { client } = agent(server, { fetch: slow });
  void client.session.setActiveTenant({ tenantId });
  await pass();
  for (let i = 0; i < 10 && !answer; i++) {
    Socket.made.at(-1)!.end(1006);
    await pass(20_000);
  }
  client.close();
  answer!();
  await pass();
  expect(vi.getTimerCount()).toBe(0);
});

describe("a floor", () => {
  const refusal = { code: 2101, data: { apiResponse: { status: 403, apiResponse: { failure: "forbidden" } } } };

  test("that is refused by a socket's close code says so as a request would", async () => {
    const { closed } = agent(within()).client.floor.open({ tenantId });
    await pass();
    Socket.made[0]!.end(4202);
    await expect(closed).rejects.toMatchObject(refusal);
  });

  test("that is refused as events says the same", async () => {
    const server = within({ [`GET tenants/${tenantId}/stream?view=floor`]: { status: 403, body: { error: { code: "forbidden" } } } });
    await expect(agent(server, {}, { transport: "events" }).client.floor.open({ tenantId }).closed).rejects.toMatchObject(refusal);
  });

  test("that wants nothing but events keeps those that it has", async () => {
    const server = within();
    let streams = 0;
    const { fetch } = server.environment();
    const endless: typeof fetch = (input, init) => {
      if (!String(input).includes("/stream")) return fetch(input, init);
      streams++;
      const beat = new TextEncoder().encode(`data: ${JSON.stringify({ type: "beat", n: 1 })}\n\n`);
      return Promise.resolve(new Response(new ReadableStream({ start: (to) => void setInterval(() => to.enqueue(beat), 4_000) })));
    };
    agent(server, { fetch: endless }, { transport: "events" }).client.floor.open({ tenantId });
    await pass(400_000);
    expect(streams).toBe(1);
  });
});

describe("tabs whose stream is away", () => {
  const tab = (browser: FakeBrowser) => {
    const owner = { closed: false };
    return { owner, more: sharedBy(browser, owner) };
  };

  /** A tab that leads, and another that follows, whose stream has been lost for so many seconds. */
  const two = async (seconds = 32) => {
    const browser = new FakeBrowser();
    const [a, b] = [tab(browser), tab(browser)];
    const server = answering(state("ready", 2));
    const leader = agent(server, a.more, { transport: "socket" });
    void leader.client.session.setActiveTenant({ tenantId });
    await tasks();
    welcome(Socket.made[0]!, snapshot(1, state("notready", 0)));
    await tasks();
    const follower = agent(server, b.more, { transport: "socket" });
    void follower.client.session.setActiveTenant({ tenantId });
    await tasks();
    Socket.made[0]!.end(1006);
    await away(seconds);
    await tasks();
    return { browser, a, leader, follower };
  };

  test.each(["leader", "follower"] as const)("are told what the %s has changed, once, and nothing of the past afterwards", async (who) => {
    const all = await two();
    await all[who].client.session.setPresenceState({ state: "ready" });
    await tasks();
    const socket = await nextSocket();
    socket.open();
    expect(cursorOf(socket)).toBeUndefined();
    socket.frame({ type: "welcome", beatMs: 4000 });
    socket.frame(snapshot(3, state("ready", 2)));
    await tasks();
    for (const { heard } of [all.leader, all.follower]) expect(heard).toEqual(["notready since 00", "lost", "ready since 02", "back"]);
  });

  test("are away when the time to resume is over, also where another came to lead meanwhile", async () => {
    const { browser, a, leader, follower } = await two(5);
    leader.client.close();
    a.owner.closed = true;
    leftBy(browser, a.owner);
    await away();
    await tasks();
    await follower.client.session.setPresenceState({ state: "ready" });
    await tasks();
    expect(follower.heard).toEqual(["notready since 00", "lost", "ready since 02"]);
  });

  test("begin with a snapshot also where another leads by then", async () => {
    const { browser, a, leader } = await two();
    await leader.client.session.setPresenceState({ state: "ready" });
    await tasks();
    const before = Socket.made.length;
    leader.client.close();
    a.owner.closed = true;
    leftBy(browser, a.owner);
    await pass(200);
    await tasks();
    const socket = Socket.made.slice(before).at(-1)!;
    socket.open();
    expect(cursorOf(socket)).toBeUndefined();
  });
});
