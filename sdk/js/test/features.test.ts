import { afterAll, afterEach, beforeEach, describe, expect, expectTypeOf, test, vi } from "vitest";
import { type ClientOptions, type Environment, type Feature, createClient, entrance, everything, renewal, resume, serverSentEvents, tabs, uploads, worker } from "../src/index.js";
import { FakeBrowser, sharedBy, storageOf } from "./browser.js";
import { Socket, otherId, presence, sessionId, sockets, start, tenantId, userId, within } from "./small_desk.js";
import { endTasks, tasks } from "./time.js";

const pass = async (ms: number): Promise<void> => {
  await tasks();
  await vi.advanceTimersByTimeAsync(ms);
};

const warn = vi.fn();
const open: { close: () => void }[] = [];

/** An agent's client with these features, that has entered the tenant, and what it has asked the server. */
const enter = async (features: Feature[], more: Partial<Environment> = {}, { params = {}, answers = {} }: { params?: object; answers?: Parameters<typeof within>[0] } = {}) => {
  const server = within({ [`POST tenants/${tenantId}/users/${userId}/logs`]: { body: { result: { saved: 1 } } }, ...answers });
  const environment = { ...server.environment(), ...more };
  const client = createClient({ baseUrl: "http://muster.test/v1/", modules: [entrance], features, environment, log: { warn, error: () => {} } });
  open.push(client);
  client.session.setToken("secret");
  client.session.setUserIdentity(userId);
  const entered = client.session.setActiveTenant({ tenantId, ...params });
  await pass(2_000);
  await entered;
  return { session: client.session, asked: server.asked, times: (line: string): number => server.asked.filter((asked) => asked.startsWith(line)).length };
};

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
  warn.mockReset();
});

