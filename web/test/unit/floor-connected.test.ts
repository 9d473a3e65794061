import { expect, test } from "vitest";
import { connectedOf } from "../../src/floor/connected.js";

test.each([
  ["is being made before the first rows", false, false, null],
  ["is there before the first rows", true, false, true],
  ["is there", true, true, true],
  ["that goes away within the second after the first rows is lost", false, true, false],
] as const)("a stream that %s", (_, open, loaded, connected) => expect(connectedOf(open, loaded)).toBe(connected));
