import { type Agent, longFrom } from "./agent.js";
import { seek } from "./search.js";
import { type Grouping, type View, directions } from "./view.js";

/** Agents under a head; there is one section without a head where nothing is grouped. */
export interface Section {
  readonly key: string;
  readonly agents: readonly Agent[];
}

/** The floor as a view shows it. */
export interface Arrangement {
  readonly sections: readonly Section[];
  /** How many agents pass the filters, each counted once. */
  readonly shown: number;
  /** How many of all agents are long as they are. */
  readonly long: number;
}

export const nothing: Arrangement = { sections: [], shown: 0, long: 0 };

const anyOf = <T>(wanted: readonly T[], value: T): boolean => wanted.length === 0 || wanted.includes(value);

/** Tells whether an agent passes all filters of the view, at a time. */
export const passes = (view: View, now: number): ((agent: Agent) => boolean) => {
  const found = seek(view.search);
  return (agent) => {
    const { row } = agent;
    const here = row.sessionId !== null;
    return (
      anyOf(view.states, row.state) &&
      (view.reasons.length === 0 || (row.state === "notready" && view.reasons.includes(row.reason ?? ""))) &&
      (view.directions.length === 0 || (here && view.directions.includes(row.direction))) &&
      anyOf(view.hearings, agent.hearing) &&
      (view.groups.length === 0 || row.groups.some((group) => view.groups.includes(group))) &&
      (view.offerable === null || row.offerable === view.offerable) &&
      (!view.long || longFrom(agent, view.limits) <= now) &&
      found(agent)
    );
  };
};

const last = Number.POSITIVE_INFINITY;

const kindOrder = { ready: 0, busy: 1, notready: 2, offline: 3 } as const;
const hearingOrder = { lost: 0, silent: 1, live: 2, none: last } as const;

/** The places of texts in the order of a language. */
export const placesOf = (texts: Iterable<string>, collator: Intl.Collator): Map<string, number> =>
  new Map([...new Set(texts)].sort(collator.compare).map((text, place) => [text, place]));

/** What agents are sorted by, as a number; infinite is last, whichever way round. */
const keyOf = (sort: View["sort"], agents: readonly Agent[], names: ReadonlyMap<string, number>, collator: Intl.Collator): ((agent: Agent) => number) => {
  switch (sort) {
    case "name":
      return ({ row }) => names.get(row.name) ?? last;
    case "state":
      return ({ kind }) => kindOrder[kind as keyof typeof kindOrder];
    case "time":
      return ({ since }) => since;
    case "reason": {
      const places = placesOf(agents.map(({ row }) => row.reason ?? ""), collator);
      return ({ row }) => (row.reason ? (places.get(row.reason) ?? last) : last);
    }
    case "direction":
      return ({ row }) => (row.sessionId === null ? last : directions.indexOf(row.direction));
    case "work":
      return ({ workSince }) => workSince;
    case "connection":
      return ({ hearing }) => hearingOrder[hearing];
  }
};

/** Sorts by the view's column, then by name. */
const sorted = (agents: Agent[], view: View, names: ReadonlyMap<string, number>, collator: Intl.Collator): Agent[] => {
  const key = keyOf(view.sort, agents, names, collator);
  const keyed = agents.map((agent) => ({ agent, key: key(agent), name: names.get(agent.row.name) ?? last }));
  const way = view.reversed ? -1 : 1;
  keyed.sort((a, b) => {
    if (a.key !== b.key) return a.key === last ? 1 : b.key === last ? -1 : (a.key - b.key) * way;
    return a.name - b.name || (a.agent.id < b.agent.id ? -1 : 1);
  });
  return keyed.map(({ agent }) => agent);
};

/** The sections that an agent belongs to: several where there are several groups. */
const keysOf = ({ kind, row }: Agent, grouping: Grouping): readonly string[] => {
  switch (grouping) {
    case "state":
      return [kind];
    case "reason":
      return [row.state === "notready" ? `reason/${row.reason ?? ""}` : kind];
    case "direction":
      return [row.sessionId === null ? "offline" : row.direction];
    case "group":
      return row.groups.length ? row.groups.map((group) => `group/${group}`) : ["group/"];
    default:
      return [""];
  }
};

/** Sections of states and directions stand in their own order, named ones in the language's, those without a name behind them. */
const sectionOrder = (collator: Intl.Collator): ((a: string, b: string) => number) => {
  const fixed = ["ready", "busy", "inbound", "outbound", "agent-initiated", "notready"];
  const rank = (key: string): number => {
    if (key === "offline") return 100;
    const at = fixed.indexOf(key);
    return at >= 0 ? at : key.endsWith("/") ? 99 : 50;
  };
  return (a, b) => rank(a) - rank(b) || collator.compare(a, b);
};

/** Filters, groups and sorts. `names` are the places of all names in the order of the collator's language. */
export const arrange = (agents: Iterable<Agent>, view: View, now: number, names: ReadonlyMap<string, number>, collator: Intl.Collator): Arrangement => {
  const pass = passes(view, now);
  const kept: Agent[] = [];
  let long = 0;
  for (const agent of agents) {
    if (longFrom(agent, view.limits) <= now) long++;
    if (pass(agent)) kept.push(agent);
  }
  const ordered = sorted(kept, view, names, collator);
  if (view.grouping === "none") return { sections: [{ key: "", agents: ordered }], shown: ordered.length, long };
  const byKey = new Map<string, Agent[]>();
  for (const agent of ordered) {
    for (const key of keysOf(agent, view.grouping)) {
      if (view.grouping === "group" && view.groups.length && !view.groups.some((group) => key === `group/${group}`)) continue;
      const section = byKey.get(key);
      if (section) section.push(agent);
      else byKey.set(key, [agent]);
    }
  }
  const order = sectionOrder(collator);
  const sections = [...byKey].map(([key, members]) => ({ key, agents: members })).sort((a, b) => order(a.key, b.key));
  return { sections, shown: ordered.length, long };
};
