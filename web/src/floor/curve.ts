/** How many were ready, not ready, and in time that nobody can vouch for, at a moment in milliseconds. */
export interface Point {
  readonly at: number;
  readonly ready: number;
  readonly notready: number;
  readonly unknown: number;
}

export const hour = 60 * 60_000;
export const step = 30_000;

/** The points of the last hour with one more, oldest first. One of the same moment is replaced. */
export const withPoint = (points: readonly Point[], point: Point): Point[] =>
  [...points.filter(({ at }) => at < point.at && at >= point.at - hour - step), point];

/** What the server counted, and what was seen here since. What the server counted is worth more. */
export const merge = (counted: readonly Point[], seen: readonly Point[]): Point[] => {
  const end = counted.at(-1)?.at ?? Number.NEGATIVE_INFINITY;
  return [...counted, ...seen.filter(({ at }) => at > end)];
};

/** The highest number of a scale that has room for the most, and reads well. */
export const ceiling = (most: number): number => {
  if (most <= 4) return 4;
  const magnitude = 10 ** Math.floor(Math.log10(most));
  for (const factor of [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10]) if (factor * magnitude >= most) return Math.round(factor * magnitude);
  return most;
};

export const mostOf = (points: readonly Point[]): number => points.reduce((most, { ready, notready, unknown }) => Math.max(most, ready + notready + unknown), 0);

/** Areas on top of each other in a box from 0,0 at the top left: ready below, then not ready, then unknown. */
export interface Areas {
  readonly ready: string;
  readonly notready: string;
  readonly unknown: string;
}

const round = (n: number): number => Math.round(n * 100) / 100;

/** Draws the points between two moments as paths. */
export const drawAreas = (points: readonly Point[], from: number, to: number, top: number, width: number, height: number): Areas => {
  if (points.length === 0) return { ready: "", notready: "", unknown: "" };
  const x = ({ at }: Point): number => round(Math.max(0, Math.min(1, (at - from) / (to - from))) * width);
  const y = (n: number): number => round(height - (n / top) * height);
  const edge = (level: (point: Point) => number): string[] => points.map((point) => `${x(point)} ${y(level(point))}`);
  const levels = [() => 0, (p: Point) => p.ready, (p: Point) => p.ready + p.notready, (p: Point) => p.ready + p.notready + p.unknown].map(edge);
  const between = (below: string[], above: string[]): string => `M${above.join("L")}L${[...below].reverse().join("L")}Z`;
  return { ready: between(levels[0]!, levels[1]!), notready: between(levels[1]!, levels[2]!), unknown: between(levels[2]!, levels[3]!) };
};

/** The point that stood at a moment: the last one before it. */
export const pointAt = (points: readonly Point[], moment: number): Point | undefined => points.findLast(({ at }) => at <= moment) ?? points[0];

/** Some of the points, evenly spread, for whoever reads them as a table; the newest is among them. */
export const readable = (points: readonly Point[], most: number): Point[] => {
  const stride = Math.max(1, Math.ceil(points.length / most));
  return points.filter((_, at) => (points.length - 1 - at) % stride === 0);
};
