import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import { findChromium, installation } from "./chromium.js";

const found = findChromium();
if (!found) {
  if (process.env["BROWSER_TESTS"] === "required") throw new Error(`there is no Chromium, and BROWSER_TESTS says that there is: ${installation}`);
  console.log(`The browser tests are skipped, for there is no Chromium: ${installation}`);
}

/** Files that wait for minutes begin first, and the others run beside them. */
const waitLongest = ["hidden", "cut", "hidden_tabs", "offline"];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const waits = (file: TestSpecification): number => waitLongest.findIndex((name) => file.moduleId.endsWith(`/${name}.browser.ts`));
    return [...waitLongest.flatMap((_name, i) => files.filter((file) => waits(file) === i)), ...(await super.sort(files)).filter((file) => waits(file) < 0)];
  }
}

export default defineConfig({
  test: {
    // Not *.test.ts: `npm test` has those, and needs no browser.
    include: found ? ["browser/**/*.browser.ts"] : [],
    passWithNoTests: !found,
    globalSetup: "browser/setup.ts",
    // Most files wait most of the time: for a lease to end, for a timer to be throttled.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    // A machine of others' may stand still for longer than an agent may be silent; a fault fails twice.
    retry: process.env["CI"] ? 1 : 0,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    expect: { poll: { interval: 25, timeout: 15_000 } },
    provide: { chromium: found ?? "" },
  },
});
