import { afterEach, expect, it } from "vitest";
import { locale } from "../../src/app/locale.js";
import { seek } from "../../src/floor/search.js";
import { agent, away, onBreak, workOf } from "./floor-rows.js";

const floor = [
  agent("Zoë Müller", { groups: ["Sales"] }),
  agent("Ben Ito", { work: [workOf()], offerable: false }),
  onBreak("Carla Diaz"),
  onBreak("Dan Roe", 5, "Logged in"),
  agent("Ärne Olsen", { direction: "outbound", connection: "silent", offerable: false }),
  away("Adam Fox"),
];

const found = (search: string): string[] => floor.filter(seek(search)).map(({ row }) => row.name);

afterEach(() => locale.set("en"));

it.each([
  ["en", "", ["Zoë Müller", "Ben Ito", "Carla Diaz", "Dan Roe", "Ärne Olsen", "Adam Fox"]],
  ["en", "muller", ["Zoë Müller"]],
  ["en", "ready", ["Zoë Müller", "Ärne Olsen"]],
  ["en", "Not ready", ["Carla Diaz", "Dan Roe"]],
  ["en", "not re", ["Carla Diaz", "Dan Roe"]],
  ["en", "diaz not ready lunch", ["Carla Diaz"]],
  ["en", "busy voice active", ["Ben Ito"]],
  ["en", "outbound", ["Ärne Olsen"]],
  ["en", "silent", ["Ärne Olsen"]],
  ["en", "offline", ["Adam Fox"]],
  ["en", "ready sales", ["Zoë Müller"]],
  ["de", "bereit", ["Zoë Müller", "Ärne Olsen"]],
  ["de", "nicht bereit", ["Carla Diaz", "Dan Roe"]],
  ["de", "beschaftigt anruf", ["Ben Ito"]],
  ["de", "ausgehend", ["Ärne Olsen"]],
  ["de", "nicht bereit angemeldet", ["Dan Roe"]],
  ["de", "abgemeldet", ["Adam Fox"]],
  ["de", "ready", []],
] as const)("a search in %s for “%s” finds what rows say in that language", (language, search, names) => {
  locale.set(language);
  expect(found(search)).toEqual(names);
});
