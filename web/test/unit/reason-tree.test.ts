import { expect, test } from "vitest";
import type { ReasonList } from "../../src/app/wire.js";
import { type ReasonNode, reasonRows, reasonTree } from "../../src/presence/reason-tree.js";

const list = (name: string, reasons: [name: string, hierarchy?: string[], more?: object][], more: object = {}): ReasonList => ({
  id: `list ${name}`,
  name,
  active: true,
  shared: true,
  isDefault: true,
  description: "",
  externalId: "",
  reasons: reasons.map(([reason, hierarchy = [], rest = {}], sortOrder) => ({ reasonId: `id ${reason}`, name: reason, active: true, sortOrder, hierarchy, ...rest })),
  ...more,
});

const drawn = (nodes: readonly ReasonNode[]): unknown[] => nodes.map((node) => (node.kind === "reason" ? node.name : [node.name, ...drawn(node.children)]));

const demo = [
  list("System Presence Reasons", [["Logged in"], ["Connection lost"]]),
  list("Breaks", [["Lunch", ["Breaks"]], ["Screen break", ["Breaks", "Health"]], ["Personal"]]),
  list("Work", [["Meeting"], ["Fax", [], { active: false }]]),
];

test("reasons stand below their categories, without one below their list; the system's and inactive ones are left out", () => {
  expect(drawn(reasonTree(demo))).toEqual([["Breaks", "Lunch", ["Health", "Screen break"], "Personal"], ["Work", "Meeting"]]);
});

test("the order is that of the lists and within a list that of sortOrder", () => {
  const shuffled = list("A", [
    ["second", [], { sortOrder: 2 }],
    ["first", [], { sortOrder: 1 }],
  ]);
  expect(drawn(reasonTree([shuffled]))).toEqual([["A", "first", "second"]]);
});

test("a reason of several lists is there once, with the first list's id", () => {
  const tree = reasonTree([list("A", [["Lunch", ["Breaks"]]]), list("B", [["Lunch", ["Breaks"]]])]);
  expect(drawn(tree)).toEqual([["Breaks", "Lunch"]]);
  expect(tree[0]).toMatchObject({ children: [{ info: { reason: "Lunch", reasonId: "id Lunch", reasonListId: "list A" } }] });
});

test("inactive lists are left out, and no lists are no tree", () => {
  expect(reasonTree([list("A", [["Lunch"]], { active: false })])).toEqual([]);
  expect(reasonTree([])).toEqual([]);
});

test("lines know their level and place, and closed categories hide their children", () => {
  const lines = (closed: string[]): string[] => reasonRows(reasonTree(demo), new Set(closed), "").map(({ node, level, place, siblings, open }) => `${level} ${place}/${siblings} ${node.name}${node.kind === "category" ? (open ? " -" : " +") : ""}`);
  expect(lines([])).toEqual(["1 1/2 Breaks -", "2 1/3 Lunch", "2 2/3 Health -", "3 1/1 Screen break", "2 3/3 Personal", "1 2/2 Work -", "2 1/1 Meeting"]);
  expect(lines(["/Breaks"])).toEqual(["1 1/2 Breaks +", "1 2/2 Work -", "2 1/1 Meeting"]);
});

test("a search keeps reasons whose name or path has all the words, whatever is closed", () => {
  const found = (query: string): string[] => reasonRows(reasonTree(demo), new Set(["/Breaks"]), query).map(({ node }) => node.name);
  expect(found("SCREEN")).toEqual(["Breaks", "Health", "Screen break"]);
  expect(found("breaks pers")).toEqual(["Breaks", "Personal"]);
  expect(found("nothing")).toEqual([]);
});
