import type { Direction, State } from "../app/wire.js";
import type { Hearing, Limits } from "./agent.js";

export const states = ["ready", "notready", "offline"] as const satisfies readonly State[];
export const directions = ["inbound", "outbound", "agent-initiated"] as const satisfies readonly Direction[];
export const hearings = ["live", "silent", "lost"] as const satisfies readonly Hearing[];
export const groupings = ["none", "state", "reason", "direction", "group"] as const;
export const sorts = ["name", "state", "time", "reason", "direction", "work", "connection"] as const;
export const layouts = ["rows", "tiles"] as const;

export type Grouping = (typeof groupings)[number];
export type Sort = (typeof sorts)[number];
type FloorLayout = (typeof layouts)[number];

/** How somebody looks at the floor. All of it stands in the address. An empty filter lets everything pass. */
export interface View {
  readonly search: string;
  readonly states: readonly State[];
  /** Names of reasons; "" is no reason. */
  readonly reasons: readonly string[];
  readonly directions: readonly Direction[];
  readonly hearings: readonly (typeof hearings)[number][];
  readonly groups: readonly string[];
  readonly offerable: boolean | null;
  /** Only who is long as they are. */
  readonly long: boolean;
  readonly limits: Limits;
  readonly grouping: Grouping;
  /** Groups that are folded away, by their keys. */
  readonly closed: readonly string[];
  readonly sort: Sort;
  readonly reversed: boolean;
  readonly layout: FloorLayout;
  /** Whose day is shown beside the floor. */
  readonly agent: string | null;
  /** Whether the open work is shown beside the floor. */
  readonly work: boolean;
}

export const plainView: View = {
  search: "",
  states: [],
  reasons: [],
  directions: [],
  hearings: [],
  groups: [],
  offerable: null,
  long: false,
  limits: { notready: 15, ready: 0, work: 30 },
  grouping: "none",
  closed: [],
  sort: "state",
  reversed: false,
  layout: "rows",
  agent: null,
  work: false,
};

/** How much of the floor a view shows; the rest of it is how. */
const filterKeys = ["search", "states", "reasons", "directions", "hearings", "groups", "offerable", "long"] as const satisfies readonly (keyof View)[];

export const isFiltered = (view: View): boolean =>
  filterKeys.some((key) => {
    const value = view[key];
    return Array.isArray(value) ? value.length > 0 : value !== plainView[key];
  });

export const withoutFilters = (view: View): View => ({ ...view, ...Object.fromEntries(filterKeys.map((key) => [key, plainView[key]])) });

/** The list with the value, or without it where it was there. */
export const toggled = <T>(list: readonly T[], value: T): T[] => (list.includes(value) ? list.filter((other) => other !== value) : [...list, value]);
