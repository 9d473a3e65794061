import { afterEach, describe, expect, expectTypeOf, test } from "vitest";
import { type Client, type ClientOf, type ClientSession, type EndResult, type Floor, type Module, type Voice, changes, createClient, entrance, events, everything, floor, login, tabs, voice } from "../src/index.js";
import * as modules from "../src/modules.js";
import { Socket, otherId, presence, sessionId, snapshot, sockets, state, tenantId, userId, welcome, within } from "./small_desk.js";

const options = () => ({
  baseUrl: "http://muster.test/v1",
  features: everything.features,
  environment: within({ [`POST ${presence}`]: { body: { result: { state: "notready", sessionId: null, resourceId: userId, reason: null, reasonId: null, reasonListId: null, pending: null } } } }).environment(),
  log: { warn: () => {}, error: () => {} },
});

const supervisor = (): boolean => true;

const open: { close: () => void }[] = [];
const kept = <C extends { close: () => void }>(client: C): C => (open.push(client), client);
afterEach(() => open.splice(0).forEach((client) => client.close()));

describe("a client", () => {
  test("has nothing but its modules, subscribe, now, close and its version", () => {
    const client = kept(createClient({ ...options(), modules: [floor] }));
    expect(Object.keys(client).sort()).toEqual(["close", "floor", "now", "subscribe", "version"]);
    expectTypeOf<keyof typeof client>().toEqualTypeOf<"close" | "floor" | "now" | "subscribe" | "version">();
  });

  test("has in one place what several modules bring there", () => {
    const client = kept(createClient({ ...options(), modules: [changes, login, entrance] }));
    expect(Object.keys(client.session)).toEqual(expect.arrayContaining(["goReady", "setActiveTenant"]));
    expect(Object.keys(client.session)).not.toContain("getUserConfig");
    expectTypeOf(client.session).toHaveProperty("goReady");
    expectTypeOf(client.session).toHaveProperty("setActiveTenant");
    expectTypeOf(client.session).not.toHaveProperty("getUserConfig");
    expectTypeOf(client).not.toHaveProperty("floor");
  });

  test("of everything has every module, with the types of Client", () => {
    const client = kept(createClient({ ...options(), ...everything }));
    expectTypeOf(client).toExtend<Client>();
    expectTypeOf<Client>().toExtend<typeof client>();
    expect(new Set(everything.modules)).toEqual(new Set(Object.values(modules)));
  });

  test("may lack a module that is listed on a condition", () => {
    const client = kept(createClient({ ...options(), modules: [login, entrance, ...(supervisor() ? [floor, changes] : [])] }));
    expectTypeOf(client.floor).toEqualTypeOf<Floor | undefined>();
    expectTypeOf(client.session.goReady).toEqualTypeOf<ClientSession["goReady"] | undefined>();
    const filtered = kept(createClient({ ...options(), modules: everything.modules.filter((module) => module !== voice) }));
    expect(filtered.interactions).toBeUndefined();
    expectTypeOf(filtered.interactions?.voice).toEqualTypeOf<Voice | undefined>();
    expectTypeOf(filtered.events).toEqualTypeOf<Client["events"] | undefined>();
  });

  test("has those beside it in any case", () => {
    const client = kept(createClient({ ...options(), modules: [login, ...(supervisor() ? [floor] : []), entrance] }));
    expect(client.session.getToken()).toBeNull();
    expectTypeOf(client.session.setActiveTenant).toEqualTypeOf<ClientSession["setActiveTenant"]>();
    const one = kept(createClient({ ...options(), modules: [supervisor() ? floor : voice] }));
    if ("floor" in one) expectTypeOf(one.floor).toEqualTypeOf<Floor>();
    else expectTypeOf(one.interactions.voice).toEqualTypeOf<Voice>();
  });

  test("is told by its modules, and takes the place of one with fewer", () => {
    const modules = [login, entrance, changes] as const;
    const client: ClientOf<typeof modules> = kept(createClient({ ...options(), modules }));
    const leave = async ({ authentication }: ClientOf<[typeof login]>): Promise<EndResult> => authentication.logout();
    expectTypeOf(leave(client)).resolves.toEqualTypeOf<EndResult>();
    const bigger = kept(createClient({ ...options(), modules: [...modules, floor] }));
    expectTypeOf(bigger).toExtend<typeof client>();
    expectTypeOf(bigger.floor).toEqualTypeOf<Floor>();
  });

  test.each([
    ["with the module voice is told of silent monitoring", [voice], ["cxengage/interactions/voice/silent-monitor-start", "cxengage/interactions/voice/silent-monitor-end"]],
    ["without it passes that over, and takes it for nothing unknown", [], []],
  ] as const)("%s", async (_does, more, wanted) => {
    const environment = { ...within().environment(), ...sockets };
    const client = kept(createClient({ ...options(), environment, modules: [entrance, ...more] }));
    const heard: string[] = [];
    for (const part of ["cxengage/interactions", "cxengage/errors"] as const) client.subscribe(part, ({ topic }) => void heard.push(topic));
    client.session.setToken("secret");
    client.session.setUserIdentity(userId);
    const entering = client.session.setActiveTenant({ tenantId });
    await expect.poll(() => Socket.made.at(-1)?.readyState).toBe(0);
    const socket = Socket.made.at(-1)!;
    welcome(socket, snapshot(1, state("notready", 0)));
    await entering;
    const notification = { type: "agent-notification", notificationType: "silent-monitor-start", interactionId: otherId, resourceId: userId, sessionId };
    socket.frame({ type: "events", events: [{ seq: 2, prev: 1, message: notification }] });
    socket.frame(snapshot(3, state("notready", 0)));
    expect(heard).toEqual(wanted);
  });

  test("shares one log-in, tenant and session between its modules", async () => {
    const client = kept(createClient({ ...options(), modules: [login, entrance, changes, events] }));
    const published = client.events("cxengage/session/state-change-request-acknowledged");
    client.session.setToken("secret");
    client.session.setUserIdentity(userId);
    await client.session.setActiveTenant({ tenantId, noSession: true });
    expect(await client.session.goNotReady()).toMatchObject({ status: "applied", state: "notready" });
    expect((await published.next()).value).toMatchObject({ error: null, response: { state: "notready" } });
  });

  test("shares nothing with another client of the same modules", () => {
    const one = kept(createClient({ ...options(), modules: [entrance, changes] }));
    const other = kept(createClient({ ...options(), modules: [entrance, changes] }));
    one.session.setToken("secret");
    expect(other.session.getToken()).toBeNull();
  });

  test.each(["muster.test", "ftp://muster.test/v1/", "https://", "https://muster.test/v1/?a=b", "https://muster.test/v1/#a", ["https://muster.test/v1/"]])("is refused where %j is no address of a server", (given) => {
    const baseUrl = given as string;
    expect(() => createClient({ ...options(), baseUrl, modules: [] })).toThrow(new TypeError("baseUrl must be an address like https://muster.example/v1/"));
  });

  test.each([[0, undefined], [0, null], [0, {}], [0, login], [1, [login, "entrance"]], [0, [undefined]], [0, [tabs]], [0, [[login]]]])("is refused where the module at %i is none: %o", (at, given) => {
    const refusal = new TypeError(`modules must be a list of modules, as in { baseUrl, ...everything }: modules[${at}] is none`);
    expect(() => createClient({ ...options(), modules: given as unknown as Module[] })).toThrow(refusal);
  });

  test("is refused where its options are forgotten", () => {
    // @ts-expect-error it needs an address
    expect(() => createClient()).toThrow(new TypeError("baseUrl must be an address like https://muster.example/v1/"));
  });
});
