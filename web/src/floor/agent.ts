import { type BadgeKind, badgeOf } from "../app/badge.js";
import type { FloorRow } from "../app/wire.js";

/** How the server hears an agent; `none` without a session. */
export type Hearing = "live" | "silent" | "lost" | "none";

/** A row of the floor with what sorting, filtering and drawing ask of it again and again. */
export interface Agent {
  readonly id: string;
  readonly row: FloorRow;
  readonly kind: BadgeKind;
  readonly hearing: Hearing;
  /** When the state and the oldest open work began, in milliseconds; infinite without. */
  readonly since: number;
  readonly workSince: number;
}

const never = Number.POSITIVE_INFINITY;

export const agentOf = (row: FloorRow): Agent => ({
  id: row.resourceId,
  row,
  kind: badgeOf(row.state, row.work.length),
  hearing: row.sessionId === null ? "none" : row.connection,
  since: row.sessionId !== null && row.stateSince ? Date.parse(row.stateSince) : never,
  workSince: row.work.reduce((oldest, work) => Math.min(oldest, Date.parse(work.since)), never),
});

/** Minutes after which somebody is long in a state, or has work for long. 0 is never. */
export interface Limits {
  readonly notready: number;
  readonly ready: number;
  readonly work: number;
}

const minute = 60_000;

/** When an agent began, or begins, to be long as they are; infinite for never. */
export const longFrom = ({ row, since, workSince }: Agent, limits: Limits): number => {
  if (row.sessionId === null) return never;
  if (row.state === "notready") return limits.notready ? since + limits.notready * minute : never;
  if (row.work.length > 0) return limits.work ? workSince + limits.work * minute : never;
  return limits.ready ? since + limits.ready * minute : never;
};
