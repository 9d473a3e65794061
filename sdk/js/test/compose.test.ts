import { afterEach, describe, expect, expectTypeOf, test } from "vitest";
import * as parts from "../src/compose.js";
import { type Client, createClient } from "../src/index.js";
import { presence, tenantId, userId, within } from "./small_desk.js";

const { composeClient, login, identities, entrance, changes, readings, originals, floor, voice, reporting, events, worker, tabs, resume, renewal, uploads, serverSentEvents } = parts;

const options = () => ({
  features: [worker, tabs, resume, renewal, uploads, serverSentEvents],
  baseUrl: "http://muster.test/v1",
  environment: within({ [`POST ${presence}`]: { body: { result: { state: "notready", sessionId: null, resourceId: userId, reason: null, reasonId: null, reasonListId: null, pending: null } } } }).environment(),
  log: { warn: () => {}, error: () => {} },
});

const whole = (base: parts.Base) => ({
  authentication: { ...login(base), ...identities(base) },
  session: { ...entrance(base), ...changes(base), ...readings(base), ...originals(base) },
  interactions: { voice: voice(base) },
  reporting: reporting(base),
  floor: floor(base),
  events: events(base),
});

const open: { close: () => void }[] = [];
const kept = <C extends { close: () => void }>(client: C): C => (open.push(client), client);
afterEach(() => open.splice(0).forEach((client) => client.close()));

const names = (of: object): string[] => Object.entries(of).flatMap(([name, value]) => (typeof value === "object" && value ? names(value).map((inner) => `${name}.${inner}`) : name)).sort();

describe("a client that is composed", () => {
  test("of all modules has what createClient has, with the same types", () => {
    const composed = kept(composeClient(options(), whole));
    expectTypeOf(composed).toExtend<Omit<Client, "version">>();
    expect(names(composed)).toEqual(names(kept(createClient(options()))).filter((name) => name !== "version"));
  });

  test("shares one log-in, tenant and session between its modules", async () => {
    const client = kept(composeClient(options(), (base) => ({ authentication: login(base), session: { ...entrance(base), ...changes(base) }, events: events(base) })));
    const published = client.events("cxengage/session/state-change-request-acknowledged");
    client.session.setToken("secret");
    client.session.setUserIdentity(userId);
    await client.session.setActiveTenant({ tenantId, noSession: true });
    expect(await client.session.goNotReady()).toMatchObject({ status: "applied", state: "notready" });
    expect((await published.next()).value).toMatchObject({ error: null, response: { state: "notready" } });
  });

  test("has nothing but its modules, subscribe, now and close", () => {
    expect(Object.keys(kept(composeClient(options(), (base) => ({ floor: floor(base) })))).sort()).toEqual(["close", "floor", "now", "subscribe"]);
  });

  test("is refused where the address is none", () => {
    expect(() => composeClient({ ...options(), baseUrl: "muster.test" }, () => ({}))).toThrow(new TypeError("baseUrl must be an address like https://muster.example/v1/"));
  });
});
