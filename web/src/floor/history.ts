import { type Cell, cell } from "../app/cell.js";
import { type Rest, path } from "../app/rest.js";
import type { Counts } from "../app/wire.js";
import { type Point, hour, merge, step, withPoint } from "./curve.js";
import type { Tally } from "./tally.js";

/** The last hour in counts: as the server has it, and from then on as it is seen here. */
export interface History {
  readonly points: Cell<readonly Point[]>;
  /** Whether the server's counts could be read. */
  readonly complete: Cell<boolean>;
  /** Reads the server's counts anew, as after a time without a connection. */
  read: () => Promise<void>;
  /** Takes how it is now, where a step has passed. */
  see: (tally: Tally) => void;
}

export const createHistory = (rest: Rest, tenantId: string, now: () => number, signal: AbortSignal): History => {
  const points = cell<readonly Point[]>([]);
  const complete = cell(true);
  let reading = false;

  const read = async (): Promise<void> => {
    if (reading) return;
    reading = true;
    try {
      const to = now();
      const from = Math.floor((to - hour) / step) * step;
      const query = new URLSearchParams({ from: new Date(from).toISOString(), to: new Date(to).toISOString(), step: String(step) });
      const counts = await rest.get<Counts>(`${path`tenants/${tenantId}/presence/counts`}?${query}`, signal);
      const counted = counts.points.map(({ at, ready, notready, unknown }) => ({ at: Date.parse(at), ready, notready, unknown }));
      points.set(merge(counted, points.value));
      complete.set(true);
    } catch {
      if (!signal.aborted) complete.set(false); // the curve goes on from here; the next reset reads again
    } finally {
      reading = false;
    }
  };

  return {
    points,
    complete,
    read,
    see({ ready, notready }) {
      const at = Math.floor(now() / step) * step;
      const newest = points.value.at(-1)?.at ?? 0;
      if (newest < at - 2 * step) void read(); // the page slept, or had no connection: the server knows what was meanwhile
      if (newest < at) points.set(withPoint(points.value, { at, ready, notready, unknown: 0 }));
    },
  };
};
