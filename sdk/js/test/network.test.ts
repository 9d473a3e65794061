import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type Client, createClient, everything, version } from "../src/index.js";
import { Socket, epoch, presence, sessionId, sockets, tenantId, userId, within } from "./small_desk.js";
import type { SmallServer } from "./small_server.js";

const down = new TypeError("Failed to fetch");
const row = { resourceId: userId, sessionId, state: "notready", direction: "inbound", availableStates: [], work: [], pending: null };
const beat = { type: "beat", n: 1 };
const pass = (ms = 0) => vi.advanceTimersByTimeAsync(ms);

let client: Client;
let browser: EventTarget;
let connections: boolean[];

const create = (server: SmallServer): Client => {
  client = createClient({ ...everything, baseUrl: "http://muster.test/v1/", environment: { ...server.environment(), ...sockets }, log: { warn: () => {}, error: () => {} } });
  client.session.setToken("first");
  client.session.setUserIdentity(userId);
  client.subscribe("cxengage/session/connection", ({ response }) => void connections.push(response!.connected));
  return client;
};

/** An agent whose socket is open. */
const connected = async (server: SmallServer): Promise<Socket> => {
  void create(server).session.setActiveTenant({ tenantId });
  await pass();
  const socket = Socket.made.at(-1)!;
  socket.open();
  socket.frame({ type: "welcome", cursor: `${epoch}:1`, beatMs: 4000 });
  socket.frame({ type: "snapshot", cursor: `${epoch}:1`, part: 1, last: true, rows: [row] });
  await pass();
  return socket;
};

const isDown = (server: SmallServer): void => {
  for (const line of Object.keys(server.answers)) server.answers[line] = down;
};

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, "random").mockReturnValue(0.5);
  browser = new EventTarget();
  vi.stubGlobal("addEventListener", browser.addEventListener.bind(browser));
  Socket.made = [];
  connections = [];
});

