import type { Interval, Intervals } from "../app/wire.js";

/** A stretch of the day as a piece of a strip. Places are parts of the strip's width, 0 to 1. */
export interface Segment {
  interval: Interval;
  left: number;
  width: number;
  /** Milliseconds, clipped to the day and to now. */
  from: number;
  to: number;
}

export interface Tick {
  at: number;
  left: number;
}

export interface Strip {
  /** What the strip spans, in milliseconds. */
  from: number;
  to: number;
  segments: Segment[];
  ticks: Tick[];
}

const minute = 60_000;
/** A strip that has just begun is so long. */
const shortest = 10 * minute;
const steps = [1, 2, 5, 10, 15, 30, 60, 120, 180, 240, 360].map((minutes) => minutes * minute);
const mostTicks = 7;
/** Further right a tick has no room for its time. */
const lastTick = 0.93;

/** The interval's stretch that lies in the day and in the past. */
const clipped = (interval: Interval, from: number, now: number): { from: number; to: number } => ({
  from: Math.max(from, Date.parse(interval.from)),
  to: interval.to === null ? now : Math.min(now, Date.parse(interval.to)),
});

/** The day so far as a strip, from its first session on. */
export const stripOf = (day: Intervals, now: number): Strip => {
  const pieces = day.intervals
    .map((interval) => ({ interval, ...clipped(interval, Date.parse(day.from), now) }))
    .filter(({ from, to }) => to > from);
  const from = pieces[0]?.from ?? now;
  const to = Math.max(now, from + shortest);
  const part = (at: number): number => (at - from) / (to - from);
  const step = steps.find((s) => (to - from) / s <= mostTicks) ?? steps.at(-1)!;
  const ticks: Tick[] = [];
  for (let at = Math.ceil(from / step) * step; part(at) < lastTick; at += step) ticks.push({ at, left: part(at) });
  return { from, to, segments: pieces.map((piece) => ({ ...piece, left: part(piece.from), width: part(piece.to) - part(piece.from) })), ticks };
};

/** How long somebody was in a state, or in it with a reason. */
export interface Total {
  state: Interval["state"];
  reason: string | null;
  ms: number;
}

/** The totals of each state, and of each reason within it; long ones first. */
export const totalsOf = (day: Intervals, now: number): { states: Total[]; reasons: Total[] } => {
  const states = new Map<string, Total>();
  const reasons = new Map<string, Total>();
  const add = (sums: Map<string, Total>, key: string, total: Total): void => {
    const sum = sums.get(key);
    if (sum) sum.ms += total.ms;
    else sums.set(key, { ...total });
  };
  for (const interval of day.intervals) {
    const { from, to } = clipped(interval, Date.parse(day.from), now);
    const { state, reason } = interval;
    const ms = Math.max(0, to - from);
    add(states, state, { state, reason: null, ms });
    if (reason) add(reasons, `${state}/${reason}`, { state, reason, ms });
  }
  const sorted = (sums: Map<string, Total>): Total[] => [...sums.values()].sort((a, b) => b.ms - a.ms);
  return { states: sorted(states), reasons: sorted(reasons) };
};
