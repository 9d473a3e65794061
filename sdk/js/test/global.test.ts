import { afterEach, describe, expect, expectTypeOf, test, vi } from "vitest";
import { createGlobal } from "../src/global.js";
import type { CxEngage, Ended, Extension, Initialized, LoggedIn, Outcome, PresenceState, SdkError, StateChange, Topic, Unserved, Work } from "../src/index.js";
import { within } from "./small_desk.js";

const make = (): CxEngage => createGlobal(within().environment(), "http://muster.test");

const initialized = (): Initialized => {
  const sdk = make().initialize();
  if (!sdk) throw new Error("it is not initialized");
  return sdk;
};

afterEach(() => {
  vi.restoreAllMocks();
});

describe("the global is typed by whether it is initialized", () => {
  test("initialize returns the global with everything there, or null", () => {
    const global = make();
    // @ts-expect-error before it nothing is there
    expect(() => global.session.goNotReady()).toThrow(TypeError);
    const sdk = global.initialize();
    expectTypeOf(sdk).toEqualTypeOf<Initialized | null>();
    expect(sdk).toBe(global);
    if (!sdk) return;
    const { api, authentication, contacts, dumpState, entities, floor, interactions, logging, publish, reporting, session, subscribe, unsubscribe, version } = sdk;
    const parts = [api, authentication, contacts, dumpState, entities, floor, interactions, logging, publish, reporting, session, subscribe, unsubscribe, version];
    expectTypeOf<Extract<(typeof parts)[number], undefined>>().toBeNever();
    expect(parts).not.toContain(undefined);

    vi.spyOn(console, "error").mockReturnValue();
    expect(sdk.initialize({ baseUrl: "no address" })).toBeNull();
  });

  test("subscribe tells, as pages test for it", () => {
    const global = make();
    const desk = (): string => {
      if (!global.subscribe) return "not yet";
      expectTypeOf(global).toEqualTypeOf<Initialized>();
      return typeof global.session.goReady;
    };
    expect(desk()).toBe("not yet");
    global.initialize();
    expect(desk()).toBe("function");
  });
});

