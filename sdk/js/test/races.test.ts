import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type Client, type ClientOptions, type Environment, type InitializeOptions, type SdkError, createClient, createGlobal, everything } from "../src/index.js";
import { FakeBrowser, sharedBy, storageOf } from "./browser.js";
import { Socket, began, epoch, later, otherId, presence, sessionId, sockets, start, tenantId, userId, within } from "./small_desk.js";
import type { SmallServer } from "./small_server.js";
import { endTasks, tasks } from "./time.js";

const heard: [topic: string, code?: number][] = [];
let client: Client;

const agent = (server: SmallServer, more: Partial<Environment> = {}, options: Partial<Omit<ClientOptions, "modules">> = {}): Client => {
  client = createClient({ ...everything, baseUrl: "http://muster.test/v1/", environment: { ...server.environment(), ...more }, log: { warn: () => {}, error: () => {} }, ...options });
  client.session.setToken("first");
  client.session.setUserIdentity(userId);
  client.subscribe("cxengage", ({ topic, error }) => heard.push(error ? [topic, error.code] : [topic]));
  return client;
};

/** What all calls of a client that is closed end with. */
const closed = { code: 1003, data: { problems: "the client is closed" } };
const started: [string] = ["cxengage/session/started"];
const pass = (ms = 0) => vi.advanceTimersByTimeAsync(ms);

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, "random").mockReturnValue(0.5);
  heard.length = 0;
  Socket.made = [];
});

