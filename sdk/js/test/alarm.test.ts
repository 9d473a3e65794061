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

/** An alarm of a page that is loaded anew: a page makes a policy of a name once. */
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