describe("where there is no error there is a response", () => {
  test("for subscribers", () => {
    const { subscribe } = initialized();
    subscribe("cxengage/session/state-change-response", (error, topic, response, subscriptionId) => {
      expectTypeOf(topic).toEqualTypeOf<"cxengage/session/state-change-response">();
      expectTypeOf(response).toEqualTypeOf<StateChange | null>();
      expectTypeOf(subscriptionId).toEqualTypeOf<string>();
      if (error) {
        expectTypeOf(response).toEqualTypeOf<null>();
        if (error.code === 4000) expectTypeOf(error.data.activeInteractions).toEqualTypeOf<Work[]>();
        return;
      }
      expectTypeOf(response).toEqualTypeOf<StateChange>();
    });
    subscribe("cxengage/session", (error, topic, response) => {
      if (!error && topic === "cxengage/session/ended") expectTypeOf(response).toEqualTypeOf<Ended>();
      // @ts-expect-error such a topic is not below it
      expect(topic).not.toBe("cxengage/errors/error/token-expired" satisfies typeof topic);
    });
    subscribe("cxengage/session/get-default-extension-response", (error, _topic, extension) => {
      if (!error) expectTypeOf(extension).toEqualTypeOf<Extension | null>();
    });
    subscribe("cxengage/session/ended", (error, topic) => [expectTypeOf(error).toEqualTypeOf<SdkError | null>(), expectTypeOf(topic).toEqualTypeOf<"cxengage/session/ended">()]);
    subscribe("cxengage", (error) => error && expectTypeOf(error).toEqualTypeOf<SdkError>());
    subscribe("cxengage/session/ended", (...[error, , end]) => error ?? end.endCode);
    // @ts-expect-error it may be an error
    subscribe("cxengage/session/ended", (_error, _topic, end) => end.state);
    subscribe("cxengage/session/tenant-list" as string, (error, topic, response) => {
      expectTypeOf(error).toEqualTypeOf<SdkError | null>();
      expectTypeOf(topic).toEqualTypeOf<string>();
      expectTypeOf(response).toEqualTypeOf<unknown>();
    });
    const whatever = (error: SdkError | null, topic: string, response: unknown, id: string): unknown => [error, topic, response, id];
    subscribe("cxengage", whatever);
  });

  test("for callbacks", async () => {
    const { authentication, session } = initialized();
    const ended: unknown[] = [];
    await session
      .goNotReady((error, topic, state) => {
        expectTypeOf(topic).toEqualTypeOf<Topic>();
        expectTypeOf(state).toEqualTypeOf<PresenceState | null>();
        if (!error) return expectTypeOf(state).toEqualTypeOf<PresenceState>();
        expectTypeOf(state).toEqualTypeOf<null>();
        ended.push(error.code, topic, state);
      })
      .catch(() => {});
    expect(ended).toEqual([1003, "cxengage/session/state-change-request-acknowledged", null]);
    void authentication.logout((error) => expectTypeOf(error).toEqualTypeOf<SdkError | null>());
    void session.setDirection({ direction: "inbound" }, (...[error, , changed]) => error ?? changed.direction);
    void session.getTenantDetails((error, _topic, found) => error ?? found.details);
    void session.getUserConfig({}, (error, _topic, found) => error ?? found.result.extensions);
    void session.getUserConfig({}, (error) => expectTypeOf(error).toEqualTypeOf<SdkError | null>());
    void session.goReady({ extensionValue: "1" }, (error, topic) => [expectTypeOf(error).toEqualTypeOf<SdkError | null>(), expectTypeOf(topic).toEqualTypeOf<Topic>()]);
    void session.goReady({ extensionValue: "1" }, undefined);
    void session.goNotReady(null, null);
    const wrong = (): unknown[] => [
      // @ts-expect-error it may have failed
      session.goNotReady((_error, _topic, state) => state.state),
      // @ts-expect-error an extension is needed
      session.goReady(),
    ];
    expect(wrong).toBeTypeOf("function");
    expectTypeOf<Outcome<string>>().toEqualTypeOf<[error: null, topic: Topic, response: string] | [error: SdkError, topic: Topic, response: null]>();
  });

  test("getters do not fail, and may have nothing", async () => {
    const { session } = initialized();
    const told = await new Promise<unknown[]>((tell) => {
      const extension = session.getDefaultExtension((error, topic, response) => {
        expectTypeOf(error).toEqualTypeOf<null>();
        expectTypeOf(response).toEqualTypeOf<Extension | null>();
        tell([error, topic, response]);
      });
      expectTypeOf(extension).toEqualTypeOf<Extension | null>();
    });
    expect(told).toEqual([null, "cxengage/session/get-default-extension-response", null]);
    expectTypeOf(session.getToken()).toEqualTypeOf<string | null>();
    expectTypeOf(session.setToken("secret", (_error, _topic, token) => expectTypeOf(token).toEqualTypeOf<string | null>())).toEqualTypeOf<string | null>();
    expect(session.setToken((_error, _topic, token) => expectTypeOf(token).toEqualTypeOf<string | null>())).toBeNull();
    expect(session.setLocale({ locale: "de" })).toBe("de");
  });
});

test("log-in is typed by what was asked for", () => {
  const { login } = initialized().authentication;
  const account = { username: "a", password: "b" };
  const fresh = login({ ...account, noStateReset: true }, (error, _topic, token) => {
    if (!error) expectTypeOf(token).toEqualTypeOf<{ ttl: number }>();
  });
  expectTypeOf(fresh).resolves.toEqualTypeOf<{ ttl: number }>();
  const identity = login(account, (error, _topic, me) => {
    if (!error) expectTypeOf(me).toEqualTypeOf<LoggedIn>();
  });
  expectTypeOf(identity).resolves.toEqualTypeOf<LoggedIn>();
  void login({ token: "secret" }, (error, _topic, me) => error ?? me.tenants);
  expectTypeOf(login({ ...account, noStateReset: Math.random() > 0.5 })).resolves.toEqualTypeOf<LoggedIn | { ttl: number }>();
  // @ts-expect-error a user name goes with a password
  void login({ username: "a" }, () => {});
  // @ts-expect-error nobody is anybody
  void login();
});

test("what Muster does not serve can be tested for, and what it serves cannot be mistyped", () => {
  const { entities, interactions, reporting, session, zendesk } = initialized();
  const { voice } = interactions;
  expectTypeOf(voice.dial).toEqualTypeOf<Unserved | undefined>();
  const absent = [voice.dial, interactions.accept, interactions.email?.["sendReply"], reporting.statQuery, entities["getUsers"], zendesk];
  expect(absent.filter((f) => f !== undefined)).toEqual([]);
  if (voice.dial) void voice.dial({ phoneNumber: "1" }, (error, _topic, response) => error ?? response);
  if (entities["getUsers"]) void entities["getUsers"]((error, _topic, users) => error ?? users);
  // @ts-expect-error it is silentMonitor
  expect(voice.silentMonitr).toBeUndefined();
  // @ts-expect-error it is goReady
  expect(session.goReadi).toBeUndefined();
  // @ts-expect-error it has to be tested for
  expect(() => voice.dial()).toThrow(TypeError);
});
