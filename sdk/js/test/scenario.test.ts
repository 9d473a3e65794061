import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { book } from "./format.js";
import { type Mode, Stage } from "./stage.js";
import { endTasks, startClock, stopClock } from "./time.js";

/** Random numbers that are the same whenever a scenario is played, and never so near to an end that a pause would be none. */
const random = (text: string): (() => number) => {
  let state = [...text].reduce((sum, letter) => (Math.imul(sum, 31) + letter.codePointAt(0)!) >>> 0, 7);
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return 0.02 + 0.96 * (state / 2 ** 32);
  };
};

const modes: Mode[] = ["callbacks", "promises"];

beforeEach(() => startClock());

afterEach(() => {
  stopClock();
  vi.restoreAllMocks();
});

afterAll(endTasks);

for (const [name, file] of Object.entries(book.files)) {
  describe(name, () => {
    for (const scenario of file.scenarios) {
      const played = !scenario.only || scenario.only.includes("javascript");
      describe.runIf(played)(scenario.title, () => {
        for (const mode of modes) {
          test(`by ${mode}`, async () => {
            vi.spyOn(Math, "random").mockImplementation(random(scenario.title));
            const differences = await new Stage(scenario, mode).play();
            expect(differences, differences.join("\n")).toEqual([]);
          });
        }
      });
    }
  });
}
