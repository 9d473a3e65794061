import { afterEach, beforeEach, expect, test, vi } from "vitest";

/** Workers of the test: what they were made of, and what they were sent. */
class FakeWorker {
  static made: FakeWorker[] = [];
  static forbids: (address: unknown) => boolean = () => false;
  readonly address: unknown;
  readonly sent: unknown[] = [];
  ended = false;
  onmessage: ((e: { data: unknown }) => void) | null = null;
  onerror: (() => void) | null = null;

  constructor(address: unknown) {
    if (FakeWorker.forbids(address)) throw new TypeError("This document requires 'TrustedScriptURL' assignment.");
    this.address = address;
    FakeWorker.made.push(this);
  }

  postMessage(message: unknown): void {
    this.sent.push(message);
  }

  terminate(): void {
    this.ended = true;
  }
}

const warn = vi.fn();
let life: AbortController;

/** An alarm of a copy of the SDK that the page has loaded. */
const alarm = async () => {
  vi.resetModules();
  const { createAlarm } = await import("../src/alarm.js");
  return createAlarm({ warn }, life.signal);
};

beforeEach(() => {
  vi.useFakeTimers();
  warn.mockReset();
  life = new AbortController();
  FakeWorker.made = [];
  FakeWorker.forbids = () => false;
  vi.stubGlobal("Worker", FakeWorker);
  Reflect.deleteProperty(globalThis, Symbol.for("muster/1/worker")); // the page is another
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test("a worker rings, and ends with the client", async () => {
  const ring = vi.fn();
  const set = await alarm();
  set(1_000, ring);
  const stop = set(2_000, ring);
  const [worker] = FakeWorker.made;
  expect(worker!.sent).toEqual([
    [1, 1_000],
    [2, 2_000],
  ]);
  stop();
  worker!.onmessage!({ data: 1 });
  worker!.onmessage!({ data: 2 });
  expect(ring).toHaveBeenCalledOnce();
  expect(warn).not.toHaveBeenCalled();
  life.abort();
  expect(worker!.ended).toBe(true);
});

test("with Trusted Types its address comes by the policy muster", async () => {
  const names: string[] = [];
  vi.stubGlobal("trustedTypes", {
    createPolicy: (name: string, { createScriptURL }: { createScriptURL: (url: string) => string }) => {
      names.push(name);
      return { createScriptURL: (url: string) => ({ trusted: createScriptURL(url) }) };
    },
  });
  (await alarm())(1_000, () => {});
  expect(names).toEqual(["muster"]);
  expect(FakeWorker.made[0]!.address).toEqual({ trusted: expect.stringMatching(/^blob:/) });
});

test("copies of the SDK in one page share what the policy has made, for none can make it again", async () => {
  const names = new Set<string>();
  vi.stubGlobal("trustedTypes", {
    createPolicy: (name: string) => {
      if (names.has(name)) throw new TypeError(`Policy with name "${name}" already exists.`);
      names.add(name);
      return { createScriptURL: (url: string) => ({ trusted: url }) };
    },
  });
  (await alarm())(1_000, () => {});
  (await alarm())(1_000, () => {});
  expect(FakeWorker.made).toHaveLength(2);
  expect(FakeWorker.made[1]!.address).toBe(FakeWorker.made[0]!.address);
});

test("where the policy is not among the page's, the blob is tried as it is", async () => {
  vi.stubGlobal("trustedTypes", {
    createPolicy: () => {
      throw new TypeError("Policy muster disallowed");
    },
  });
  (await alarm())(1_000, () => {});
  expect(FakeWorker.made[0]!.address).toMatch(/^blob:/);
  expect(warn).not.toHaveBeenCalled();
});

test.each([
  ["forbidden", () => (FakeWorker.forbids = () => true)],
  ["unknown", () => vi.stubGlobal("Worker", undefined)],
])("where workers are %s the page rings, and that is said once", async (_how, prepare) => {
  prepare();
  const ring = vi.fn();
  const set = await alarm();
  set(1_000, ring);
  set(1_000, ring)();
  vi.advanceTimersByTime(1_000);
  expect(ring).toHaveBeenCalledOnce();
  expect(warn).toHaveBeenCalledOnce();
});

test("a worker that fails later hands over what waits for it", async () => {
  const ring = vi.fn();
  const set = await alarm();
  set(60_000, ring);
  FakeWorker.made[0]!.onerror!();
  vi.advanceTimersByTime(1_000);
  expect(ring).toHaveBeenCalledOnce();
  expect(warn).toHaveBeenCalledOnce();
});
