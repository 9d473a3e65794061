import ts from "typescript";
import { expect, test } from "vitest";
import { isKnown } from "../src/known.js";

test("the topics that are known are those that are typed", () => {
  const types = ts.sys.readFile(new URL("../src/topics.ts", import.meta.url).pathname)!;
  const typed = [...types.matchAll(/^ {2}"(cxengage\/[\w/-]+)":/gm)].map(([, topic]) => topic!);
  expect(typed.length).toBeGreaterThan(40);
  expect(typed.filter((topic) => !isKnown(topic))).toEqual([]);
  for (const part of ["cxengage", "cxengage/session", "cxengage/interactions/voice", "cxengage/errors", "cxengage/errors/fatal"]) expect(isKnown(part)).toBe(true);
  for (const other of ["cxengage/session/state-change", "cxengage/sess", "cxengage/session/started/more"]) expect(isKnown(other)).toBe(false);
});
