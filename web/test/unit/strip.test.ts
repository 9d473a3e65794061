import { expect, test } from "vitest";
import type { Interval, Intervals } from "../../src/app/wire.js";
import { stripOf, totalsOf } from "../../src/presence/strip.js";

const day = "2026-11-25T";
const ms = (time: string): number => Date.parse(`${day}${time}Z`);

const interval = (state: Interval["state"], from: string, to: string | null, reason: string | null = null): Interval => ({
  sessionId: "s",
  state,
  reason,
  reasonId: reason,
  reasonListId: reason,
  direction: "inbound",
  cause: "agent",
  from: `${day}${from}Z`,
  to: to && `${day}${to}Z`,
  durationMs: 0,
});

const dayOf = (...intervals: Interval[]): Intervals => ({ resourceId: "u", from: `${day}00:00:00Z`, to: `${day}12:00:00Z`, timestamp: `${day}12:00:00Z`, intervals });

test("pieces fill the strip from the first session to now, and the open one grows", () => {
  const strip = stripOf(dayOf(interval("ready", "08:00:00", "09:00:00"), interval("notready", "09:00:00", null, "Lunch")), ms("12:00:00"));
  expect(strip.segments.map(({ left, width }) => [left, width])).toEqual([
    [0, 0.25],
    [0.25, 0.75],
  ]);
});

test("time without a session stays free", () => {
  const { segments } = stripOf(dayOf(interval("ready", "08:00:00", "09:00:00"), interval("ready", "11:00:00", "12:00:00")), ms("12:00:00"));
  expect(segments.map(({ left, width }) => [left, width])).toEqual([
    [0, 0.25],
    [0.75, 0.25],
  ]);
});

test("what began before the day is cut to it, and what lies outside is left out", () => {
  const yesterday = { ...interval("ready", "00:00:00", "01:00:00"), from: "2026-11-24T20:00:00Z" };
  const { segments, from } = stripOf(dayOf(yesterday, interval("ready", "13:00:00", null)), ms("12:00:00"));
  expect(from).toBe(ms("00:00:00"));
  expect(segments.map((s) => [s.from, s.to])).toEqual([[ms("00:00:00"), ms("01:00:00")]]);
});

test("ticks stand at round times, few enough to read and none at the right edge", () => {
  for (const [from, now] of [["08:00:10", "08:03:00"], ["08:10:00", "11:55:00"], ["00:01:00", "23:59:00"]] as const) {
    const { ticks } = stripOf(dayOf(interval("ready", from, null)), ms(now));
    expect(ticks.length).toBeGreaterThan(1);
    expect(ticks.length).toBeLessThanOrEqual(8);
    expect(ticks.every(({ at, left }) => at % 60_000 === 0 && left >= 0 && left < 0.93)).toBe(true);
  }
});

test("an empty day has no pieces", () => {
  expect(stripOf(dayOf(), ms("12:00:00")).segments).toEqual([]);
});

test("totals add up per state and per reason, long ones first", () => {
  const totals = totalsOf(dayOf(interval("ready", "08:00:00", "08:10:00"), interval("notready", "08:10:00", "08:30:00", "Lunch"), interval("notready", "08:30:00", "08:40:00", "Meeting"), interval("notready", "11:50:00", null, "Lunch")), ms("12:00:00"));
  expect(totals.states.map(({ state, ms }) => [state, ms / 60_000])).toEqual([
    ["notready", 40],
    ["ready", 10],
  ]);
  expect(totals.reasons.map(({ reason, ms }) => [reason, ms / 60_000])).toEqual([
    ["Lunch", 30],
    ["Meeting", 10],
  ]);
});
