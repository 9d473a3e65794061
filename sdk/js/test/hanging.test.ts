import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type Client, type Module, createClient, everything, voice } from "../src/index.js";
import { FakeBrowser, hang, sharedBy, wake } from "./browser.js";
import { Socket, began, epoch, message, otherId, presence, sessionId, snapshot, sockets, start, state, tenantId, userId, welcome, within } from "./small_desk.js";
import { endTasks, tasks } from "./time.js";

// A page hangs while it shows an alert, or computes. Nothing of it runs then; what comes to it waits.

const clients: Client[] = [];

/** Seconds, in which tabs say what they say, and the server asks whether they are there. */
const pass = async (seconds: number): Promise<void> => {
  for (let i = 0; i < seconds; i++) {
    for (const socket of Socket.made) if (socket.readyState === 1) socket.frame({ type: "beat", n: i });
    await vi.advanceTimersByTimeAsync(1_000);
    await tasks();
  }
};

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

/** Another tab of the agent's, and what its page is told. */
const open = async (browser: FakeBrowser, modules: readonly Module[] = everything.modules, prepare?: (client: Client) => void) => {
  const owner = { closed: false };
  const server = within({ [`POST ${presence}`]: { body: { result: state("ready", 9) } }, [start]: { body: { result: { ...began, ...state("notready", 0) } } } });
  const features = everything.features;
  const environment = { ...server.environment(), ...sockets, ...sharedBy(browser, owner) };
  const client = createClient({ baseUrl: "http://muster.test/v1/", modules, features, environment, log: { warn: () => {}, error: () => {} } }) as Client;
  clients.push(client);
  prepare?.(client);
  client.session.setToken("first");
  client.session.setUserIdentity(userId);
  const heard: string[] = [];
  client.subscribe("cxengage/session/state-change-response", ({ response }) => void heard.push(`${response!.state} since ${response!.stateSince?.slice(-3, -1)}`));
  client.subscribe("cxengage/session/connection", ({ response }) => void heard.push(response!.connected ? "back" : "lost"));
  void client.session.setActiveTenant({ tenantId });
  await tasks();
  if (Socket.made.length === 1) welcome(Socket.made[0]!, snapshot(1, state("notready", 0)));
  await tasks();
  return { owner, client, heard, server };
};

const begun = (...tabs: Awaited<ReturnType<typeof open>>[]): number => tabs.flatMap(({ server }) => server.asked.filter((line) => line === start)).length;

const three = async () => {
  const browser = new FakeBrowser();
  const [leader, follower, other] = [await open(browser), await open(browser), await open(browser)];
  expect(Socket.made).toHaveLength(1);
  return { browser, leader, follower, other };
};

/** The socket of the tab that has come to lead, in which the server goes on. */
const taken = async (): Promise<Socket> => {
  const socket = Socket.made.at(-1)!;
  socket.open();
  expect(socket.sent[0]).toMatchObject({ type: "hello", cursor: `${epoch}:1` });
  socket.frame({ type: "welcome", beatMs: 4000 });
  await tasks();
  return socket;
};

describe("a tab that leaves", () => {
  test("when it is told that the session has begun leaves no timer behind", async () => {
    const browser = new FakeBrowser();
    await open(browser);
    await open(browser, everything.modules, (client) => client.subscribe("cxengage/session/started", client.close));
    await pass(5);
  });
});

