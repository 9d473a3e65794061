import { afterEach, describe, expect, expectTypeOf, test } from "vitest";
import { type AllModules, type Client, type Module, changes, createClient, entrance, events, everything, floor, login, tabs } from "../src/index.js";
import type { MadeOf } from "../src/modules.js";
import * as modules from "../src/modules.js";
import { presence, tenantId, userId, within } from "./small_desk.js";

const options = () => ({
  baseUrl: "http://muster.test/v1",
  features: everything.features,
  environment: within({ [`POST ${presence}`]: { body: { result: { state: "notready", sessionId: null, resourceId: userId, reason: null, reasonId: null, reasonListId: null, pending: null } } } }).environment(),
  log: { warn: () => {}, error: () => {} },
});

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
    expectTypeOf<AllModules>().toExtend<MadeOf<(typeof modules)[keyof typeof modules]>>();
    expectTypeOf<MadeOf<(typeof modules)[keyof typeof modules]>>().toExtend<AllModules>();
    expect(new Set(everything.modules)).toEqual(new Set(Object.values(modules)));
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

  test("is refused where the address is none", () => {
    expect(() => createClient({ ...options(), baseUrl: "muster.test", modules: [] })).toThrow(new TypeError("baseUrl must be an address like https://muster.example/v1/"));
  });

  test.each([undefined, null, login, {}, ["login"], [undefined], [tabs]])("is refused where its modules are %o", (given) => {
    expect(() => createClient({ ...options(), modules: given as unknown as Module[] })).toThrow(new TypeError("modules and features must be lists of these, as in { baseUrl, ...everything }"));
  });
});
