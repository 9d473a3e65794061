import { expect, test } from "vitest";
import { type Hearing, lasted, linkOf } from "../../src/app/light.js";

const live: Hearing = { connected: true, since: 0, heard: 10_000, patience: 30_000, online: true };

test.each([
  ["connecting", { ...live, connected: null }, 0],
  ["live", live, 40_000],
  ["mute", live, 40_001],
  ["lost", { ...live, connected: false }, 40_001],
  ["offline", { ...live, connected: false, online: false }, 0],
] as const)("%s", (link, hearing, now) => expect(linkOf(hearing, now)).toBe(link));

test("a mute link counts from when the server was last heard", () => {
  expect(lasted(live, "mute", 50_000)).toBe(40_000);
  expect(lasted(live, "live", 50_000)).toBe(50_000);
});
