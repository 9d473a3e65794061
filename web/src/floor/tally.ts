import type { Agent } from "./agent.js";

/** How many there are, before any filter. */
export interface Tally {
  readonly all: number;
  readonly ready: number;
  /** Of those who are ready, who has work. */
  readonly busy: number;
  readonly notready: number;
  readonly offline: number;
  readonly offerable: number;
  readonly live: number;
  readonly silent: number;
  readonly lost: number;
  /** Open work. */
  readonly work: number;
  readonly reasons: ReadonlyMap<string, number>;
  readonly directions: ReadonlyMap<string, number>;
  readonly groups: ReadonlyMap<string, number>;
}

type Numbers = { -readonly [K in keyof Tally as Tally[K] extends number ? K : never]: number };

/** Counts along with every change, so that nobody has to count all again. */
export interface Tallier {
  add: (agent: Agent) => void;
  remove: (agent: Agent) => void;
  clear: () => void;
  read: () => Tally;
}

const none: Numbers = { all: 0, ready: 0, busy: 0, notready: 0, offline: 0, offerable: 0, live: 0, silent: 0, lost: 0, work: 0 };

export const emptyTally: Tally = { ...none, reasons: new Map(), directions: new Map(), groups: new Map() };

const bump = (counts: Map<string, number>, name: string, by: number): void => {
  const next = (counts.get(name) ?? 0) + by;
  if (next > 0) counts.set(name, next);
  else counts.delete(name);
};

export const createTallier = (): Tallier => {
  let numbers: Numbers = { ...none };
  const reasons = new Map<string, number>();
  const directions = new Map<string, number>();
  const groups = new Map<string, number>();

  const count = ({ row, hearing, kind }: Agent, by: 1 | -1): void => {
    numbers.all += by;
    numbers[row.state] += by;
    numbers.work += by * row.work.length;
    if (kind === "busy") numbers.busy += by;
    if (row.offerable) numbers.offerable += by;
    if (row.state === "notready") bump(reasons, row.reason ?? "", by);
    for (const group of row.groups) bump(groups, group, by);
    if (hearing === "none") return;
    numbers[hearing] += by;
    bump(directions, row.direction, by);
  };

  return {
    add: (agent) => count(agent, 1),
    remove: (agent) => count(agent, -1),
    clear() {
      numbers = { ...none };
      for (const counts of [reasons, directions, groups]) counts.clear();
    },
    read: () => ({ ...numbers, reasons: new Map(reasons), directions: new Map(directions), groups: new Map(groups) }),
  };
};
