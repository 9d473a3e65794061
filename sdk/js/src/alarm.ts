import type { Log } from "./core.js";

/** A timer that rings though the page is hidden; what it returns stops it. */
export type Alarm = (ms: number, ring: () => void) => () => void;

const source = "onmessage=e=>setTimeout(()=>postMessage(e.data[0]),e.data[1])";

interface Policy {
  createScriptURL: (address: string) => string;
}

/** What the page's scripts have in common. The number rises when the worker's script changes. */
interface Page {
  trustedTypes: { createPolicy: (name: string, rules: Policy) => Policy };
  [script]?: string;
}

const script = Symbol.for("muster/1/worker");

/**
 * The address of the worker's script, as a page with Trusted Types wants it; as it is where there are none, or the policy `muster` is not
 * among the page's. A page makes a policy of a name once: all copies of the SDK that it loads share what the first has made.
 */
const address = (): string => {
  const page = globalThis as unknown as Page;
  if (page[script]) return page[script];
  const blob = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  try {
    return (page[script] = page.trustedTypes.createPolicy("muster", { createScriptURL: (url) => url }).createScriptURL(blob));
  } catch {
    return (page[script] = blob);
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
      worker = new Worker(address());
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
