import { describe, expect, it } from "vitest";
import { type Point, ceiling, drawAreas, hour, merge, mostOf, pointAt, readable, step, withPoint } from "../../src/floor/curve.js";

const point = (at: number, ready = 0, notready = 0, unknown = 0): Point => ({ at, ready, notready, unknown });

describe("the last hour", () => {
  it("goes on with a point, replaces one of the same moment, and forgets old ones", () => {
    const points = [point(0, 1), point(hour, 2)];
    expect(withPoint(points, point(hour, 3))).toEqual([point(0, 1), point(hour, 3)]);
    expect(withPoint(points, point(hour + 2 * step, 4)).map(({ at }) => at)).toEqual([hour, hour + 2 * step]);
  });

  it("prefers what the server counted", () => {
    expect(merge([point(0, 1), point(step, 2)], [point(step, 9), point(2 * step, 3)])).toEqual([point(0, 1), point(step, 2), point(2 * step, 3)]);
    expect(merge([], [point(step, 9)])).toEqual([point(step, 9)]);
  });

  it.each([
    [0, 4],
    [4, 4],
    [7, 8],
    [13, 15],
    [160, 200],
    [4_600, 5_000],
    [5_000, 5_000],
    [5_001, 6_000],
  ])("has a scale for %s up to %s", (most, top) => {
    expect(ceiling(most)).toBe(top);
  });

  it("knows the most, and what stood at a moment", () => {
    const points = [point(10, 1, 2), point(20, 5, 1, 3), point(30)];
    expect(mostOf(points)).toBe(9);
    expect(pointAt(points, 25)).toBe(points[1]);
    expect(pointAt(points, 5)).toBe(points[0]);
    expect(pointAt([], 5)).toBeUndefined();
  });

  it("draws areas on top of each other, within the box", () => {
    const areas = drawAreas([point(0, 5, 5), point(100, 10, 0)], 0, 100, 10, 200, 50);
    expect(areas.ready).toBe("M0 25L200 0L200 50L0 50Z");
    expect(areas.notready).toBe("M0 0L200 0L200 0L0 25Z");
    expect(drawAreas([point(-50, 10)], 0, 100, 10, 200, 50).ready).toBe("M0 0L0 50Z");
    expect(drawAreas([], 0, 100, 10, 200, 50).ready).toBe("");
  });

  it("leaves few points to be read, the newest among them", () => {
    const points = Array.from({ length: 121 }, (_, at) => point(at));
    const few = readable(points, 7);
    expect(few.length).toBeLessThanOrEqual(7);
    expect(few.at(-1)).toBe(points[120]);
    expect(readable(points.slice(0, 3), 7)).toHaveLength(3);
  });
});
