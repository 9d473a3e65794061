import type { Locator } from "playwright-core";
import { expect, inject } from "vitest";
import { test as base } from "../../../sdk/js/browser/fixtures.js";
import { Demo } from "./demo.js";
import { narrow, scenes } from "./scenery.js";

const test = base.extend("demo", { scope: "file" }, async ({}, { onCleanup }): Promise<Demo> => {
  const demo = await Demo.start(inject("muster"), "--agents", "24");
  onCleanup(() => demo.close());
  return demo;
});

/** So high that everybody is in sight. */
const height = 1_900;

/** What of these is in nobody's place on the page: not drawn, without room, or without a word. */
const missing = async (facts: Record<string, Locator>): Promise<string[]> => {
  const missed: string[] = [];
  for (const [name, fact] of Object.entries(facts)) {
    const room = await fact.first().boundingBox().catch(() => null);
    if (!room || room.width < 24 || !(await fact.first().innerText())) missed.push(name);
  }
  return missed;
};

const inRows = ["name", "state", "time", "reason", "direction", "work", "extension", "connection"] as const;

test.for([1024, 1120, 1440])("at %i pixels rows say all there is to an agent", async (width, { browser, demo }) => {
  const { page, context } = await scenes["floor-rows"](browser, demo, { colorScheme: "light", viewport: { width, height } });
  try {
    const cell = (name: string): Locator => page.page.locator(`.agent-row .cell-${name}`).filter({ hasText: /\S/ });
    await expect.poll(() => missing(Object.fromEntries(inRows.map((name) => [name, cell(name)])))).toEqual([]);
    expect(await page.page.locator(".grid").evaluate((grid) => grid.scrollWidth - grid.clientWidth)).toBe(0);
  } finally {
    await context.close();
  }
});

test("beside a panel at 1024 pixels rows still say all there is to an agent", async ({ browser, demo }) => {
  const { page, context } = await scenes["floor-agent"](browser, demo, { colorScheme: "light", viewport: { width: 1024, height } });
  try {
    const cell = (name: string): Locator => page.page.locator(`.agent-row .cell-${name}`).filter({ hasText: /\S/ });
    await expect.poll(() => missing(Object.fromEntries(inRows.map((name) => [name, cell(name)])))).toEqual([]);
  } finally {
    await context.close();
  }
});

test("tiles say all there is to an agent", async ({ browser, demo }) => {
  const { page, context } = await scenes["floor-tiles"](browser, demo, { colorScheme: "light", viewport: { width: 1120, height } });
  try {
    const part = (selector: string): Locator => page.page.locator(`.tile ${selector}`).filter({ hasText: /\S/ });
    const facts = { name: ".agent-name", state: ".badge", time: ".tile-state .lasting", reason: ".tile-why > span:not(.work-chips)", direction: ".tile-direction", work: ".work-chip", extension: ".tile-extension", connection: ".hearing" };
    await expect.poll(() => missing(Object.fromEntries(Object.entries(facts).map(([name, selector]) => [name, part(selector)])))).toEqual([]);
  } finally {
    await context.close();
  }
});

test("in a side panel an extension that is chosen can still be read beside the button that takes it", async ({ browser, demo }) => {
  const { page, context } = await scenes["desk-ready"](browser, demo, { colorScheme: "light", viewport: narrow });
  try {
    const chosen = page.page.getByLabel("Extension");
    await chosen.selectOption({ index: 1 });
    await page.button("Use this extension").waitFor();
    expect((await chosen.boundingBox())?.width).toBeGreaterThan(180);
  } finally {
    await context.close();
  }
});
