import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type Client, type Environment, createClient, everything } from "../src/index.js";
import { Socket, began, later, otherId, presence, sessionId, sockets, start, tenantId, userId, within } from "./small_desk.js";
import type { SmallServer } from "./small_server.js";

const gone = { status: 404, body: { error: { code: "no_session" } } };
const offline = { body: { result: { state: "offline", sessionId, pending: null } } };
const pass = (ms = 0) => vi.advanceTimersByTimeAsync(ms);

let client: Client;
let heard: string[];

const agent = (server: SmallServer, more: Partial<Environment> = {}): Client => {
  client = createClient({ ...everything, baseUrl: "http://muster.test/v1/", environment: { ...server.environment(), ...sockets, ...more }, log: { warn: () => {}, error: () => {} } });
  client.session.setToken("first");
  client.session.setUserIdentity(userId);
  client.subscribe("cxengage/session", ({ topic }) => void heard.push(topic.slice("cxengage/session/".length)));
  return client;
};

/** What was sent to end sessions. */
const ends = (server: SmallServer): unknown[] => server.bodies.filter((_body, i) => server.asked[i] === `POST ${presence}`);

beforeEach(() => {
  vi.useFakeTimers();
  Socket.made = [];
  heard = [];
});

afterEach(() => {
  client.close();
  vi.useRealTimers();
});

describe("a log-out overtakes the entering of a tenant", () => {
  test("whose session is being started: it ends that session, which does not begin here", async () => {
    const session = later();
    const server = within({ [start]: session.answer, [`POST ${presence}`]: gone });
    const entering = agent(server).session.setActiveTenant({ tenantId });
    await pass();
    const leaving = client.authentication.logout();
    expect(ends(server)).toEqual([{ state: "offline" }]);
    await pass();
    server.answers[`POST ${presence}`] = offline;
    session.give({ body: { result: began } });
    await pass();
    expect(ends(server)).toEqual([{ state: "offline" }, { state: "offline", sessionId }]);
    expect(await leaving).toMatchObject({ state: "offline", sessionId });
    await expect(entering).rejects.toMatchObject({ code: 1003 });
    expect(heard).not.toContain("started");
    expect(Socket.made).toHaveLength(0);
  });

  test("while it is read whether a session may be taken up: none begins", async () => {
    const state = later();
    const server = within({ [`GET ${presence}`]: state.answer, [`POST ${presence}`]: gone });
    const point = JSON.stringify({ baseUrl: "http://muster.test/v1/", userId, tenantId, sessionId: otherId });
    const entering = agent(server, { sessionStorage: { getItem: () => point, setItem: () => {}, removeItem: () => {} } }).session.setActiveTenant({ tenantId, resume: true });
    await pass();
    void client.authentication.logout();
    await pass();
    state.give(offline);
    await expect(entering).rejects.toMatchObject({ code: 1003 });
    expect(server.asked).not.toContain(start);
  });

  test("that is not known yet: no session begins", async () => {
    const tenant = later();
    const server = within({ [`GET tenants/${tenantId}`]: tenant.answer });
    const entering = agent(server).session.setActiveTenant({ tenantId });
    await pass();
    expect(await client.authentication.logout()).toMatchObject({ state: "offline" });
    tenant.give({ body: { result: { id: tenantId, regionId: "r1" } } });
    await expect(entering).rejects.toMatchObject({ code: 1003 });
    expect(server.asked).not.toContain(start);
  });

  test("and where the end could not be told, the next log-out names that session", async () => {
    const session = later();
    const server = within({ [start]: session.answer, [`POST ${presence}`]: { status: 403, body: { error: { code: "forbidden" } } } });
    agent(server).session.setActiveTenant({ tenantId }).catch(() => {});
    await pass();
    const refused = client.authentication.logout();
    session.give({ body: { result: began } });
    await expect(refused).rejects.toMatchObject({ code: 3001 });
    server.answers[`POST ${presence}`] = offline;
    expect(await client.authentication.logout()).toMatchObject({ state: "offline" });
    expect(ends(server).at(-1)).toEqual({ state: "offline", sessionId });
  });

  test("and what names no session is not sent again, for it would end the next", async () => {
    const session = later();
    const server = within({ [start]: session.answer, [`POST ${presence}`]: new TypeError("Failed to fetch") });
    agent(server).session.setActiveTenant({ tenantId }).catch(() => {});
    await pass();
    const leaving = client.authentication.logout();
    await pass(5_000);
    expect(ends(server)).toEqual([{ state: "offline" }]);
    server.answers[`POST ${presence}`] = offline;
    session.give({ body: { result: began } });
    expect(await leaving).toMatchObject({ state: "offline" });
    expect(ends(server).at(-1)).toEqual({ state: "offline", sessionId });
  });

  test("whose session has just begun: one request names it", async () => {
    const server = within({ [`POST ${presence}`]: offline });
    agent(server).subscribe("cxengage/session/started", () => void client.authentication.logout());
    await client.session.setActiveTenant({ tenantId });
    await pass();
    expect(ends(server)).toEqual([{ state: "offline", sessionId }]);
  });

  test("but not the one that follows it", async () => {
    const server = within({ [`POST ${presence}`]: gone });
    void agent(server).authentication.logout();
    void client.session.setActiveTenant({ tenantId });
    await pass();
    expect(heard).toContain("started");
  });
});

