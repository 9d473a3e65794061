import { type Browser, type BrowserContext, chromium } from "playwright-core";
import { test as base, inject } from "vitest";
import { type Deployment, deploy } from "./deployment.js";
import type { Settings } from "./provisioning.js";

/**
 * A test with the run's browser, the file's deployment, and a context of its own (tabs of one context are tabs of one browser).
 * Nobody has a session when it begins.
 * A file that wants other settings of the tenant says so at its top: `test.override("settings", { beatDelay: "1s" })`.
 */
export const test = base
  .extend("browser", { scope: "worker" }, async ({}, { onCleanup }): Promise<Browser> => {
    const browser = await chromium.connect(inject("browser"));
    onCleanup(() => browser.close());
    return browser;
  })
  .extend("settings", { scope: "file" }, (): Settings => ({}))
  .extend("deployment", { scope: "file" }, async ({ settings }, { onCleanup }): Promise<Deployment> => {
    const deployment = await deploy(inject("muster"), settings);
    onCleanup(deployment.close);
    return deployment;
  })
  .extend("context", async ({ browser, deployment }, { onCleanup }): Promise<BrowserContext> => {
    const context = await browser.newContext();
    onCleanup(async () => {
      await context.close();
      await deployment.calm();
    });
    return context;
  });
