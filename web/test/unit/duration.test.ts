import { expect, test } from "vitest";
import { clockText, sinceThen, spokenText } from "../../src/app/duration.js";

test.each([
  [-5_000, "0:00"],
  [999, "0:00"],
  [7_000, "0:07"],
  [754_999, "12:34"],
  [3_599_999, "59:59"],
  [3_723_000, "1:02:03"],
  [360_000_000, "100:00:00"],
])("%i ms is %s on a clock", (ms, text) => expect(clockText(ms)).toBe(text));

test.each([
  [0, "en", "0 seconds", "0 Sekunden"],
  [1_000, "en", "1 second", "1 Sekunde"],
  [754_000, "en", "12 minutes 34 seconds", "12 Minuten 34 Sekunden"],
  [3_600_000, "en", "1 hour", "1 Stunde"],
  [3_723_000, "en", "1 hour 2 minutes", "1 Stunde 2 Minuten"],
])("%i ms is said in both languages", (ms, _, en, de) => {
  expect(spokenText(ms, "en", "long")).toBe(en);
  expect(spokenText(ms, "de", "long")).toBe(de);
});

test("a moment that is to come, or none, is no time ago", () => {
  const now = new Date("2026-11-25T12:00:00Z");
  expect(sinceThen("2026-11-25T11:59:50Z", now)).toBe(10_000);
  expect(sinceThen("2026-11-25T12:00:01Z", now)).toBe(0);
  expect(sinceThen(null, now)).toBe(0);
});
