import type { Core } from "./core.js";

/** So far apart are tokens that are asked for ahead of time. To a clock that is wrong each may seem to have expired. */
const renewPause = 5_000;
/** A token is renewed so long before its end, or a tenth of its life if that is shorter. */
const renewAhead = 60_000;

/** Is told of a token in the place of another. */
export type Renewal = (token: string | null) => void;

/** Asks the page's callback for another token before the present one expires. */
export const createRenewal = (whose: () => Core): Renewal => {
  let timer: ReturnType<typeof setTimeout> | undefined;

  const renewIn = (ms: number): void => {
    const { credentials, life } = whose();
    stop();
    if (life.signal.aborted) return;
    // A timer's delay is 31 bits, which is longer than tokens live.
    timer = setTimeout(() => void credentials.renew().then((done) => done || renewIn(renewPause)), Math.min(ms, 2e9));
    life.signal.addEventListener("abort", stop); // once, however often it is said
  };

  const stop = (): void => clearTimeout(timer);

  return (token) => {
    const { clock, options } = whose();
    stop();
    if (!token || !options.token) return;
    const at = renewalOf(token) - Date.parse(clock.now());
    if (at < Infinity) renewIn(Math.max(renewPause, at));
  };
};

/** When a token is to be renewed by the server's clock, by what it says of itself; Infinity where it does not say. It is read, not verified. */
const renewalOf = (token: string): number => {
  try {
    const { exp, iat } = JSON.parse(atob(token.split(".")[1]!.replace(/-/g, "+").replace(/_/g, "/"))) as { exp: number; iat: number };
    const life = (exp - iat) * 1000; // no number where it does not say
    return life > 0 ? exp * 1000 - Math.min(renewAhead, life / 10) : Infinity;
  } catch {
    return Infinity;
  }
};
