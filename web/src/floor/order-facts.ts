import type { Rest } from "../app/rest.js";
import { path } from "../app/rest.js";
import type { ReasonList } from "../app/wire.js";
import type { Agent } from "./agent.js";
import type { Extensions } from "./extensions.js";
import type { Known, Order } from "./order.js";
import { together } from "./together.js";

/** What has been read about agents to foresee what an order does. */
export interface Facts {
  readonly known: ReadonlyMap<string, Known>;
  /** All lists that one of the agents has. */
  readonly lists: readonly ReasonList[];
  /** Nobody's reasons could be read. */
  readonly withoutReasons: boolean;
  /** How many agents were read about. */
  readonly sample: number;
}

export const noFacts: Facts = { known: new Map(), lists: [], withoutReasons: false, sample: 0 };

/**
 * Of more agents nothing is read, for rows do not say it and each takes requests of its own: the dialog says so, and the server what it thinks
 * of them when they are asked for.
 */
const mostRead = 60;

const atOnce = 4;

/** Reads what an order of this kind depends on: reasons and extensions for a state, nothing for all others. */
export const readFacts = async (kind: Order["kind"], agents: readonly Agent[], rest: Rest, tenantId: string, extensions: Extensions, signal: AbortSignal): Promise<Facts> => {
  if (kind !== "state") return noFacts;
  const some = agents.filter(({ row }) => row.sessionId !== null).slice(0, mostRead);
  const known = new Map<string, Known>();
  const lists = new Map<string, ReasonList>();
  let failed = 0;
  const reading = extensions.readAll(some, signal);
  await together(
    some,
    atOnce,
    async (agent) => {
      try {
        const own = await rest.get<ReasonList[]>(path`tenants/${tenantId}/users/${agent.id}/reason-lists`, signal);
        for (const list of own) lists.set(list.id, list);
        known.set(agent.id, { reasons: new Set(own.flatMap((list) => list.reasons.map(({ reasonId }) => reasonId))) });
      } catch {
        failed++;
      }
    },
    signal,
  );
  await reading;
  // Some of the others have been in sight.
  for (const agent of agents) {
    const extension = extensions.of(agent);
    known.set(agent.id, { ...known.get(agent.id), extension: extension === undefined ? undefined : extension !== null });
  }
  return { known, lists: [...lists.values()], withoutReasons: some.length > 0 && failed === some.length, sample: some.length };
};