afterEach(() => {
  client.close();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe("when the browser says that it is offline", () => {
  test("a socket on which nothing is heard is lost within two seconds", async () => {
    const server = within();
    await connected(server);
    isDown(server);
    browser.dispatchEvent(new Event("offline"));
    await pass(2_000);
    expect(connections).toEqual([false]);
  });

  test("a floor is no longer kept up to date", async () => {
    const server = within();
    const floor = create(server).floor.open({ tenantId });
    await pass();
    Socket.made[0]!.open();
    Socket.made[0]!.frame({ type: "welcome", cursor: `${epoch}:1`, beatMs: 4000 });
    isDown(server);
    browser.dispatchEvent(new Event("offline"));
    await pass(1_000);
    expect(floor.connected).toBe(false);
  });

  test("a socket on which something is heard stays", async () => {
    const server = within();
    const socket = await connected(server);
    isDown(server);
    browser.dispatchEvent(new Event("offline"));
    await pass(900);
    socket.frame(beat);
    await pass(9_000);
    expect(connections).toEqual([]);
    expect(Socket.made).toHaveLength(1);
  });

  test("where requests are answered an idle socket stays, and is lost when its next beat is overdue", async () => {
    const server = within();
    await connected(server);
    const answer = server.answers[`GET tenants/${tenantId}`] as { body: unknown };
    server.answers[`GET tenants/${tenantId}`] = new Promise((resolve) => setTimeout(() => resolve(answer), 50));
    browser.dispatchEvent(new Event("offline"));
    await pass(4_000);
    expect(Socket.made).toHaveLength(1);
    await pass(3_500);
    expect(Socket.made).toHaveLength(2);
  });
});

test("when the browser says that it is online, an attempt that hangs gives way to another at once", async () => {
  void create(within()).session.setActiveTenant({ tenantId });
  await pass(3_000);
  expect(Socket.made).toHaveLength(1);
  browser.dispatchEvent(new Event("online"));
  await pass();
  expect(Socket.made).toHaveLength(2);
});

test("a page that is shown again and again lets a slow attempt go on", async () => {
  const page = Object.assign(new EventTarget(), { hidden: false });
  vi.stubGlobal("document", page);
  void create(within()).session.setActiveTenant({ tenantId });
  for (let shown = 0; shown < 3; shown++) {
    await pass(2_500);
    page.dispatchEvent(new Event("visibilitychange"));
  }
  await pass();
  expect(Socket.made).toHaveLength(1);
});

test("a heartbeat of a page whose timers are held back is published with the server's next beat", async () => {
  const heartbeats: unknown[] = [];
  const server = within();
  const socket = await connected(server);
  client.subscribe("cxengage/session/heartbeat-response", ({ response }) => void heartbeats.push(response));
  vi.setSystemTime(Date.now() + 14_000); // no timer fires
  socket.frame(beat);
  expect(heartbeats).toHaveLength(0);
  vi.setSystemTime(Date.now() + 2_000);
  socket.frame(beat);
  expect(heartbeats).toMatchObject([{ heartbeatDelay: 15 }]);
  socket.frame(beat);
  expect(heartbeats).toHaveLength(1);
  expect(server.asked.filter((line) => line === `POST ${presence}/heartbeat`)).toHaveLength(1);
});

describe("a request without any answer", () => {
  const login = async (server: SmallServer): Promise<Error> => {
    const failed = create(server).authentication.login({ username: "a", password: "b" }).catch((cause: Error) => cause);
    await pass(60_000);
    return (await failed) as Error;
  };

  const at = (address: string, origin = new URL(address).origin): void => {
    vi.stubGlobal("location", new URL(address));
    vi.stubGlobal("origin", origin);
  };

  beforeEach(() => at("https://desk.example/page?secret"));

  test("says to a page of another origin that the server may not allow it", async () => {
    const error = await login(within({ "POST tokens": down }));
    expect(error).toMatchObject({ code: 3000, data: { apiResponse: { status: 0 } } });
    expect(error.message).toContain("--allow-origin https://desk.example");
    expect(error.message).not.toContain("secret");
  });

  test("names to a page of a file the origin that its requests have, which is not its location's", async () => {
    at("file:///home/page.html", "null");
    expect((await login(within({ "POST tokens": down }))).message).toMatch(/--allow-origin null$/);
  });

  test("says it in the log at once, long before the request is given up", async () => {
    const warn = vi.fn();
    client = createClient({ ...everything, baseUrl: "http://muster.test/v1/", environment: within({ "POST tokens": down }).environment(), log: { warn, error: () => {} } });
    void client.authentication.login({ username: "a", password: "b" });
    await pass(100);
    expect(warn.mock.calls).toEqual([[expect.stringMatching(/^no answer from http:\/\/muster\.test\/v1\/: .*--allow-origin https:\/\/desk\.example$/)]]);
    client.floor.open({ tenantId });
    await pass(600_000);
    expect(warn.mock.calls.filter(([text]) => String(text).startsWith("no answer"))).toHaveLength(1);
  });

  test("says nothing of that to a page of the server's own origin", async () => {
    at("http://muster.test/");
    expect((await login(within({ "POST tokens": down }))).message).not.toContain("--allow-origin");
  });

  test("says nothing of that where another was answered", async () => {
    expect((await login(within({ "POST tokens": { body: { token: "second", ttl: 60 } }, "POST login": down }))).message).not.toContain("--allow-origin");
  });
});

test("a client that is closed hears the browser no more", async () => {
  const listening = vi.spyOn(browser, "addEventListener");
  vi.stubGlobal("addEventListener", browser.addEventListener.bind(browser));
  create(within()).close();
  expect(listening.mock.calls.map(([type]) => type)).toEqual(["online", "offline"]);
  for (const [, , options] of listening.mock.calls) expect(options).toMatchObject({ signal: { aborted: true } });
});

test("a client names itself to the server, and its locale, where the page does not", async () => {
  const socket = await connected(within());
  expect(socket.sent[0]).toMatchObject({ type: "hello", client: `muster-js/${version}` });
  expect(client.session.setLocale()).toBe("en-US");
});
