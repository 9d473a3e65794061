import type { Limits } from "./agent.js";
import { type View, directions, groupings, hearings, layouts, plainView, sorts, states } from "./view.js";

/** Which parameters of the address are the view's. All others, such as the tenant, are left alone. */
const parameters = ["q", "state", "reason", "direction", "connection", "group", "offerable", "long", "after", "by", "closed", "sort", "as", "agent", "beside"] as const;

const limitNames = ["notready", "ready", "work"] as const satisfies readonly (keyof Limits)[];

/** A day: longer than anybody should be in a state. */
const mostMinutes = 24 * 60;

const among = <T extends string>(values: readonly string[], known: readonly T[]): T[] => known.filter((value) => values.includes(value));

const one = <T extends string>(value: string | null, known: readonly T[], otherwise: T): T => known.find((each) => each === value) ?? otherwise;

const distinct = (values: readonly string[]): string[] => [...new Set(values)];

/** Reads limits as "notready:15,work:30"; what is not named, or not readable, is as usual. */
const parseLimits = (text: string | null): Limits => {
  const limits: Record<keyof Limits, number> = { ...plainView.limits };
  for (const part of text?.split(",") ?? []) {
    const [name, minutes = ""] = part.split(":");
    const known = limitNames.find((each) => each === name);
    if (known && /^\d{1,4}$/.test(minutes)) limits[known] = Math.min(Number(minutes), mostMinutes);
  }
  return limits;
};

const printLimits = (limits: Limits): string =>
  limitNames
    .filter((name) => limits[name] !== plainView.limits[name])
    .map((name) => `${name}:${limits[name]}`)
    .join(",");

/** The view that a query such as "?state=ready&sort=-time" asks for. What it does not know in it, it passes over. */
export const parseView = (query: string): View => {
  const asked = new URLSearchParams(query);
  const sort = asked.get("sort") ?? "";
  const offerable = asked.get("offerable");
  return {
    search: asked.get("q") ?? "",
    states: among(asked.getAll("state"), states),
    reasons: distinct(asked.getAll("reason")),
    directions: among(asked.getAll("direction"), directions),
    hearings: among(asked.getAll("connection"), hearings),
    groups: distinct(asked.getAll("group")),
    offerable: offerable === "yes" ? true : offerable === "no" ? false : null,
    long: asked.get("long") === "yes",
    limits: parseLimits(asked.get("after")),
    grouping: one(asked.get("by"), groupings, plainView.grouping),
    closed: distinct(asked.getAll("closed")),
    sort: one(sort.replace(/^-/, ""), sorts, plainView.sort),
    reversed: sort.startsWith("-"),
    layout: one(asked.get("as"), layouts, plainView.layout),
    agent: asked.get("agent") || null,
    work: asked.get("beside") === "work",
  };
};

/** The query for a view: what is as usual is not in it, and what of the present query is not the view's stays. */
export const printView = (view: View, present: string): string => {
  const next = new URLSearchParams(present);
  for (const name of parameters) next.delete(name);
  const put = (name: (typeof parameters)[number], values: readonly string[]): void => {
    for (const value of values) next.append(name, value);
  };
  const when = (is: boolean, value: string): string[] => (is ? [value] : []);
  put("q", when(view.search !== "", view.search));
  put("state", view.states);
  put("reason", view.reasons);
  put("direction", view.directions);
  put("connection", view.hearings);
  put("group", view.groups);
  put("offerable", when(view.offerable !== null, view.offerable ? "yes" : "no"));
  put("long", when(view.long, "yes"));
  const limits = printLimits(view.limits);
  put("after", when(limits !== "", limits));
  put("by", when(view.grouping !== plainView.grouping, view.grouping));
  put("closed", view.closed);
  put("sort", when(view.sort !== plainView.sort || view.reversed, (view.reversed ? "-" : "") + view.sort));
  put("as", when(view.layout !== plainView.layout, view.layout));
  put("agent", when(view.agent !== null, view.agent ?? ""));
  put("beside", when(view.work, "work"));
  const text = next.toString();
  return text && `?${text}`;
};
