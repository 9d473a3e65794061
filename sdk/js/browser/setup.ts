import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import type { TestProject } from "vitest/node";
import { flags } from "./chromium.js";

declare module "vitest" {
  export interface ProvidedContext {
    /** The browser's program. */
    chromium: string;
    /** Where the one browser of the run is driven from. */
    browser: string;
    /** The server's program, built for this run. */
    muster: string;
  }
}

/** Builds the server, unless MUSTER_BINARY names one, and starts the browser, once for all tests. */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | void> {
  const program = project.config.provide.chromium;
  if (!program) return;
  const folder = mkdtempSync(join(tmpdir(), "muster-browser-"));
  const forget = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    const muster = process.env["MUSTER_BINARY"] || join(folder, "muster");
    if (!process.env["MUSTER_BINARY"]) execFileSync("go", ["build", "-o", muster, "./cmd/muster"], { cwd: join(import.meta.dirname, "../../.."), stdio: ["ignore", "inherit", "inherit"] });
    const browser = await chromium.launchServer({ executablePath: program, args: flags, host: "127.0.0.1" });
    project.provide("muster", muster);
    project.provide("browser", browser.wsEndpoint());
    return async () => {
      await browser.close();
      forget();
    };
  } catch (cause) {
    forget();
    throw cause;
  }
}
