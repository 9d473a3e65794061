import type { Environment } from "../src/index.js";
import { task } from "./time.js";

/** Channels and locks, which the tabs of a browser have in common. */
export class FakeBrowser {
  readonly channels = new Set<Channel>();
  readonly locks = new Map<string, Claim[]>();
  /** What has crossed channels, for those who look for secrets. */
  said: string[] = [];

  /** The first in line has the lock. */
  advance(name: string): void {
    const first = this.locks.get(name)?.[0];
    if (first && !first.held) {
      first.held = true;
      task(first.grant);
    }
  }

  /** Puts somebody at the end of the line, or in the place of whoever has the lock. */
  line(name: string, claim: Claim, steal: boolean): void {
    const [first, ...others] = this.locks.get(name) ?? [];
    if (steal && first?.held) {
      this.locks.set(name, [claim, ...others]);
      task(first.lose);
    } else this.locks.set(name, [...(first ? [first] : []), ...others, claim]);
    this.advance(name);
  }

  /** Takes somebody out of the line. */
  yield(name: string, claim: Claim): void {
    const left = (this.locks.get(name) ?? []).filter((other) => other !== claim);
    if (left.length) this.locks.set(name, left);
    else this.locks.delete(name);
    this.advance(name);
  }
}

interface Claim {
  owner: object;
  held: boolean;
  grant: () => void;
  /** Another has taken the lock. */
  lose: () => void;
}

type Channel = { readonly name: string; readonly owner: Owner; closed: boolean; onmessage: ((e: MessageEvent) => void) | null };

/** Whoever has channels and locks: a tab, until it is closed. While it hangs, what comes to it waits. */
export interface Owner {
  closed: boolean;
  waiting?: (() => void)[];
}

/** Something comes to a tab, now or when it no longer hangs. */
const arrive = (owner: Owner, run: () => void): void => {
  if (owner.waiting) owner.waiting.push(run);
  else run();
};

export const hang = (owner: Owner): void => void (owner.waiting = []);

export const wake = (owner: Owner): void => {
  const { waiting } = owner;
  delete owner.waiting;
  waiting?.forEach((run) => task(run));
};

/** The BroadcastChannel of a tab. */
const channelOf = (browser: FakeBrowser, owner: Owner) =>
  class FakeChannel implements Channel {
    readonly name: string;
    readonly owner = owner;
    closed = false;
    onmessage: ((e: MessageEvent) => void) | null = null;

    constructor(name: string) {
      this.name = name;
      if (!owner.closed) browser.channels.add(this);
    }

    postMessage(message: unknown): void {
      if (this.closed) throw new DOMException("The channel is closed.", "InvalidStateError");
      if (owner.closed || owner.waiting) return; // nothing of it runs
      browser.said.push(JSON.stringify(message));
      for (const other of browser.channels) {
        if (other === this || other.name !== this.name) continue;
        const data: unknown = structuredClone(message);
        task(() => arrive(other.owner, () => other.closed || other.onmessage?.(new MessageEvent("message", { data }))));
      }
    }

    close(): void {
      this.closed = true;
      browser.channels.delete(this);
    }
  };

type LockCallback = (lock: { name: string; mode: "exclusive" } | null) => unknown;

/** The locks of a tab: exclusive ones, given in the order in which they were asked for, but to those that steal. */
const locksOf = (browser: FakeBrowser, owner: Owner) => ({
  request: (name: string, second: LockCallback | { signal?: AbortSignal; steal?: boolean }, third?: LockCallback): Promise<unknown> => {
    const callback = typeof second === "function" ? second : third!;
    const { signal, steal = false } = typeof second === "function" ? {} : second;
    return new Promise((resolve, reject) => {
      if (owner.closed || owner.waiting) return;
      if (signal?.aborted) return reject(signal.reason);
      let granted = false;
      const claim: Claim = {
        owner,
        held: false,
        grant: () => {
          if (owner.closed || signal?.aborted) return;
          granted = true;
          void (async () => callback({ name, mode: "exclusive" }))()
            .then(resolve, reject)
            .finally(() => browser.yield(name, claim));
        },
        lose: () => arrive(owner, () => reject(new DOMException("The lock was stolen.", "AbortError"))),
      };
      signal?.addEventListener("abort", () => {
        if (granted) return;
        browser.yield(name, claim);
        reject(signal.reason);
      });
      browser.line(name, claim, steal);
    });
  },
});

/** A browser takes a moment to give on the locks of a tab that is closed. */
const clearingTime = 100;

/** Everything of a tab's that its end ends. */
export const leftBy = (browser: FakeBrowser, owner: Owner): void => {
  for (const channel of [...browser.channels]) {
    if (channel.owner !== owner) continue;
    channel.closed = true;
    browser.channels.delete(channel);
  }
  setTimeout(() => {
    for (const [name, claims] of [...browser.locks]) for (const claim of claims) if (claim.owner === owner) browser.yield(name, claim);
  }, clearingTime);
};

/** What the tabs of a browser have in common, for one of them. The fakes have of it what a page needs, not all. */
export const sharedBy = (browser: FakeBrowser, owner: Owner): Pick<Environment, "BroadcastChannel" | "navigator"> => ({
  BroadcastChannel: channelOf(browser, owner) as unknown as Environment["BroadcastChannel"],
  navigator: { locks: locksOf(browser, owner) as unknown as LockManager },
});

/** A tab's storage, over what it has kept. */
export const storageOf = (kept: Map<string, string>): NonNullable<Environment["sessionStorage"]> => ({
  getItem: (key) => kept.get(key) ?? null,
  setItem: (key, value) => void kept.set(key, value),
  removeItem: (key) => void kept.delete(key),
});
