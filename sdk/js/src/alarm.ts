import type { Log } from "./core.js";

/** A timer that rings though the page is hidden; what it returns stops it. */
export type Alarm = (ms: number, ring: () => void) => () => void;

const source = "onmessage=e=>setTimeout(()=>postMessage(e.data[0]),e.data[1])";

interface Policy {
  createScriptURL: (address: string) => string;
}

/** A page makes a policy of a name once. */
let policy: Policy | undefined;

/** The address as a page with Trusted Types wants it; as it is where there are none, or the policy `muster` is not among the page's. */
const trusted = (address: string): string => {
  try {
    policy ??= (globalThis as unknown as { trustedTypes: { createPolicy: (name: string, rules: Policy) => Policy } }).trustedTypes.createPolicy("muster", { createScriptURL: (url) => url });
    return policy.createScriptURL(address);
  } catch {
    return address;
  }
};

/**
 * Timers of a worker, which browsers do not hold back in hidden pages as they do a page's own. There may be no workers, or the page's
 * policy may forbid them; then its own timers have to do, and that is said once.
 */
export const createAlarm = (log: Pick<Log, "warn">, life: AbortSignal): Alarm => {
  let worker: Worker | undefined | null;
  let last = 0;
  const rings = new Map<number, () => void>();

  /** What waits for the worker goes over to the page. */
  const without = (): void => {
    worker = null;
    log.warn("no worker: in a hidden page heartbeats may be late");
    for (const ring of rings.values()) setTimeout(ring, 1_000);
    rings.clear();
  };

  const start = (): void => {
    try {
      worker = new Worker(trusted(URL.createObjectURL(new Blob([source], { type: "text/javascript" }))));
      worker.onerror = () => worker && without(); // one that is forbidden fails later
      worker.onmessage = ({ data }: MessageEvent<number>) => {
        const ring = rings.get(data);
        rings.delete(data);
        ring?.();
      };
      life.addEventListener("abort", () => worker?.terminate());
    } catch {
      without();
    }
  };

  return (ms, ring) => {
    if (worker === undefined) start();
    if (!worker) {
      const timer = setTimeout(ring, ms);
      return () => clearTimeout(timer);
    }
    const id = ++last;
    rings.set(id, ring);
    worker.postMessage([id, ms]);
    return () => void rings.delete(id);
  };
};
