import { join } from "node:path";
import { defineConfig } from "vitest/config";
import { findChromium, installation } from "../../../sdk/js/browser/chromium.js";

const found = findChromium();
if (!found) {
  if (process.env["BROWSER_TESTS"] === "required") throw new Error(`there is no Chromium, and BROWSER_TESTS says that there is: ${installation}`);
  console.log(`The console's browser tests are skipped, for there is no Chromium: ${installation}`);
}

const web = join(import.meta.dirname, "../..");

export default defineConfig({
  root: web,
  // What is shared with the browser SDK's tests lies beside packages of its own.
  resolve: { dedupe: ["vitest", "playwright-core"] },
  test: {
    // Not *.test.ts: `npm test` has those, and needs no browser.
    include: found ? ["test/browser/**/*.browser.ts"] : [],
    passWithNoTests: !found,
    globalSetup: join(web, "../sdk/js/browser/setup.ts"),
    // Most files wait for a page or a server most of the time.
    maxWorkers: 2,
    // A machine of others' may stand still for longer than something may take to be seen; a fault fails twice.
    retry: process.env["CI"] ? 1 : 0,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    expect: { poll: { interval: 25, timeout: 15_000 } },
    provide: { chromium: found ?? "" },
  },
});
