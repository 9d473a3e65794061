import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type Client, createClient, everything } from "../src/index.js";
import { FakeBrowser, hang, sharedBy, wake } from "./browser.js";
import { Socket, began, epoch, message, presence, snapshot, sockets, start, state, tenantId, userId, welcome, within } from "./small_desk.js";
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
const open = async (browser: FakeBrowser) => {
  const owner = { closed: false };
  const server = within({ [`POST ${presence}`]: { body: { result: state("ready", 9) } }, [start]: { body: { result: { ...began, ...state("notready", 0) } } } });
  const client = createClient({ ...everything, baseUrl: "http://muster.test/v1/", environment: { ...server.environment(), ...sockets, ...sharedBy(browser, owner) }, log: { warn: () => {}, error: () => {} } });
  clients.push(client);
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

const three = async () => {
  const browser = new FakeBrowser();
  const [leader, follower, other] = [await open(browser), await open(browser), await open(browser)];
  expect(Socket.made).toHaveLength(1);
  return { leader, follower, other };
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
    expect([leader, follower, other].flatMap(({ server }) => server.asked.filter((line) => line === start))).toHaveLength(1);
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
