import { sleep } from "./backoff.js";
import type { Tokens } from "./rest.js";

/** How long a callback that brings nothing is left alone, in milliseconds. */
const callbackPause = 5_000;
const callbackTime = 10_000;

export interface Credentials extends Tokens {
  set: (token: string | null) => void;
  /** Whether the present token is missing or known to be refused. */
  useless: () => boolean;
  /** Asks the callback for another token now. */
  renew: () => Promise<boolean>;
}

interface Options {
  fetch?: (() => Promise<string> | string) | undefined;
  /** Is told of a refused token, once a token. */
  onRefused: (code: string) => void;
  /** Is told of a token in the place of another. */
  onFresh: (token: string | null) => void;
  /** How long to wait for a fresh token now, in milliseconds. */
  patience: () => number;
}

/** Holds the token, and finds a fresh one when it is refused. */
export const createCredentials = (o: Options): Credentials => {
  let token: string | null = null;
  let reported: string | null = null;
  let change = new AbortController();
  let fetching: Promise<boolean> | undefined;

  const set = (next: string | null): void => {
    if (next === token) return;
    token = next;
    const changed = change;
    change = new AbortController();
    o.onFresh(token);
    changed.abort();
  };

  /** At most one callback at a time; everybody waits for the same. */
  const renew = (): Promise<boolean> =>
    (fetching ??= (async () => {
      const old = token;
      try {
        const fresh = await o.fetch!();
        if (fresh && token === old) set(fresh); // what was set meanwhile is fresher
        return token !== old;
      } catch {
        return false;
      } finally {
        fetching = undefined;
      }
    })());

  const refused: Tokens["refused"] = async (old, code, signal, patience = o.patience()) => {
    if (old && token === old && reported !== old) {
      reported = old;
      o.onRefused(code);
    }
    /** Waits until the token changes, or so long. */
    const wait = (ms: number): Promise<void> => sleep(ms, change.signal, signal);
    const end = Date.now() + (o.fetch ? Math.max(patience, callbackTime) : patience);
    for (;;) {
      if (token && token !== old) return token;
      const left = end - Date.now();
      if (left <= 0 || signal.aborted) return null;
      if (!o.fetch) await wait(left);
      else if ((await Promise.race([renew(), wait(left)])) === false) await wait(Math.max(0, Math.min(end - Date.now(), callbackPause)));
    }
  };

  return {
    token: () => token,
    set,
    renew,
    useless: () => !token || token === reported,
    refused,
  };
};
