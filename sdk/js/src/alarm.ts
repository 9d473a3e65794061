/** A timer that rings though the page is hidden. */
export type Alarm = (ms: number, ring: () => void) => () => void;

const source = "onmessage=e=>setTimeout(()=>postMessage(e.data[0]),e.data[1])";

/**
 * Timers of a worker, which browsers do not hold back in hidden pages as they do a page's own. A page's policy may forbid the worker;
 * then its own timers have to do, and that is said once.
 */
export const createAlarm = (warn: (text: string) => void): Alarm => {
  let worker: Worker | undefined | null;
  let last = 0;
  const rings = new Map<number, () => void>();

  const start = (): Worker | null => {
    try {
      const address: string = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
      const trusted = (globalThis as { trustedTypes?: { createPolicy: (name: string, rules: { createScriptURL: (url: string) => string }) => { createScriptURL: (url: string) => string } } }).trustedTypes;
      const started = new Worker(trusted ? trusted.createPolicy("muster", { createScriptURL: (url) => url }).createScriptURL(address) : address);
      started.onmessage = (e: MessageEvent<number>) => {
        const ring = rings.get(e.data);
        rings.delete(e.data);
        ring?.();
      };
      // A worker that the page's policy forbids fails later. What waits for it goes over to the page.
      started.onerror = () => {
        worker = null;
        warn("no worker: in a hidden page heartbeats may be late");
        for (const ring of rings.values()) setTimeout(ring, 1_000);
        rings.clear();
      };
      return started;
    } catch {
      warn("no worker: in a hidden page heartbeats may be late");
      return null;
    }
  };

  return (ms, ring) => {
    if (typeof Worker === "undefined") worker = null;
    worker ??= worker === null ? null : start();
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
