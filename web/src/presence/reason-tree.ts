import type { ReasonInfo } from "../../../sdk/js/src/index.js";
import type { ReasonList } from "../app/wire.js";

/** What the system itself gives as a reason. It is no choice of an agent's. */
const systemList = "System Presence Reasons";

export interface Reason {
  kind: "reason";
  name: string;
  info: ReasonInfo;
}

export interface Category {
  kind: "category";
  name: string;
  children: ReasonNode[];
}

export type ReasonNode = Reason | Category;

const categoryIn = (nodes: ReasonNode[], name: string): Category => {
  const found = nodes.find((node): node is Category => node.kind === "category" && node.name === name);
  if (found) return found;
  const category: Category = { kind: "category", name, children: [] };
  nodes.push(category);
  return category;
};

/**
 * The reasons of the lists that can be chosen, below their categories, in the order of the lists. A reason without a category stands
 * below its list; one that stands in several lists is there once.
 */
export const reasonTree = (lists: readonly ReasonList[]): ReasonNode[] => {
  const tree: ReasonNode[] = [];
  const seen = new Set<string>();
  for (const list of lists) {
    if (!list.active || list.name === systemList) continue;
    for (const reason of [...list.reasons].sort((a, b) => a.sortOrder - b.sortOrder)) {
      if (!reason.active || seen.has(reason.reasonId)) continue;
      seen.add(reason.reasonId);
      const path = reason.hierarchy.length > 0 ? reason.hierarchy : [list.name];
      let level = tree;
      for (const name of path) level = categoryIn(level, name).children;
      level.push({ kind: "reason", name: reason.name, info: { reason: reason.name, reasonId: reason.reasonId, reasonListId: list.id } });
    }
  }
  return tree;
};

/** A node as a line of a tree, with what a screen reader wants to know of its place. */
export interface ReasonRow {
  node: ReasonNode;
  /** Names of the path to it and its own: it is unique. */
  key: string;
  /** From 1. */
  level: number;
  /** Place among its siblings, from 1, and how many they are. */
  place: number;
  siblings: number;
  /** Of a category: whether its children are shown. */
  open: boolean;
}

const matches = (name: string, words: readonly string[]): boolean => words.every((word) => name.toLocaleLowerCase().includes(word));

/** What is left of the tree: reasons whose own name or path has all the words. */
const filtered = (nodes: readonly ReasonNode[], words: readonly string[], path: string): ReasonNode[] =>
  nodes.flatMap((node): ReasonNode[] => {
    const full = `${path} ${node.name}`;
    if (node.kind === "reason") return matches(full, words) ? [node] : [];
    const children = filtered(node.children, words, full);
    return children.length > 0 ? [{ ...node, children }] : [];
  });

/** The lines that are shown: without the children of `closed` categories, or, while something is searched, everything that matches. */
export const reasonRows = (tree: readonly ReasonNode[], closed: ReadonlySet<string>, query: string): ReasonRow[] => {
  const words = query.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const rows: ReasonRow[] = [];
  const walk = (nodes: readonly ReasonNode[], level: number, path: string): void => {
    nodes.forEach((node, index) => {
      const key = `${path}/${node.kind === "reason" ? node.info.reasonId : node.name}`;
      const open = node.kind === "category" && (words.length > 0 || !closed.has(key));
      rows.push({ node, key, level, place: index + 1, siblings: nodes.length, open });
      if (node.kind === "category" && open) walk(node.children, level + 1, key);
    });
  };
  walk(words.length > 0 ? filtered(tree, words, "") : tree, 1, "");
  return rows;
};
