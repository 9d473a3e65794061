import { defineConfig } from "vitest/config";
import { findChromium, installation } from "./chromium.js";

const found = findChromium();
if (!found) {
  if (process.env["BROWSER_TESTS"] === "required") throw new Error(`there is no Chromium, and BROWSER_TESTS says that there is: ${installation}`);
  console.log(`The browser tests are skipped, for there is no Chromium: ${installation}`);
}

export default defineConfig({
  test: {
    // Not *.test.ts: `npm test` has those, and needs no browser.
    include: found ? ["browser/**/*.browser.ts"] : [],
    passWithNoTests: !found,
    globalSetup: "browser/setup.ts",
    // Most files wait most of the time: for a lease to end, for a timer to be throttled.
    maxWorkers: 3,
    // A machine of others' may stand still for longer than an agent may be silent; a fault fails twice.
    retry: process.env["CI"] ? 1 : 0,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    expect: { poll: { interval: 25, timeout: 15_000 } },
    provide: { chromium: found ?? "" },
  },
});