afterEach(() => {
  client.close();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

afterAll(endTasks);

describe("a client that is closed", () => {
  test("while it enters a tenant begins nothing, and its call ends", async () => {
    const session = later();
    const server = within({ [start]: session.answer });
    const call = agent(server, sockets).session.setActiveTenant({ tenantId });
    await pass();
    client.close();
    session.give({ body: { result: began } });
    await expect(call).rejects.toMatchObject({ code: 1003 });
    expect(heard).not.toContainEqual(started);
    expect(Socket.made).toHaveLength(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("opens no floor and sends nothing more", async () => {
    const server = within();
    agent(server, sockets).close();
    await expect(client.session.getTenantDetails()).rejects.toMatchObject(closed);
    await client.floor.open({ tenantId }).closed;
    expect(Socket.made).toHaveLength(0);
    expect(server.asked).toEqual([]);
  });

  test("does not repeat a request, and what was sent arrives", async () => {
    const call = agent(within({ "GET me": new TypeError("Failed to fetch") })).session.getTenantDetails();
    await pass();
    client.close();
    await expect(call).rejects.toMatchObject(closed);
    const out = later();
    const leaving = agent(within({ [`POST ${presence}`]: out.answer }), sockets);
    await leaving.session.setActiveTenant({ tenantId, noSession: true });
    const logout = leaving.authentication.logout();
    leaving.close();
    out.give({ body: { result: { state: "offline", pending: null } } });
    expect(await logout).toMatchObject({ status: "applied" });
  });

  test("waits for no token", async () => {
    const call = agent(within({ "GET me": { status: 401, body: { error: { code: "token_expired" } } } }), {}, { token: () => new Promise(() => {}) }).session.getTenantDetails();
    await pass();
    client.close();
    await expect(call).rejects.toMatchObject(closed);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("leaves what a page that is loaded anew may resume", async () => {
    const kept = new Map<string, string>();
    const sessionStorage = storageOf(kept);
    void agent(within(), { ...sockets, sessionStorage }).session.setActiveTenant({ tenantId });
    await pass();
    client.close();
    expect(JSON.parse([...kept.values()][0] ?? "null")).toMatchObject({ sessionId });
  });
});

describe("when somebody else logs in", () => {
  const identity = { body: { result: { userId: otherId, tenants: [] } } };

  test("a session that was being started for the one before does not begin", async () => {
    const session = later();
    const server = within({ [start]: session.answer, "POST tokens": { body: { token: "second", ttl: 60 } }, "POST login": identity });
    const call = agent(server, sockets).session.setActiveTenant({ tenantId });
    await pass();
    await client.authentication.login({ username: "b", password: "b" });
    session.give({ body: { result: began } });
    await expect(call).rejects.toMatchObject({ code: 1003 });
    expect(heard).not.toContainEqual(started);
    expect(Socket.made).toHaveLength(0);
  });

  test("nor does the tenant that they were entering become active", async () => {
    const tenant = later();
    const server = within({ [`GET tenants/${tenantId}`]: tenant.answer, "POST tokens": { body: { token: "second", ttl: 60 } }, "POST login": identity });
    agent(server, sockets).session.setActiveTenant({ tenantId }).catch(() => {});
    await pass();
    await client.authentication.login({ username: "b", password: "b" });
    tenant.give({ body: { result: { id: tenantId, regionId: "r1" } } });
    await pass();
    expect(client.session.getActiveTenantId()).toBe(null);
  });

  test("by a token too, the session of the one before is left", async () => {
    void agent(within({ "POST login": identity }), sockets).session.setActiveTenant({ tenantId });
    await pass();
    Socket.made[0]!.open();
    await client.authentication.login({ token: "second" });
    expect(Socket.made[0]!.readyState).toBe(3);
    expect(Socket.made[0]!.sent.map(({ token }) => token)).toEqual(["first"]);
    expect(client.session.getActiveTenantId()).toBe(null);
  });
});

describe("a token", () => {
  test("that is set while the socket opens is the one that it is opened with, and an open socket is given the next", async () => {
    void agent(within(), sockets).session.setActiveTenant({ tenantId });
    await pass();
    client.session.setToken("second");
    const [socket] = Socket.made;
    socket!.open();
    socket!.frame({ type: "welcome", cursor: `${epoch}:1`, beatMs: 4000 });
    client.session.setToken("third");
    expect(socket!.sent.map(({ type, token }) => [type, token])).toEqual([
      ["hello", "second"],
      ["token", "third"],
    ]);
  });

  test("that a call waits for when it is aborted does not keep the next from its turn", async () => {
    const server = within({ [`POST ${presence}`]: { status: 401, body: { error: { code: "token_expired" } } }, [`POST ${presence}/direction`]: { body: { result: { direction: "outbound", sessionId } } } });
    await agent(server, sockets, { token: () => new Promise(() => {}) }).session.setActiveTenant({ tenantId, noSession: true });
    const control = new AbortController();
    const first = client.session.goNotReady({ signal: control.signal });
    await pass();
    control.abort();
    await expect(first).rejects.toMatchObject({ name: "AbortError" });
    const second = client.session.setDirection({ direction: "outbound" });
    await pass();
    expect(await second).toMatchObject({ direction: "outbound" });
  });

  test("that is set while the callback is asked is not replaced by what it brings", async () => {
    let bring!: (token: string) => void;
    const server = within({ "GET me": { status: 401, body: { error: { code: "token_expired" } } } });
    void agent(server, {}, { token: () => new Promise<string>((resolve) => (bring = resolve)) }).session.getTenantDetails();
    await pass();
    client.session.setToken("of the page");
    bring("of the callback");
    await pass();
    expect(client.session.getToken()).toBe("of the page");
  });

  test("that seems to have expired, to a clock that is wrong, is not renewed over and over", async () => {
    let asked = 0;
    const expired = () => `h.${btoa(JSON.stringify({ iat: 1000, exp: 2000, jti: String(++asked) }))}.s`;
    agent(within(), {}, { token: async () => expired() }).session.setToken(expired());
    asked = 0;
    await pass(4_000);
    expect(asked).toBe(0);
    await pass(6_000);
    expect(asked).toBeGreaterThan(0);
    expect(asked).toBeLessThan(3);
  });
});

describe("tabs", () => {
  const name = `muster/1/http://muster.test/v1//${tenantId}/${userId}`;

  const owned = (browser: FakeBrowser): Partial<Environment> => {
    const owner = { closed: false };
    return { ...sockets, ...sharedBy(browser, owner) };
  };

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
  });

  test("one that got no answer and began a session of its own does not end with the tab that led", async () => {
    const browser = new FakeBrowser();
    const other = owned(browser);
    let give!: () => void;
    other.navigator!.locks!.request(name, () => new Promise<void>((resolve) => (give = resolve))).catch(() => {}); // it is taken from it
    const channel = new other.BroadcastChannel!(name);
    await tasks();
    const call = agent(within(), owned(browser)).session.setActiveTenant({ tenantId });
    for (let i = 0; i < 12; i++) {
      await tasks();
      await pass(1_000);
    }
    await tasks();
    expect(Socket.made).toHaveLength(1);
    // The tab that led comes to itself: it answers, learns that it was superseded, tells those who follow it, and lets go.
    channel.postMessage({ term: 1, shared: { session: { ...began, sessionId: "old" }, row: { ...began, sessionId: "old", work: [] }, cursor: `${epoch}:1` } });
    channel.postMessage({ term: 1, told: ["gone", { status: 409, apiResponse: { statusText: "Conflict", failure: "session_superseded", response: null } }] });
    await tasks();
    give();
    await tasks();
    await pass(1_000);
    expect(heard.filter(([, code]) => code)).toEqual([]);
    expect(Socket.made).toHaveLength(1);
    client.close();
    await call;
  });

  test("one that joins while the connection of the one that leads is away is told so", async () => {
    const browser = new FakeBrowser();
    const leader = agent(within(), owned(browser));
    void leader.session.setActiveTenant({ tenantId });
    await tasks();
    Socket.made[0]!.end(1006);
    await pass(1_100);
    heard.length = 0;
    const server = within();
    void agent(server, owned(browser)).session.setActiveTenant({ tenantId });
    await tasks();
    expect(server.asked).not.toContain(start);
    expect(heard.slice(-3).map(([topic]) => topic.slice("cxengage/session/".length))).toEqual(["state-change-request-acknowledged", "state-change-response", "connection"]);
    leader.close();
  });

  const denial = new DOMException("denied", "SecurityError");
  test.each([
    ["locks", { navigator: { locks: { request: () => Promise.reject(denial) } as unknown as LockManager } }],
    ["channels", { BroadcastChannel: function () { throw denial; } as unknown as typeof BroadcastChannel }],
  ])("where %s are denied a tab is alone, says so and does not wait", async (_what, without) => {
    const warn = vi.fn();
    void agent(within(), { ...owned(new FakeBrowser()), ...without }, { log: { warn, error: () => {} } }).session.setActiveTenant({ tenantId });
    await tasks();
    expect(heard).toContainEqual(started);
    expect(heard.filter(([, code]) => code)).toEqual([]);
    expect(warn.mock.calls).toEqual([["tabs cannot share a session here"]]);
  });

  test("a session after a silent one is shared like any other", async () => {
    const browser = new FakeBrowser();
    const server = within({ [`GET tenants/${tenantId}/users/${userId}/config?silent-monitor=true`]: { body: { result: { extensions: [], activeExtension: null, reasonLists: [] } } } });
    server.answers[start] = { body: { result: { ...began, silentMonitoring: true } } };
    void agent(server, owned(browser)).session.setActiveTenant({ tenantId, silentMonitoring: true });
    await tasks();
    server.answers[start] = { body: { result: { ...began, sessionId: "b1d5a2c1-1577-11f1-8a5c-7d9e3f60a2b4" } } };
    void client.session.setActiveTenant({ tenantId });
    await tasks();
    expect(heard.filter(([topic]) => topic === started[0])).toHaveLength(2);
    expect([...browser.locks.keys()]).toEqual([name]);
  });
});

describe("a stream", () => {
  test("passes over a message that cannot be read, and a frame that is odd, and goes on", async () => {
    const changed: string[] = [];
    const floor = agent(within(), sockets).floor.open({ tenantId });
    floor.on("change", ({ rows }) => changed.push(...rows.map((row) => row.resourceId)));
    await pass();
    const [socket] = Socket.made;
    const row = { resourceId: userId, version: 2, work: [], groups: [], availableStates: [], pending: null };
    socket!.open();
    socket!.frame({ type: "welcome", cursor: `${epoch}:1`, beatMs: 4000 });
    socket!.frame({ type: "snapshot", cursor: `${epoch}:1`, part: 1, last: true, rows: [] });
    expect(() => {
      for (const odd of [null, 5, { type: 5 }, { type: "events", events: 5 }, { type: "events", events: [{ seq: 2, prev: 1, message: null }] }, { type: "of later" }]) socket!.frame(odd);
    }).not.toThrow();
    socket!.frame({ type: "events", events: [{ seq: 3, prev: 2, message: { type: "floor-row-change", row } }] });
    await pass();
    expect(changed).toEqual([userId]);
    expect(Socket.made).toHaveLength(1);
  });

  test("gives a socket ten seconds to open", async () => {
    agent(within(), sockets).floor.open({ tenantId });
    await pass(11_000);
    expect(Socket.made.length).toBe(2);
  });

  test("does without sockets where there are none, and without streams of text", async () => {
    vi.stubGlobal("TextDecoderStream", undefined);
    const server = within();
    const { fetch, ...rest } = server.environment();
    const events = [
      { type: "welcome", cursor: `${epoch}:1`, beatMs: 4000 },
      { type: "snapshot", cursor: `${epoch}:1`, part: 1, last: true, rows: [{ resourceId: userId, name: "Zoë", version: 1, work: [], groups: [], availableStates: [], pending: null }] },
    ];
    const bytes = new TextEncoder().encode(events.map((e) => `data: ${JSON.stringify(e)}\n\n`).join(""));
    const stream: typeof fetch = async (input, init) => {
      if (!String(input).includes("/stream")) return fetch(input, init);
      return new Response(new ReadableStream({ start: (to) => bytes.forEach((byte) => to.enqueue(Uint8Array.of(byte))) }));
    };
    const floor = agent(server, { ...rest, fetch: stream, WebSocket: undefined as never }).floor.open({ tenantId });
    await pass(30_000);
    await vi.waitFor(() => expect(floor.rows.get(userId)?.name).toBe("Zoë"));
  });
});

test("the state that was asked for is that of the call, though the page uses its object again", async () => {
  await agent(within({ [`POST ${presence}`]: { body: { result: { state: "ready", pending: null } } } })).session.setActiveTenant({ tenantId, noSession: true });
  const params: { state: "ready" | "notready" } = { state: "ready" };
  const call = client.session.setPresenceState(params);
  params.state = "notready";
  expect(await call).toMatchObject({ status: "applied" });
});

describe("initialize", () => {
  const problems = (options: unknown, origin: string): unknown => {
    client = createClient({ ...everything, baseUrl: "http://muster.test/v1/" });
    const error = vi.spyOn(console, "error").mockReturnValue();
    expect(createGlobal(within().environment(), origin).initialize(options as InitializeOptions)).toBe(null);
    expect(error.mock.calls).toMatchObject([[{ code: 1000 }]]);
    return (error.mock.calls[0]![0] as SdkError).data.problems;
  };
  const wanted = "baseUrl must be an address like https://muster.example/v1/";

  test("on a page without an origin finds no server of its own", () => {
    expect(problems(undefined, "null")).toBe(wanted);
  });

  test.each(["muster.test", "https://muster.test/v1/?a=b", "https://muster.test/v1/#a", 5])("refuses %j for an address", (baseUrl) => {
    expect(problems({ baseUrl }, "http://muster.test")).toBe(wanted);
  });

  test("names all that is wrong, the address first", () => {
    expect(problems({ locale: 5 }, "null")).toBe(`${wanted}; locale must be a string`);
  });
});
