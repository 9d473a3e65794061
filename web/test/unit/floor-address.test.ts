import { describe, expect, it } from "vitest";
import { parseView, printView } from "../../src/floor/address.js";
import { type View, isFiltered, plainView, toggled, withoutFilters } from "../../src/floor/view.js";

const full: View = {
  search: "anna & söhne",
  states: ["ready", "notready"],
  reasons: ["Lunch", "", "50/50 + more"],
  directions: ["outbound"],
  hearings: ["silent", "lost"],
  groups: ["Sales"],
  offerable: false,
  long: true,
  limits: { notready: 20, ready: 0, work: 45 },
  grouping: "group",
  closed: ["group/Sales", "reason/"],
  sort: "time",
  reversed: true,
  layout: "tiles",
  agent: "01a214e3-39ad-709c-89da-152a5e3a01e7",
  work: true,
};

describe("the view in the address", () => {
  it("leaves the address empty for the plain view", () => {
    expect(printView(plainView, "")).toBe("");
    expect(parseView("")).toEqual(plainView);
  });

  it("comes back as it was", () => {
    expect(parseView(printView(full, ""))).toEqual(full);
  });

  it("leaves parameters of others where they are", () => {
    const query = printView({ ...plainView, states: ["ready"] }, "?tenant=Demo&state=offline&lang=de");
    expect(query).toBe("?tenant=Demo&lang=de&state=ready");
  });

  it("is empty again when nothing is left", () => {
    expect(printView(plainView, printView(full, ""))).toBe("");
  });

  it.each<[query: string, part: Partial<View>]>([
    ["?state=asleep&state=ready", { states: ["ready"] }],
    ["?connection=none", { hearings: [] }],
    ["?sort=shoe&by=mood&as=cloud", { sort: "state", grouping: "none", layout: "rows" }],
    ["?sort=-time", { sort: "time", reversed: true }],
    ["?offerable=maybe", { offerable: null }],
    ["?reason=", { reasons: [""] }],
    ["?group=A&group=A", { groups: ["A"] }],
    ["?after=notready:5,lunch:3,work:x,ready:99999", { limits: { notready: 5, ready: 0, work: 30 } }],
    ["?after=notready:9999", { limits: { notready: 1440, ready: 0, work: 30 } }],
    ["?agent=", { agent: null }],
  ])("reads %s and passes over what it does not know", (query, part) => {
    expect(parseView(query)).toEqual({ ...plainView, ...part });
  });

  it("tells filters from how the floor is shown", () => {
    expect(isFiltered({ ...plainView, grouping: "state", sort: "name", layout: "tiles" })).toBe(false);
    expect(isFiltered({ ...plainView, groups: ["Sales"] })).toBe(true);
    expect(isFiltered({ ...plainView, offerable: false })).toBe(true);
    expect(withoutFilters(full)).toEqual({ ...plainView, limits: full.limits, grouping: "group", closed: full.closed, sort: "time", reversed: true, layout: "tiles", agent: full.agent, work: true });
  });

  it("puts a value into a list, and takes it out again", () => {
    expect(toggled(["a"], "b")).toEqual(["a", "b"]);
    expect(toggled(["a", "b"], "a")).toEqual(["b"]);
  });
});
