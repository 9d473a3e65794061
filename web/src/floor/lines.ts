import type { Agent } from "./agent.js";
import type { Section } from "./arrange.js";

/** What stands beside each other in the scrolled part: the head of a section, or one agent, or as many tiles as there is room for. */
export type Line =
  | { readonly kind: "head"; readonly key: string; readonly top: number; readonly section: Section; readonly open: boolean }
  | { readonly kind: "agents"; readonly key: string; readonly top: number; readonly section: Section; readonly agents: readonly Agent[] };

export interface Measure {
  /** How many agents stand in a line. */
  readonly columns: number;
  readonly headHeight: number;
  readonly agentsHeight: number;
}

export interface Lines {
  readonly all: readonly Line[];
  readonly height: number;
}

/** The key of an agent in a section: one of several groups stands in several sections. */
export const placeKey = (section: Section, agent: Agent): string => `${section.key}|${agent.id}`;

/** Lays sections out in lines from top to bottom. Sections without a key have no head. */
export const layLines = (sections: readonly Section[], closed: readonly string[], { columns, headHeight, agentsHeight }: Measure): Lines => {
  const all: Line[] = [];
  let top = 0;
  for (const section of sections) {
    const open = !closed.includes(section.key) || section.key === "";
    if (section.key !== "") {
      all.push({ kind: "head", key: `${section.key}|`, top, section, open });
      top += headHeight;
    }
    if (!open) continue;
    for (let at = 0; at < section.agents.length; at += columns) {
      const agents = columns === 1 ? [section.agents[at]!] : section.agents.slice(at, at + columns);
      all.push({ kind: "agents", key: columns === 1 ? placeKey(section, agents[0]!) : `${section.key}#${at / columns}`, top, section, agents });
      top += agentsHeight;
    }
  }
  return { all, height: top };
};

/** The first line whose top is beyond y. */
const beyond = (lines: readonly Line[], y: number): number => {
  let low = 0;
  let high = lines.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (lines[middle]!.top > y) high = middle;
    else low = middle + 1;
  }
  return low;
};

/**
 * Which lines are to be in the page: those in sight, and some more on either side. Both ends are rounded to `step`, so that a small move
 * asks for the same lines again.
 */
export const windowOf = ({ all }: Lines, scrolled: number, height: number, step = 8): [from: number, to: number] => {
  const first = Math.max(0, beyond(all, scrolled) - 1);
  const end = beyond(all, scrolled + height);
  const from = Math.floor(Math.max(0, first - step / 2) / step) * step;
  const to = Math.ceil((end + step / 2) / step) * step;
  return [Math.min(from, all.length), Math.min(to, all.length)];
};

/** Where to scroll so that a line is in sight, moving as little as possible. */
export const scrollTo = (top: number, lineHeight: number, scrolled: number, height: number): number => {
  if (top < scrolled) return top;
  if (top + lineHeight > scrolled + height) return top + lineHeight - height;
  return scrolled;
};

/** A place in the lines: which line, and which agent in it. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** The agent of a key; "" is a head's. */
export const idAt = (key: string): string => key.slice(key.lastIndexOf("|") + 1);

/** Where a key is: of a head, or of an agent in a section. Whoever has left that section is where else they stand. */
export const findPlace = ({ all }: Lines, key: string): Place | null => {
  const id = idAt(key);
  let elsewhere: Place | null = null;
  for (let line = 0; line < all.length; line++) {
    const each = all[line]!;
    if (each.kind === "head") {
      if (each.key === key) return { line, column: 0 };
      continue;
    }
    const column = each.agents.findIndex((agent) => agent.id === id);
    if (column < 0) continue;
    if (placeKey(each.section, each.agents[column]!) === key) return { line, column };
    elsewhere ??= { line, column };
  }
  return elsewhere;
};

/** The key of what is at a place; of the last agent of the line where it is shorter. */
export const keyAt = ({ all }: Lines, { line, column }: Place): string | null => {
  const each = all[line];
  if (!each) return null;
  return each.kind === "head" ? each.key : placeKey(each.section, each.agents[Math.min(column, each.agents.length - 1)]!);
};

/** Where a key of the keyboard leads from a place; null where it leads nowhere. */
export const move = (lines: Lines, from: Place, key: string, page: number): Place | null => {
  const end = lines.all.length - 1;
  const to = (line: number, column = from.column): Place => ({ line: Math.max(0, Math.min(end, line)), column });
  const width = (line: number): number => {
    const each = lines.all[line];
    return each?.kind === "agents" ? each.agents.length : 1;
  };
  switch (key) {
    case "ArrowDown":
      return to(from.line + 1);
    case "ArrowUp":
      return to(from.line - 1);
    case "PageDown":
      return to(from.line + page);
    case "PageUp":
      return to(from.line - page);
    case "Home":
      return to(0, 0);
    case "End":
      return to(end, width(end) - 1);
    case "ArrowRight":
      if (from.column + 1 < width(from.line)) return to(from.line, from.column + 1);
      return width(from.line) > 1 && from.line < end ? to(from.line + 1, 0) : null;
    case "ArrowLeft":
      if (from.column > 0) return to(from.line, Math.min(from.column, width(from.line) - 1) - 1);
      return from.line > 0 && width(from.line - 1) > 1 ? to(from.line - 1, width(from.line - 1) - 1) : null;
    default:
      return null;
  }
};
