import { describe, expect, it } from "vitest";
import type { Section } from "../../src/floor/arrange.js";
import { findPlace, keyAt, layLines, move, scrollTo, windowOf } from "../../src/floor/lines.js";
import { agent } from "./floor-rows.js";

const section = (key: string, count: number): Section => ({ key, agents: Array.from({ length: count }, (_, at) => agent(`${key}${at}`)) });

const rows = { columns: 1, headHeight: 30, agentsHeight: 40 };
const tiles = { columns: 3, headHeight: 30, agentsHeight: 100 };

describe("lines", () => {
  it("stand one below the other, without a head where nothing is grouped", () => {
    const lines = layLines([section("", 3)], [], rows);
    expect(lines.all.map(({ kind, top }) => [kind, top])).toEqual([["agents", 0], ["agents", 40], ["agents", 80]]);
    expect(lines.height).toBe(120);
  });

  it("have heads, and nothing below a closed one", () => {
    const lines = layLines([section("a", 2), section("b", 5)], ["a"], rows);
    expect(lines.all.map(({ kind, top }) => [kind, top])).toEqual([["head", 0], ["head", 30], ...[60, 100, 140, 180, 220].map((top) => ["agents", top])]);
    expect(lines.height).toBe(260);
  });

  it("hold as many tiles as there are columns", () => {
    const lines = layLines([section("a", 4), section("b", 2)], [], tiles);
    expect(lines.all.map((line) => (line.kind === "agents" ? line.agents.length : "head"))).toEqual(["head", 3, 1, "head", 2]);
    expect(lines.height).toBe(360);
  });
});

describe("the window", () => {
  const many = layLines([section("", 5_000)], [], rows);

  it.each<[scrolled: number, height: number]>([
    [0, 600],
    [1, 600],
    [39, 600],
    [40, 600],
    [12_345, 777],
    [200_000 - 600, 600],
  ])("has all lines in sight, and few more, at %s", (scrolled, height) => {
    const [from, to] = windowOf(many, scrolled, height);
    const first = Math.floor(scrolled / 40);
    const last = Math.min(4_999, Math.floor((scrolled + height) / 40));
    expect(from).toBeLessThanOrEqual(first);
    expect(to).toBeGreaterThan(last);
    expect(to - from).toBeLessThan(height / 40 + 24);
  });

  it("stays as it is for a small move", () => {
    expect(windowOf(many, 4_000, 600)).toEqual(windowOf(many, 4_030, 600));
  });

  it("is empty for nobody, and within bounds beyond the end", () => {
    expect(windowOf(layLines([], [], rows), 0, 600)).toEqual([0, 0]);
    const [from, to] = windowOf(layLines([section("", 3)], [], rows), 9_999, 600);
    expect(from).toBeLessThanOrEqual(3);
    expect(to).toBe(3);
  });

  it("scrolls as little as possible", () => {
    expect(scrollTo(100, 40, 50, 600)).toBe(50);
    expect(scrollTo(20, 40, 50, 600)).toBe(20);
    expect(scrollTo(640, 40, 50, 600)).toBe(80);
  });
});

describe("the keyboard", () => {
  const lines = layLines([section("a", 4), section("b", 2)], [], tiles);
  const from = (key: string) => findPlace(lines, key)!;
  const go = (start: string, key: string) => {
    const to = move(lines, from(start), key, 2);
    return to && keyAt(lines, to);
  };

  it("finds heads and agents, and nobody who is not there", () => {
    expect(from("a|")).toEqual({ line: 0, column: 0 });
    expect(from("a|a3")).toEqual({ line: 2, column: 0 });
    expect(from("b|b1")).toEqual({ line: 4, column: 1 });
    expect(findPlace(lines, "c|c0")).toBeNull();
  });

  it("goes with an agent to another group", () => {
    expect(from("a|b1")).toEqual(from("b|b1"));
  });

  it.each([
    ["a|a1", "ArrowRight", "a|a2"],
    ["a|a2", "ArrowRight", "a|a3"],
    ["a|a3", "ArrowLeft", "a|a2"],
    ["a|a1", "ArrowDown", "a|a3"],
    ["a|a3", "ArrowDown", "b|"],
    ["a|a0", "ArrowUp", "a|"],
    ["a|", "ArrowUp", "a|"],
    ["a|a0", "PageDown", "b|"],
    ["b|b1", "Home", "a|"],
    ["a|", "End", "b|b1"],
    ["b|b1", "ArrowDown", "b|b1"],
    ["a|", "x", null],
  ])("leads from %s by %s to %s", (start, key, end) => {
    expect(go(start, key)).toBe(end);
  });

  it("leaves left and right alone where a line holds one agent", () => {
    const single = layLines([section("", 3)], [], rows);
    expect(move(single, { line: 1, column: 0 }, "ArrowLeft", 5)).toBeNull();
    expect(move(single, { line: 1, column: 0 }, "ArrowRight", 5)).toBeNull();
  });
});
