import { afterEach, beforeEach, describe, expect, expectTypeOf, test, vi } from "vitest";
import { type Client, type Config, type CxEngage, type Event, type LoggedIn, MusterError, type PresenceState, type SdkError, type StateChange, type StateResult, type Work, createClient, everything, isMusterError } from "../src/index.js";
import type { Core } from "../src/core.js";
import { createHub } from "../src/hub.js";
import { createEvents } from "../src/iterator.js";
import * as codes from "../src/codes.js";
import { book } from "./format.js";
import { SmallServer } from "./small_server.js";

const tenantId = "0a8f2d60-0000-4000-8000-000000000001";
const userId = "0a8f2d60-0000-4000-8000-000000000002";
const presence = `tenants/${tenantId}/presence/${userId}`;
const extension = { id: "e1", type: "sip", value: "100", description: "Desk" };

const state = (more: Partial<PresenceState>): { body: { result: Partial<PresenceState> } } => ({
  body: { result: { sessionId: null, resourceId: userId, reason: null, reasonId: null, reasonListId: null, pending: null, ...more } },
});

const within = (more: ConstructorParameters<typeof SmallServer>[0] = {}): SmallServer =>
  new SmallServer({
    [`GET tenants/${tenantId}`]: { body: { result: { id: tenantId, regionId: "r1" } } },
    "GET regions/r1": { body: { result: { id: "r1" } } },
    [`GET tenants/${tenantId}/users/${userId}/config`]: { body: { result: { extensions: [extension], activeExtension: extension, reasonLists: [] } } },
    [`GET tenants/${tenantId}/users/${userId}`]: { body: { result: { extensions: [extension], activeExtension: extension } } },
    ...more,
  });

let client: Client;

/** A client of the server's, in the tenant without a session. */
const enter = async (server: SmallServer): Promise<Client> => {
  client = createClient({ ...everything, baseUrl: "http://muster.test/v1", environment: server.environment(), log: { warn: () => {}, error: () => {} } });
  client.session.setToken("secret");
  client.session.setUserIdentity(userId);
  await client.session.setActiveTenant({ tenantId, noSession: true });
  server.asked.length = 0;
  return client;
};

afterEach(() => {
  client.close();
  vi.restoreAllMocks();
});

describe("a request for a state says what has become of it", () => {
  test("applied", async () => {
    await enter(within({ [`POST ${presence}`]: state({ state: "ready" }) }));
    const result = await client.session.goReady({ extensionValue: "100" });
    expectTypeOf(result).toEqualTypeOf<StateResult>();
    expect(result).toMatchObject({ status: "applied", state: "ready" });
  });

  test("pending, where a log-out waits for open work", async () => {
    const pending = { state: "offline" as const, reason: null, reasonId: null, reasonListId: null, since: "2000-01-01T00:00:00.000Z", byId: userId, byName: "A" };
    await enter(within({ [`POST ${presence}`]: state({ state: "ready", pending }) }));
    const result = await client.authentication.logout();
    if (result.status !== "pending") throw new Error(`it is ${result.status}`);
    expectTypeOf(result.pending.state).toEqualTypeOf<PresenceState["state"]>();
    expect(result.pending.state).toBe("offline");
  });

  test("held, where the system holds the agent not ready", async () => {
    await enter(within({ [`POST ${presence}`]: state({ state: "notready", cause: "system" }) }));
    expect(await client.session.setPresenceState({ state: "ready" })).toMatchObject({ status: "held", state: "notready" });
  });
});

