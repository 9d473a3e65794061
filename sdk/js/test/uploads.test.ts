import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Client, createClient, everything } from "../src/index.js";
import { otherId, tenantId, userId, within } from "./small_desk.js";
import type { SmallServer } from "./small_server.js";

const uploads = `POST tenants/${tenantId}/users/${userId}/logs`;
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

let client: Client;

const create = (more: Parameters<typeof within>[0] = {}): SmallServer => {
  const server = within({ [uploads]: { body: { result: { saved: 1 } } }, "POST tokens": { status: 401, body: { error: { code: "bad_credentials" } } }, ...more });
  client = createClient({ ...everything, baseUrl: "http://muster.test/v1/", environment: server.environment(), log: { warn: () => {}, error: () => {} } });
  return server;
};

const logIn = (): void => {
  client.session.setToken("secret");
  client.session.setUserIdentity(userId);
};

const enter = (): Promise<unknown> => client.session.setActiveTenant({ tenantId, noSession: true });

/** The codes of the errors that were uploaded. */
const uploaded = (server: SmallServer): number[] =>
  server.asked
    .flatMap((line, i) => (line === uploads ? (server.bodies[i] as { logs: { message: string }[] }).logs : []))
    .map(({ message }) => (JSON.parse(message) as { code: number }).code);

beforeEach(() => void vi.useFakeTimers());

afterEach(() => {
  client.close();
  vi.useRealTimers();
});

test("errors from before the tenant was known are uploaded when it is", async () => {
  const server = create();
  await client.authentication.login({ username: "a", password: "wrong" }).catch(() => {});
  logIn();
  await pass(60_000);
  expect(uploaded(server)).toEqual([]);
  await enter();
  await pass(2_000);
  expect(uploaded(server)).toEqual([3000]);
});

test("a hundred errors wait for that, and no more", async () => {
  const server = create();
  logIn();
  for (let i = 0; i < 110; i++) await client.session.goReady({ extensionValue: "" }).catch(() => {});
  await pass(60_000);
  await enter();
  await pass(2_000);
  expect(uploaded(server)).toHaveLength(100);
});

test("errors of somebody whose token was not good any more are uploaded after the next log-in", async () => {
  const server = create({ "POST tokens": { body: { token: "second", ttl: 60 } }, "POST login": { body: { result: { userId, tenants: [] } } } });
  logIn();
  await client.session.goReady({ extensionValue: "" }).catch(() => {});
  await client.authentication.login({ username: "a", password: "b" });
  await enter();
  await pass(2_000);
  expect(uploaded(server)).toEqual([1003]);
});

test("errors of somebody who was logged in are not uploaded as somebody else's", async () => {
  const server = create();
  client.session.setUserIdentity(otherId);
  await client.session.goReady({ extensionValue: "" }).catch(() => {});
  logIn();
  await enter();
  await pass(2_000);
  expect(uploaded(server)).toEqual([]);
});
