import ts from "typescript";
import { expect, test, vi } from "vitest";
import { createGlobal } from "../src/index.js";
import { isKnown } from "../src/known.js";
import { within } from "./small_desk.js";

test("the topics that are known are those that are typed", () => {
  const types = ts.sys.readFile(new URL("../src/topics.ts", import.meta.url).pathname)!;
  const typed = [...types.matchAll(/^ {2}"(cxengage\/[\w/-]+)":/gm)].map(([, topic]) => topic!);
  expect(typed.length).toBeGreaterThan(40);
  expect(typed.filter((topic) => !isKnown(topic))).toEqual([]);
  for (const part of ["cxengage", "cxengage/session", "cxengage/interactions/voice", "cxengage/errors", "cxengage/errors/fatal"]) expect(isKnown(part)).toBe(true);
  for (const other of ["cxengage/session/state-change", "cxengage/sess", "cxengage/session/started/more"]) expect(isKnown(other)).toBe(false);
});

test("the global warns of a topic on which nothing is published, and subscribes to it all the same", () => {
  const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
  const CxEngage = createGlobal(within().environment(), "http://muster.test").initialize({})!;
  CxEngage.subscribe!("cxengage/session", () => {});
  expect(warn).not.toHaveBeenCalled();
  expect(CxEngage.subscribe!("cxengage/sesion", () => {})).toBe("subscription-2");
  expect(warn).toHaveBeenCalledWith("CxEngage: nothing is published on the topic cxengage/sesion");
  expect(CxEngage.dumpState!().config).toMatchObject({ env: "prod" });
});