describe("an entering that is given up while its session is being started", () => {
  const giveUp = async (answer: { status?: number; body: unknown }): Promise<SmallServer> => {
    const session = later();
    const server = within({ [start]: session.answer, [`POST ${presence}`]: offline });
    const control = new AbortController();
    const entering = agent(server).session.setActiveTenant({ tenantId, signal: control.signal });
    await pass();
    control.abort(new Error("enough"));
    await expect(entering).rejects.toThrow("enough");
    const next = client.session.setDirection({ direction: "outbound" }).catch(() => {});
    await pass();
    expect(server.asked).not.toContain(`POST ${presence}/direction`); // it has its turn afterwards
    session.give(answer);
    await pass();
    await next;
    expect(server.asked.at(-1)).toBe(`POST ${presence}/direction`);
    return server;
  };

  test("ends that session: nobody would hear its agent", async () => {
    expect(ends(await giveUp({ body: { result: began } }))).toEqual([{ sessionId, state: "offline" }]);
    expect(heard).not.toContain("started");
    expect(Socket.made).toHaveLength(0);
  });

  test("and requests afterwards name that session, not another desk's", async () => {
    const server = await giveUp({ body: { result: began } });
    expect(server.bodies.at(-1)).toMatchObject({ sessionId, direction: "outbound" });
  });

  test("ends it with the agent's own token or not at all", async () => {
    const session = later();
    const server = within({ [start]: session.answer, [`POST ${presence}`]: offline, "POST login": { body: { result: { userId: otherId, tenants: [] } } } });
    const control = new AbortController();
    const entering = agent(server).session.setActiveTenant({ tenantId, signal: control.signal });
    await pass();
    control.abort();
    await expect(entering).rejects.toBe(control.signal.reason);
    await client.authentication.login({ token: "another's" });
    session.give({ body: { result: began } });
    await pass();
    expect(ends(server)).toEqual([]);
  });

  test("and where none was started, ends none", async () => {
    expect(ends(await giveUp({ status: 403, body: { error: { code: "forbidden" } } }))).toEqual([]);
  });
});

test("a client that is closed in the moment that its session begins opens no stream", async () => {
  agent(within()).subscribe("cxengage/session/started", () => client.close());
  await client.session.setActiveTenant({ tenantId });
  await pass();
  expect(Socket.made).toHaveLength(0);
});

test("who logs in anew as the same user while a tenant is entered enters none by that", async () => {
  const session = later();
  const server = within({ [start]: session.answer, "POST tokens": { body: { token: "second", ttl: 60 } }, "POST login": { body: { result: { userId, tenants: [] } } } });
  const entering = agent(server).session.setActiveTenant({ tenantId });
  await pass();
  await client.authentication.login({ username: "a", password: "b" });
  session.give({ body: { result: began } });
  await expect(entering).rejects.toMatchObject({ code: 1003 });
  expect(heard).not.toContain("started");
  expect(client.session.getActiveTenantId()).toBe(null);
});

describe("another identity is another person", () => {
  test("whose client leaves the session of the one before, and keeps the token", async () => {
    void agent(within()).session.setActiveTenant({ tenantId });
    await pass();
    Socket.made[0]!.open();
    client.session.setToken("second");
    client.session.setUserIdentity(otherId);
    expect(Socket.made[0]!.readyState).toBe(3);
    expect([client.session.getActiveTenantId(), client.session.getToken()]).toEqual([null, "second"]);
    expect(heard).not.toContain("ended");
  });

  test("and the same again is nobody else", async () => {
    void agent(within()).session.setActiveTenant({ tenantId });
    await pass();
    for (const same of [userId, userId.toUpperCase()]) client.session.setUserIdentity(same);
    expect(client.session.getActiveTenantId()).toBe(tenantId);
    expect(Socket.made[0]!.readyState).toBe(0);
  });

  test("nor is the same tenant another, however it is written: its session is kept", async () => {
    const server = within();
    void agent(server).session.setActiveTenant({ tenantId });
    await pass();
    void client.session.setActiveTenant({ tenantId: tenantId.toUpperCase() });
    await pass();
    expect(server.asked.filter((line) => line.startsWith(`POST ${presence}`) && !line.endsWith("heartbeat"))).toEqual([start]);
    expect(Socket.made).toHaveLength(1);
  });
});
