import { describe, expect, it } from "vitest";
import { type Selection, extend, nobody, prune, toggle, toggleAll } from "../../src/floor/selection.js";

const order = ["a", "b", "c", "d"].map((id) => ({ key: `|${id}`, id }));
const at = (id: string) => ({ key: `|${id}`, id });
const ids = (selection: Selection): string => [...selection.ids].sort().join("");

describe("the selection", () => {
  it("takes one in and out, and remembers where", () => {
    const one = toggle(nobody, at("b"));
    expect([ids(one), one.anchor]).toEqual(["b", "|b"]);
    expect(ids(toggle(one, at("b")))).toBe("");
  });

  it("extends from the anchor, either way", () => {
    expect(ids(extend(toggle(nobody, at("b")), at("d"), order))).toBe("bcd");
    expect(ids(extend(toggle(nobody, at("c")), at("a"), order))).toBe("abc");
  });

  it("begins where it is, without an anchor or with one that is not shown any more", () => {
    expect(ids(extend(nobody, at("c"), order))).toBe("c");
    expect(ids(extend({ ids: new Set(["x"]), anchor: "|x" }, at("b"), order))).toBe("bx");
  });

  it("takes all in, and out again, and leaves others alone", () => {
    const other = toggle(nobody, at("x"));
    const all = toggleAll(other, ["a", "b"]);
    expect(ids(all)).toBe("abx");
    expect(ids(toggleAll(all, ["a", "b"]))).toBe("x");
  });

  it("forgets who is gone, and is the same where nobody is", () => {
    const two = toggleAll(nobody, ["a", "b"]);
    expect(ids(prune(two, (id) => id !== "a"))).toBe("b");
    expect(prune(two, () => true)).toBe(two);
  });
});