describe("an AbortSignal ends a call", () => {
  test("that is not begun: nothing is sent", async () => {
    const server = within();
    await enter(server);
    const reason = new Error("changed my mind");
    await expect(client.session.goReady({ extensionValue: "100", signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(server.asked).toEqual([]);
  });

  test("that is under way: at once, its request too, and nothing is published", async () => {
    await enter(within({ [`POST ${presence}`]: new Promise(() => {}) }));
    const published: string[] = [];
    client.subscribe("cxengage", ({ topic }) => published.push(topic));
    const control = new AbortController();
    const call = client.session.goReady({ extensionValue: "100", signal: control.signal });
    setTimeout(() => control.abort(), 20);
    await expect(call).rejects.toMatchObject({ name: "AbortError" });
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(published).toEqual([]);
  });

  test("that waits for its turn: nothing of it is sent, and the next has its turn", async () => {
    let answer!: (answer: { body: unknown }) => void;
    const server = within({ [`POST ${presence}`]: new Promise((resolve) => (answer = resolve)) });
    await enter(server);
    const first = client.session.goNotReady();
    const control = new AbortController();
    const second = client.session.setDirection({ direction: "outbound", signal: control.signal });
    control.abort();
    await expect(second).rejects.toMatchObject({ name: "AbortError" });
    const third = client.session.goNotReady();
    answer(state({ state: "notready" }));
    await Promise.all([first, third]);
    expect(server.asked).toEqual([`POST ${presence}`, `POST ${presence}`]);
  });

  test("without one that anybody listens to nothing is left", async () => {
    await enter(within({ "GET me": { body: { result: [] } } }));
    const { signal } = new AbortController();
    const remove = vi.spyOn(signal, "removeEventListener");
    const add = vi.spyOn(signal, "addEventListener");
    await client.session.getTenantDetails({ signal });
    await new Promise((resolve) => setTimeout(resolve));
    expect(remove.mock.calls.length).toBe(add.mock.calls.length);
  });
});

describe("for await", () => {
  const take = async <T extends Event>(events: AsyncIterable<T>): Promise<string[]> => {
    const taken: string[] = [];
    for await (const { topic } of events) taken.push(topic);
    return taken;
  };

  test("gives what was published since, in order, and ends with the signal", async () => {
    await enter(within({ "GET me": { body: { result: [] } }, [`POST ${presence}`]: state({ state: "ready" }) }));
    const control = new AbortController();
    const taken = take(client.events(["cxengage/session/get-tenant-details", "cxengage/session/state-change-request-acknowledged"], { signal: control.signal }));
    await client.session.goReady({ extensionValue: "100" });
    await client.session.getTenantDetails();
    control.abort();
    expect(await taken).toEqual(["cxengage/session/state-change-request-acknowledged", "cxengage/session/get-tenant-details"]);
  });

  test("ends with the client, and a broken loop listens no more", async () => {
    await enter(within({ "GET me": { body: { result: [] } } }));
    const open = take(client.events("cxengage"));
    const broken = client.events("cxengage/session");
    await client.session.getTenantDetails();
    for await (const event of broken) {
      expect(event.topic).toBe("cxengage/session/get-tenant-details");
      break;
    }
    await client.session.getTenantDetails();
    expect(await broken.next()).toEqual({ value: undefined, done: true });
    client.close();
    expect(await open).toHaveLength(2);
  });

  test("with a signal that is over it ends at once", async () => {
    await enter(within());
    expect(await take(client.events("cxengage", { signal: AbortSignal.abort() }))).toEqual([]);
  });

  /** A client that has published so many events to an iterator, which was begun or not. */
  const behind = async (events: number, begun: boolean): Promise<AsyncIterableIterator<Event>> => {
    const server = within({ "POST login": { body: { result: { userId, tenants: [] } } } });
    client = createClient({ ...everything, baseUrl: "http://muster.test/v1/", environment: server.environment() });
    const iterator = client.events("cxengage/session/tenant-list");
    const first = begun ? iterator.next() : undefined;
    for (let i = 0; i < events; i++) await client.authentication.login({ token: "secret" });
    await first;
    return iterator;
  };

  /** How many events an iterator gives before it fails. */
  const givenBy = async (iterator: AsyncIterableIterator<Event>): Promise<number> => {
    let taken = 0;
    await expect(
      (async () => {
        for await (const _event of iterator) taken++;
      })(),
    ).rejects.toBeInstanceOf(RangeError);
    return taken;
  };

  test("who is too far behind gets what there is, and then a RangeError", async () => {
    expect(await givenBy(await behind(4_100, true))).toBe(4_096);
  });

  test("who never begins has 64 events kept, and no more", async () => {
    expect(await givenBy(await behind(65, false))).toBe(64);
  });

  test("where one topic is none, nothing is listened to", () => {
    const hub = createHub({ warn: () => {}, error: () => {} });
    const listening = new Set<string>();
    const counted = {
      subscribe: (...args: Parameters<typeof hub.subscribe>) => {
        const id = hub.subscribe(...args);
        listening.add(id);
        return id;
      },
      unsubscribe: (id: string) => listening.delete(id),
    };
    const events = createEvents({ hub: counted, life: new AbortController() } as unknown as Core);
    expect(() => events(["cxengage/session", "session" as "cxengage"])).toThrow(TypeError);
    expect(listening.size).toBe(0);
  });

  test("what is given back while it waits ends at once", async () => {
    const events = await behind(0, false);
    const waits = events.next();
    await events.return!();
    expect(await waits).toEqual({ value: undefined, done: true });
  });
});

describe("subscribe", () => {
  test("returns what ends it, and knows what each topic carries", async () => {
    await enter(within({ "GET me": { status: 403, body: { error: { code: "forbidden" } } } }));
    const heard: (SdkError | null)[] = [];
    const end = client.subscribe("cxengage/session/get-tenant-details", ({ error }) => heard.push(error));
    await client.session.getTenantDetails().catch(() => {});
    end();
    await client.session.getTenantDetails().catch(() => {});
    expect(heard).toMatchObject([{ code: 2012, data: { apiResponse: { status: 403 } } }]);
    expect(Object.getPrototypeOf(heard[0])).toBe(Object.prototype);
  });

  test("in both faces", () => {
    client = createClient({ ...everything, baseUrl: "http://muster.test/v1/", environment: within().environment() });
    client.subscribe("cxengage/session/state-change-response", (event) => {
      expectTypeOf(event.response).toEqualTypeOf<StateChange | null>();
      if (event.error === null) expectTypeOf(event.response).toEqualTypeOf<StateChange>();
      else expectTypeOf(event.error).toEqualTypeOf<SdkError>();
    });
    client.subscribe("cxengage/session", (event) => {
      if (event.topic === "cxengage/session/config-details" && !event.error) expectTypeOf(event.response).toEqualTypeOf<Config>();
      // @ts-expect-error such a topic is not below it
      expect(event.topic === "cxengage/errors/error/token-expired").toBe(false);
    });
    // @ts-expect-error there is no such topic
    client.subscribe("cxengage/session/state-change", () => {});
  });
});

describe("errors", () => {
  test("are of one class, and JSON makes plain ones of them", async () => {
    await enter(within({ "GET me": { status: 403, body: { error: { code: "forbidden" } } } }));
    const error = await client.session.getTenantDetails().catch((cause: unknown) => cause);
    if (!isMusterError(error)) throw new Error("it is no MusterError");
    expectTypeOf(error).toExtend<MusterError>();
    expectTypeOf(error).toExtend<SdkError>();
    expect(error).toMatchObject({ code: 2012, context: "session", level: "error", data: { apiResponse: { status: 403, apiResponse: { failure: "forbidden" } } } });
    expect(JSON.parse(JSON.stringify(error))).toEqual({ code: 2012, context: "session", data: error.data, level: "error", message: error.message });
  });

  test("say by their code what data they have, published ones too", () => {
    const look = (error: SdkError | (MusterError & SdkError)): void => {
      expectTypeOf(error.data.apiResponse?.status).toEqualTypeOf<number | undefined>();
      if (error.code === 2012) expectTypeOf(error.data.apiResponse.status).toEqualTypeOf<number>();
      if (error.code === 4000) expectTypeOf(error.data.activeInteractions).toEqualTypeOf<Work[]>();
      if (error.code === 2100) expectTypeOf(error.data.activeInteractions).toEqualTypeOf<Work[] | undefined>();
      if (error.code === 1003) expectTypeOf(error.data.problems).toEqualTypeOf<string>();
      if (error.code === 7014) expectTypeOf(error.data.interactionId).toEqualTypeOf<string>();
    };
    expect(look).toBeTypeOf("function");
  });

  test("have the level of the vocabulary, and the context of their thousand", () => {
    const contexts: Record<number, string> = { 1: "general", 2: "session", 3: "authentication", 4: "interaction", 7: "voice", 14: "logging" };
    const all = Object.values(codes).filter((fault): fault is (typeof codes)["optionsInvalid"] => Array.isArray(fault));
    expect(all).toContain(codes.logsNotSaved);
    for (const fault of all) {
      const { code, level, context } = new MusterError(fault);
      expect({ code, level, context }).toEqual({ code, level: book.words.codes[code]?.level, context: contexts[Math.floor(code / 1000)] });
    }
  });

  test("are known across copies of the SDK, and others are not", () => {
    client = createClient({ ...everything, baseUrl: "http://muster.test/v1/", environment: within().environment() });
    expect(isMusterError({ name: "MusterError", code: 2004, message: "of another frame" })).toBe(true);
    for (const other of [new Error("x"), null, undefined, "MusterError", 2004, { code: 2004 }]) expect(isMusterError(other)).toBe(false);
  });

  test("say in their message what is wrong with parameters, or comes too early", async () => {
    client = createClient({ ...everything, baseUrl: "http://muster.test/v1/", environment: within().environment(), log: { warn: () => {}, error: () => {} } });
    await expect(client.session.setActiveTenant({ tenantId: "here" })).rejects.toThrow("the parameters are invalid: tenantId must be a uuid");
    await expect(client.session.setActiveTenant({ tenantId })).rejects.toThrow(/^the parameters are invalid: nobody is logged in/);
  });

  test("nobody needs to await", async () => {
    await enter(within());
    // A rejection that nobody handles fails the run.
    void client.session.goReady({ extensionValue: "" });
    void client.session.goReady({ extensionValue: "100", signal: AbortSignal.abort() });
    await new Promise((resolve) => setTimeout(resolve, 5));
  });

  test("parameters that cannot be sent are one too, and are told once", async () => {
    await enter(within());
    const told: unknown[] = [];
    client.subscribe("cxengage", (event) => void told.push(event.error?.code));
    const circle: Record<string, unknown> = {};
    circle["self"] = circle;
    await expect(client.session.setPresenceState({ state: "notready", reason: circle as never })).rejects.toMatchObject({ code: 1003 });
    expect(told).toEqual([1003]);
  });

  test("an argument that is no object is one", async () => {
    await enter(within());
    await expect(client.session.goReady("100" as never)).rejects.toMatchObject({ code: 1003 });
  });
});

describe("parameters", () => {
  test("are those of the call, though the page rewrites a reason while the call waits for its turn", async () => {
    const reasonInfo = { reason: "Lunch", reasonId: "0a8f2d60-0000-4000-8000-000000000003", reasonListId: "0a8f2d60-0000-4000-8000-000000000004" };
    const config = { extensions: [], activeExtension: extension, reasonLists: [{ id: reasonInfo.reasonListId, reasons: [{ reasonId: reasonInfo.reasonId }] }] };
    const server = within({ [`GET tenants/${tenantId}/users/${userId}/config`]: { body: { result: config } }, [`POST ${presence}`]: state({ state: "notready" }) });
    await enter(server);
    server.bodies.length = 0;
    const before = client.session.goNotReady();
    const call = client.session.goNotReady({ reasonInfo });
    reasonInfo.reason = "rewritten";
    await Promise.all([before, call]);
    expect(server.bodies[1]).toMatchObject({ reason: "Lunch" });
  });

  test.each([".", ".."])("do not lead from a path to another: %s", async (username) => {
    const server = within();
    await enter(server);
    await expect(client.authentication.getAuthInfo({ username })).rejects.toMatchObject({ code: 1003 });
    client.session.setUserIdentity(username);
    await expect(client.authentication.updateDefaultTenant({ tenantId })).rejects.toMatchObject({ code: 1003 });
    expect(server.asked).toEqual([]);
  });
});

test("functions that need parameters are typed so, in both faces", () => {
  client = createClient({ ...everything, baseUrl: "http://muster.test/v1/", environment: within().environment() });
  expectTypeOf(client.session.goReady).parameters.toExtend<[object]>();
  expectTypeOf<[]>().not.toExtend<Parameters<typeof client.session.goReady>>();
  expectTypeOf<[]>().toExtend<Parameters<typeof client.session.goNotReady>>();
  type GoReady = NonNullable<CxEngage["session"]>["goReady"];
  expectTypeOf<Parameters<GoReady>[0]>().not.toBeAny();
  expectTypeOf<[]>().not.toExtend<Parameters<GoReady>>();
  expectTypeOf<ReturnType<GoReady>>().resolves.toExtend<PresenceState>();
});

test("the page's own fetch is called on the page, as it is by then", async () => {
  client = createClient({ ...everything, baseUrl: "http://muster.test/v1/", log: { warn: () => {}, error: () => {} } });
  let self: unknown;
  vi.stubGlobal("fetch", function (this: unknown) {
    self = this;
    return Promise.resolve(new Response("{}", { status: 404 }));
  });
  await client.authentication.getAuthInfo({ username: "a" }).catch(() => {});
  vi.unstubAllGlobals();
  expect(self).toBe(globalThis);
});

describe("a page that is no secure context", () => {
  test("has no crypto.randomUUID, and needs none", async () => {
    vi.stubGlobal("crypto", { getRandomValues: crypto.getRandomValues.bind(crypto) });
    await enter(within({ [`POST ${presence}`]: state({ state: "notready" }) }));
    expect(await client.session.goNotReady()).toMatchObject({ state: "notready" });
    const [one, other] = await Promise.all([client.reporting.addStatSubscription({}), client.reporting.addStatSubscription({})]);
    expect(one.statId).not.toBe(other.statId);
    vi.unstubAllGlobals();
  });
});

describe("logging in", () => {
  test("is typed by what was asked for", () => {
    client = createClient({ ...everything, baseUrl: "http://muster.test/v1/", environment: within().environment() });
    const { login } = client.authentication;
    expectTypeOf(login({ token: "secret" })).resolves.toEqualTypeOf<LoggedIn>();
    expectTypeOf(login({ username: "a", password: "b", noStateReset: true })).resolves.toEqualTypeOf<{ ttl: number }>();
    // @ts-expect-error a user name goes with a password
    void login({ username: "a" });
    // @ts-expect-error nobody is anybody
    void login();
    // @ts-expect-error a token goes without them
    void login({ username: "a", password: "b", token: "secret" });
    // @ts-expect-error it is about a user or a tenant
    void client.authentication.getAuthInfo({ username: "a", tenantId });
  });
});

describe("a floor without sockets", () => {
  const stream = `GET tenants/${tenantId}/stream?view=floor`;
  const probe = `GET tenants/${tenantId}`;

  beforeEach(() => {
    vi.useFakeTimers();
    vi.spyOn(Math, "random").mockReturnValue(0.9);
  });

  afterEach(() => void vi.useRealTimers());

  const open = async (server: SmallServer): Promise<void> => {
    client = createClient({ ...everything, baseUrl: "http://muster.test/v1/", environment: server.environment(), log: { warn: () => {}, error: () => {} } });
    client.session.setToken("secret");
    client.floor.open({ tenantId });
    await vi.advanceTimersByTimeAsync(60_000);
  };

  test("takes Server-Sent Events where requests are answered", async () => {
    const server = within();
    await open(server);
    expect(server.asked[0]).toBe(probe);
    expect(server.asked).toContain(stream);
  });

  test("goes on trying sockets where the network is down", async () => {
    const down = new TypeError("Failed to fetch");
    const server = within({ [probe]: down, [stream]: down });
    await open(server);
    expect(server.sockets).toBeGreaterThan(3);
    expect(server.asked).not.toContain(stream);
  });

  test("leaves nothing when the client is closed", async () => {
    await open(within());
    client.close();
    expect(vi.getTimerCount()).toBe(0);
  });
});