afterEach(() => {
  for (const client of open.splice(0)) client.close();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

afterAll(endTasks);

describe("the feature tabs", () => {
  const sessions = async (features: Feature[]): Promise<number> => {
    const browser = new FakeBrowser();
    let begun = 0;
    for (let tab = 0; tab < 2; tab++) {
      const owner = { closed: false };
      const { times } = await enter(features, sharedBy(browser, owner));
      begun += times(start);
    }
    return begun;
  };

  test("has the tabs of a browser share one session", async () => expect(await sessions([tabs])).toBe(1));
  test("where it is left out, each tab begins its own", async () => expect(await sessions([])).toBe(2));
});

describe("the feature resume", () => {
  const reload = async (features: Feature[], state: "ready" | "offline" = "ready", alter = (point: string): string => point) => {
    const kept = new Map<string, string>();
    const storage = storageOf(kept);
    const sessionStorage = { ...storage, getItem: (key: string) => alter(storage.getItem(key) ?? "null") };
    const answers = { [`GET ${presence}`]: { body: { result: { sessionId, resourceId: userId, state, direction: "inbound", pending: null } } } };
    await enter(features, { sessionStorage });
    open.pop()!.close();
    return { ...(await enter(features, { sessionStorage }, { params: { resume: true }, answers })), kept };
  };

  test("takes the session up that the page had before it was loaded anew", async () => {
    const { times } = await reload([resume]);
    expect([times(`GET ${presence}`), times(start)]).toEqual([1, 0]);
  });

  test("takes up none that is over meanwhile", async () => {
    const { times } = await reload([resume], "offline");
    expect([times(`GET ${presence}`), times(start)]).toEqual([1, 1]);
  });

  test.each([userId, tenantId, "http://muster.test/v1/"])("takes up none of another user, tenant or server than %s", async (own) => {
    const { times } = await reload([resume], "ready", (point) => point.replace(own, otherId));
    expect([times(`GET ${presence}`), times(start)]).toEqual([0, 1]);
  });

  test("where it is left out, another begins and nothing is stored", async () => {
    const { times, kept } = await reload([]);
    expect([times(`GET ${presence}`), times(start)]).toEqual([0, 1]);
    expect(kept.size).toBe(0);
  });
});

describe("the feature renewal", () => {
  /** A token of an hour, whose callback has been asked how often when the hour is nearly over. */
  const asked = async (features: Feature[]): Promise<number> => {
    const token = `e30.${btoa(JSON.stringify({ iat: Date.now() / 1000, exp: Date.now() / 1000 + 3600 }))}.x`;
    const fresh = vi.fn(() => token);
    const client = createClient({ baseUrl: "http://muster.test/v1/", modules: [entrance], features, environment: within().environment(), token: fresh });
    open.push(client);
    client.session.setToken(token);
    await pass(3_530_000);
    expect(fresh).not.toHaveBeenCalled();
    await pass(20_000);
    return fresh.mock.calls.length;
  };

  test("has the callback bring another token before the present one expires", async () => expect(await asked([renewal])).toBeGreaterThan(0));
  test("where it is left out, the callback is not asked before the server refuses", async () => expect(await asked([])).toBe(0));
});

test("a callback that brings its token when the client is closed is asked no more", async () => {
  const token = (seconds: number): string => `e30.${btoa(JSON.stringify({ iat: Date.now() / 1000, exp: Date.now() / 1000 + seconds }))}.x`;
  let give!: (token: string) => void;
  const asked = vi.fn(() => new Promise<string>((resolve) => (give = resolve)));
  const client = createClient({ baseUrl: "http://muster.test/v1/", modules: [entrance], features: [renewal], environment: within().environment(), token: asked });
  client.session.setToken(token(100));
  await pass(95_000);
  client.close();
  give(token(100));
  await pass(200_000);
  expect(asked).toHaveBeenCalledOnce();
  expect(vi.getTimerCount()).toBe(0);
});

describe("the feature uploads", () => {
  const uploaded = async (features: Feature[]): Promise<number> => {
    const { session, times } = await enter(features);
    await session.setActiveTenant({ tenantId: "none" }).catch(() => {});
    await pass(3_000);
    return times(`POST tenants/${tenantId}/users/${userId}/logs`);
  };

  test("brings published errors into the server's logs", async () => expect(await uploaded([uploads])).toBe(1));
  test("where it is left out, they are published only", async () => expect(await uploaded([])).toBe(0));
});

describe("the feature serverSentEvents", () => {
  const stream = `GET tenants/${tenantId}/stream`;

  test("has events take the place of sockets that do not get through", async () => {
    const { times } = await enter([serverSentEvents]);
    await pass(120_000);
    expect(times(stream)).toBeGreaterThan(0);
    expect(warn).toHaveBeenCalledWith("no socket gets through, Server-Sent Events take its place");
  });

  test("where it is left out, that is said, and the session goes on by heartbeats", async () => {
    const { times } = await enter([]);
    const before = times(`POST ${presence}/heartbeat`);
    await pass(120_000);
    expect(times(stream)).toBe(0);
    expect(times(`POST ${presence}/heartbeat`)).toBeGreaterThan(before + 5);
    expect(warn.mock.calls).toContainEqual(["no socket gets through"]);
  });

  test("where it is left out, a socket that gets through after several did not is one", async () => {
    Socket.made = [];
    const entering = enter([], sockets);
    await pass(100);
    for (let i = 0; i < 2; i++) {
      Socket.made.at(-1)!.end(1006);
      await pass(20_000);
    }
    const socket = Socket.made.at(-1)!;
    socket.open();
    socket.frame({ type: "welcome", beatMs: 4000 });
    const { times } = await entering;
    const before = times(`POST ${presence}/heartbeat`);
    for (let n = 0; n < 20; n++) {
      socket.frame({ type: "beat", n });
      await pass(4_000);
    }
    expect(socket.sent.filter(({ type }) => type === "beat")).toHaveLength(20);
    expect(times(`POST ${presence}/heartbeat`)).toBe(before);
  });

  test("where it is left out, it cannot be asked for", async () => {
    const options = { baseUrl: "http://muster.test/v1/", modules: [], features: [], transport: "events", environment: within().environment() } as const;
    expect(() => createClient(options)).toThrow(new TypeError("transport must be auto, socket, or events with the feature serverSentEvents"));
  });
});

describe("the feature worker", () => {
  const workers = async (features: Feature[]): Promise<{ made: number; beats: number }> => {
    let made = 0;
    vi.stubGlobal("Worker", class {
      constructor() {
        made++;
      }
      postMessage(): void {}
      terminate(): void {}
    });
    const { times } = await enter(features);
    await pass(60_000);
    return { made, beats: times(`POST ${presence}/heartbeat`) };
  };

  test("has a worker ring for the heartbeats of a page without a socket", async () => expect((await workers([worker])).made).toBe(1));

  test("where it is left out, the page rings", async () => {
    const { made, beats } = await workers([]);
    expect(made).toBe(0);
    expect(beats).toBeGreaterThan(3);
  });
});

test("a client has all features where it has everything", () => {
  expect(new Set(everything.features)).toEqual(new Set([worker, tabs, resume, renewal, uploads, serverSentEvents]));
});

test("a client says which features it has: nobody leaves them out unknowingly", () => {
  expectTypeOf<Omit<ClientOptions, "features">>().not.toExtend<ClientOptions>();
  const made = (features: unknown) => createClient({ baseUrl: "http://muster.test/v1/", modules: [entrance], environment: within().environment(), features: features as Feature[] });
  for (const features of [undefined, everything, { tabs }, ["tabs"], [undefined], [null], [{}], [entrance], [everything], [[tabs]]]) {
    expect(() => made(features)).toThrow(new TypeError("features must be a list of features, as in { baseUrl, ...everything }: features[0] is none"));
  }
});
