import { floorUnread } from "./codes.js";
import { quiet } from "./call.js";
import { type Core, lease } from "./core.js";
import { MusterError, answer, problem } from "./error.js";
import { createDigest } from "./digest.js";
import { follow } from "./follow.js";
import { isUuid } from "./uuid.js";
import type { FloorRow } from "./wire.js";

/** What has changed on a floor: the rows as they are now, frozen and shared. */
export interface FloorChange {
  rows: readonly FloorRow[];
}

/** A floor that is watched. Rows are frozen and shared, not copied. */
export interface OpenFloor {
  /** All rows, by resourceId. */
  readonly rows: ReadonlyMap<string, FloorRow>;
  /** Whether the rows are being kept up to date. */
  readonly connected: boolean;
  /** Calls with what has changed, or when everything is to be read anew; returns what ends that. */
  on: (type: "change" | "reset", receive: (change: FloorChange) => void) => () => void;
  close: () => void;
  /** Settles when the floor or its client is closed; rejects with a MusterError when the server refuses it. */
  readonly closed: Promise<void>;
}

export interface Floor {
  /** Watches everybody's presence, of a group or of all. It needs the right to, and no session. */
  open: (params?: { tenantId?: string | null | undefined; group?: string | null | undefined } | null) => OpenFloor;
}

/** How long after a connection's end requests are tried, in milliseconds: most reconnects are quicker. */
const probePause = 2_000;

/** What a request would be refused with, by the stream's close code; docs/protocol.md has all of them. */
const refusals: Record<number, [status: number, failure: string]> = { 4202: [403, "forbidden"], 4203: [404, "not_found"] };

const freeze = (row: FloorRow): FloorRow => {
  for (const part of [row.work, row.groups, row.availableStates, row.pending]) if (part) Object.freeze(part);
  row.work.forEach(Object.freeze);
  return Object.freeze(row);
};

export const createFloor = (core: Core): Floor => ({
  open(params) {
    const tenant = params?.tenantId ?? core.tenant;
    const rows = new Map<string, FloorRow>();
    const receivers = new Set<[type: "change" | "reset", receive: (change: FloorChange) => void]>();
    let connected = false;
    let probe: ReturnType<typeof setTimeout> | undefined;
    const over = new AbortController();
    let resolve!: () => void;
    let reject!: (error: MusterError) => void;
    const closed = quiet(new Promise<void>((...settle) => ([resolve, reject] = settle)));
    const tell = (type: "change" | "reset", changed: FloorRow[]): void => {
      for (const [wanted, receive] of [...receivers]) {
        if (wanted !== type) continue;
        try {
          receive({ rows: changed });
        } catch (cause) {
          core.log.error("a receiver of the floor throws", cause);
        }
      }
    };
    /** If a request is answered, it is only sockets that do not get through. A session's heartbeats tell that as well. */
    const ask = (): void => {
      probe = undefined;
      if (!connected && !core.live) core.rest.knock(tenant!, over.signal);
    };
    let changed: FloorRow[] = [];
    const flush = (): void => {
      const told = changed;
      changed = [];
      if (!over.signal.aborted && told.length) tell("change", told);
    };
    const close = (error?: MusterError): void => {
      if (over.signal.aborted) return;
      connected = false;
      clearTimeout(probe);
      over.abort();
      if (error) reject(error);
      else resolve();
    };
    if (core.life.signal.aborted) close();
    else if (!isUuid(tenant)) close(problem("tenantId must be a uuid, or a tenant active"));
    else {
      const digest = createDigest();
      follow(
        core,
        { tenant, view: "floor", group: params?.group ?? undefined, patience: lease, signal: over.signal },
        {
          welcomed: () => {
            connected = true;
          },
          snapshot: (all) => {
            digest.replace(all);
            rows.clear();
            changed = [];
            const now = (all as FloorRow[]).map(freeze);
            for (const row of now) rows.set(row.resourceId, row);
            tell("reset", now);
          },
          event: (message) => {
            digest.apply(message);
            const { row } = message as { row?: FloorRow };
            if (!row) return;
            rows.set(row.resourceId, freeze(row));
            if (changed.push(row) === 1) queueMicrotask(flush); // what came in one frame is told at once
          },
          beat: (sum) => sum !== undefined && sum !== digest.sum(),
          unreadable: () => core.log.warn("a message about the floor cannot be read and is passed over"),
          disconnected: () => {
            connected = false;
            probe ??= setTimeout(ask, probePause);
          },
          stopped: (code, reason) => {
            const [status, failure] = refusals[code] ?? [code, "error"];
            close(new MusterError(floorUnread, { apiResponse: answer(status, reason, failure) }));
          },
        },
      );
      core.life.signal.addEventListener("abort", () => close(), { signal: over.signal });
    }
    return {
      rows,
      get connected() {
        return connected;
      },
      on: (type, receive) => {
        const entry: [typeof type, typeof receive] = [type, receive];
        receivers.add(entry);
        return () => void receivers.delete(entry);
      },
      close: () => close(),
      closed,
    };
  },
});
