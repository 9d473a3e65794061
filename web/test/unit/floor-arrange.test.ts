import { describe, expect, it } from "vitest";
import type { Agent } from "../../src/floor/agent.js";
import { arrange, placesOf } from "../../src/floor/arrange.js";
import { type View, plainView } from "../../src/floor/view.js";
import { agent, ago, away, now, onBreak, workOf } from "./floor-rows.js";

const collator = new Intl.Collator("en", { numeric: true });

const floor: Agent[] = [
  agent("Zoë Müller", { groups: ["Sales", "Service"], stateSince: ago(2) }),
  agent("Ben Ito", { work: [workOf()], offerable: false, groups: ["Sales"], stateSince: ago(40) }),
  onBreak("Carla Diaz", 20),
  onBreak("Dan Roe", 1, null),
  agent("Ärne Olsen", { direction: "outbound", connection: "silent", offerable: false, groups: ["Service"] }),
  away("Adam Fox"),
];

const look = (part: Partial<View>) => {
  const view = { ...plainView, ...part };
  return arrange(floor, view, now, placesOf(floor.map(({ row }) => row.name), collator), collator);
};

const names = (part: Partial<View>): string[] => look(part).sections.flatMap(({ agents }) => agents.map(({ row }) => row.name));

describe("filters", () => {
  it.each<[what: string, part: Partial<View>, shown: string[]]>([
    ["everybody", {}, ["Ärne Olsen", "Zoë Müller", "Ben Ito", "Carla Diaz", "Dan Roe", "Adam Fox"]],
    ["states", { states: ["notready", "offline"] }, ["Carla Diaz", "Dan Roe", "Adam Fox"]],
    ["reasons", { reasons: ["Lunch"] }, ["Carla Diaz"]],
    ["no reason, of those only who are not ready", { reasons: [""] }, ["Dan Roe"]],
    ["directions, of those only who are here", { directions: ["inbound"] }, ["Zoë Müller", "Ben Ito", "Carla Diaz", "Dan Roe"]],
    ["the connection, which nobody offline has", { hearings: ["silent", "lost"] }, ["Ärne Olsen"]],
    ["groups", { groups: ["Service"] }, ["Ärne Olsen", "Zoë Müller"]],
    ["offerable", { offerable: true }, ["Zoë Müller"]],
    ["not offerable", { offerable: false, states: ["ready"] }, ["Ärne Olsen", "Ben Ito"]],
    ["long as they are", { long: true }, ["Carla Diaz"]],
    ["long work", { long: true, limits: { notready: 0, ready: 0, work: 2 } }, ["Ben Ito"]],
    ["several at once", { states: ["ready"], groups: ["Sales"], offerable: true }, ["Zoë Müller"]],
    ["words without case and accents", { search: "MULLER zoe" }, ["Zoë Müller"]],
    ["words of other columns", { search: "voice sales" }, ["Ben Ito"]],
    ["words that nobody has", { search: "nobody" }, []],
  ])("lets %s pass", (_what, part, shown) => {
    expect(names(part)).toEqual(shown);
    expect(look(part).shown).toBe(shown.length);
  });

  it("counts who is long, whoever is shown", () => {
    expect(look({ search: "nobody" }).long).toBe(1);
    expect(look({ limits: { notready: 15, ready: 4, work: 1 } }).long).toBe(3);
  });
});

describe("sorting", () => {
  it.each<[sort: View["sort"], reversed: boolean, order: string[]]>([
    ["name", false, ["Adam Fox", "Ärne Olsen", "Ben Ito", "Carla Diaz", "Dan Roe", "Zoë Müller"]],
    ["name", true, ["Zoë Müller", "Dan Roe", "Carla Diaz", "Ben Ito", "Ärne Olsen", "Adam Fox"]],
    ["time", false, ["Ben Ito", "Carla Diaz", "Ärne Olsen", "Zoë Müller", "Dan Roe", "Adam Fox"]],
    ["time", true, ["Dan Roe", "Zoë Müller", "Ärne Olsen", "Carla Diaz", "Ben Ito", "Adam Fox"]],
    ["work", true, ["Ben Ito", "Adam Fox", "Ärne Olsen", "Carla Diaz", "Dan Roe", "Zoë Müller"]],
    ["reason", false, ["Carla Diaz", "Adam Fox", "Ärne Olsen", "Ben Ito", "Dan Roe", "Zoë Müller"]],
    ["connection", false, ["Ärne Olsen", "Ben Ito", "Carla Diaz", "Dan Roe", "Zoë Müller", "Adam Fox"]],
  ])("by %s, reversed %s, with who has none last", (sort, reversed, order) => {
    expect(names({ sort, reversed })).toEqual(order);
  });
});

describe("grouping", () => {
  const sections = (part: Partial<View>): [string, number][] => look(part).sections.map(({ key, agents }) => [key, agents.length]);

  it("has one section without a key for nothing", () => {
    expect(sections({})).toEqual([["", 6]]);
  });

  it("puts somebody of several groups into each, and counts them once", () => {
    expect(sections({ grouping: "group" })).toEqual([["group/Sales", 2], ["group/Service", 2], ["group/", 3]]);
    expect(look({ grouping: "group" }).shown).toBe(6);
  });

  it("shows the sections of the groups that were asked for only", () => {
    expect(sections({ grouping: "group", groups: ["Sales"] })).toEqual([["group/Sales", 2]]);
  });

  it("keeps states and directions in their own order", () => {
    expect(sections({ grouping: "state" })).toEqual([["ready", 2], ["busy", 1], ["notready", 2], ["offline", 1]]);
    expect(sections({ grouping: "direction" })).toEqual([["inbound", 4], ["outbound", 1], ["offline", 1]]);
    expect(sections({ grouping: "reason" })).toEqual([["ready", 2], ["busy", 1], ["reason/Lunch", 1], ["reason/", 1], ["offline", 1]]);
  });
});