describe("a tab that leads", () => {
  test("and answers is left in the lead", async () => {
    await three();
    await pass(60);
    expect(Socket.made).toHaveLength(1);
  });

  test("and hangs is followed by one of the others before the server finds the agent silent, and both are told what happens", async () => {
    const { leader, follower, other } = await three();
    hang(leader.owner);
    await pass(8);
    expect(Socket.made.length).toBeGreaterThan(1);
    const socket = await taken();
    socket.frame(message(2, state("ready", 2)));
    await tasks();
    for (const { heard } of [follower, other]) expect(heard).toEqual(["notready since 00", "ready since 02"]);
    expect(leader.heard).toEqual(["notready since 00"]);
    await pass(5);
    expect(Socket.made.filter((s) => s.readyState === 1)).toEqual([Socket.made[0], socket]);
  });

  test("and comes to itself follows: nobody is told anything twice, and there is one stream", async () => {
    const { leader, follower, other } = await three();
    hang(leader.owner);
    await pass(8);
    const socket = await taken();
    socket.frame(message(2, state("ready", 2)));
    await tasks();
    Socket.made[0]!.frame(message(2, state("ready", 2))); // had waited too, and comes first
    wake(leader.owner);
    await tasks();
    expect(Socket.made.filter((s) => s.readyState === 1)).toEqual([socket]);
    socket.frame(message(3, state("notready", 3)));
    await tasks();
    for (const { heard } of [leader, follower, other]) expect(heard).toEqual(["notready since 00", "ready since 02", "notready since 03"]);
    await pass(60);
    expect(Socket.made.filter((s) => s.readyState === 1)).toHaveLength(1);
    expect(begun(leader, follower, other)).toBe(1);
  });

  test("and comes to itself before the one that overtook it has resumed is not told of the past", async () => {
    const { leader, follower } = await three();
    hang(leader.owner);
    await pass(4);
    Socket.made[0]!.frame(message(2, state("ready", 2)));
    wake(leader.owner);
    await tasks();
    (await taken()).frame(message(2, state("ready", 2)));
    await tasks();
    for (const { heard } of [leader, follower]) expect(heard).toEqual(["notready since 00", "ready since 02"]);
  });

  test("and hangs when one that was overtaken asks it leaves that one to the next", async () => {
    const { leader, follower: second, other: third } = await three();
    for (const tab of [leader, third]) hang(tab.owner);
    await pass(4);
    await taken();
    wake(third.owner);
    await pass(1);
    hang(second.owner);
    wake(leader.owner);
    await pass(6);
    const socket = await taken();
    socket.frame(message(2, state("ready", 2)));
    await tasks();
    wake(second.owner);
    await pass(10);
    socket.frame(message(3, state("notready", 3)));
    await tasks();
    for (const { heard } of [leader, second, third]) expect(heard).toEqual(["notready since 00", "ready since 02", "notready since 03"]);
  });

  test("and comes to itself while its own connection was lost is told that it is back", async () => {
    const browser = new FakeBrowser();
    const [leader, follower] = [await open(browser), await open(browser)];
    Socket.made[0]!.end(1006);
    await vi.advanceTimersByTimeAsync(1_100);
    await tasks();
    for (const { heard } of [leader, follower]) expect(heard).toEqual(["notready since 00", "lost"]);
    hang(leader.owner);
    await pass(4);
    await taken();
    expect(follower.heard.at(-1)).toBe("back");
    wake(leader.owner);
    await tasks();
    expect(leader.heard).toEqual(["notready since 00", "lost", "back"]);
  });

  test("lets the lead go when it hears of a later term, and what is said in an earlier one is not listened to", async () => {
    const { browser, leader, follower } = await three();
    const { BroadcastChannel: Channel } = sharedBy(browser, { closed: false });
    const channel = new Channel!([...browser.channels][0]!.name);
    channel.postMessage({ term: 9 });
    await tasks();
    expect(Socket.made.map((socket) => socket.readyState)).toEqual([3, 0]);
    channel.postMessage({ term: 8, told: ["connection", false, "2000-01-01T00:00:00.000Z"] });
    await tasks();
    for (const { heard } of [leader, follower]) expect(heard).toEqual(["notready since 00"]);
  });

  test("and whose token is refused leaves the lead to one whose token is not known to be", async () => {
    const browser = new FakeBrowser();
    const [leader, follower] = [await open(browser), await open(browser)];
    hang(leader.owner);
    await pass(4);
    const socket = await taken();
    wake(leader.owner);
    await tasks();
    socket.end(4100);
    await pass(5);
    const last = Socket.made.at(-1)!;
    expect(last).not.toBe(socket);
    last.open();
    last.frame({ type: "welcome", beatMs: 4000 });
    last.frame(message(2, state("ready", 2)));
    await tasks();
    for (const { heard } of [leader, follower]) expect(heard.at(-1)).toBe("ready since 02");
  });

  test("and does not know of silent monitoring does not end it in one that does", async () => {
    const browser = new FakeBrowser();
    const knows = await open(browser);
    const monitored: string[] = [];
    knows.client.subscribe("cxengage/interactions/voice", ({ topic }) => void monitored.push(topic));
    await open(browser, everything.modules.filter((module) => module !== voice));
    const notification = { type: "agent-notification", notificationType: "silent-monitor-start", interactionId: otherId, resourceId: userId, sessionId };
    Socket.made[0]!.frame({ type: "events", events: [{ seq: 2, prev: 1, message: notification }] });
    hang(knows.owner);
    await pass(4);
    expect(Socket.made).toHaveLength(2);
    wake(knows.owner);
    await tasks();
    expect(monitored).toEqual(["cxengage/interactions/voice/silent-monitor-start"]);
  });

  test("and hangs with nobody else to follow it is superseded by the next tab, which others share then", async () => {
    const browser = new FakeBrowser();
    const leader = await open(browser);
    hang(leader.owner);
    const next = await open(browser);
    await pass(11);
    const after = await open(browser);
    await pass(11);
    expect([leader, next, after].map((tab) => begun(tab))).toEqual([1, 1, 0]);
  });

  test("leads again when all others are gone", async () => {
    const { leader, follower, other } = await three();
    hang(leader.owner);
    await pass(8);
    await taken();
    wake(leader.owner);
    await tasks();
    const before = Socket.made.length;
    for (const tab of [follower, other]) tab.client.close();
    await tasks();
    expect(Socket.made).toHaveLength(before + 1);
    const socket = await taken();
    socket.frame(message(2, state("ready", 2)));
    await tasks();
    expect(leader.heard).toEqual(["notready since 00", "ready since 02"]);
  });
});
