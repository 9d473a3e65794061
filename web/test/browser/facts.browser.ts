import type { Locator } from "playwright-core";
import { expect, inject } from "vitest";
import { test as base } from "../../../sdk/js/browser/fixtures.js";
import { secondsOf } from "./console_page.js";
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

test("the field to search with is the same at the desk and on the floor", async ({ browser, demo }) => {
  const looks: string[] = [];
  for (const scene of ["desk-reasons", "floor-work"] as const) {
    const { page, context } = await scenes[scene](browser, demo, { colorScheme: "light", viewport: { width: 1280, height: 800 } });
    try {
      looks.push(
        ...(await page.page.getByRole("searchbox").evaluateAll((fields) =>
          fields.map((field) => {
            const { height, padding, border, borderRadius, font } = getComputedStyle(field);
            return [height, padding, border, borderRadius, font].join(" | ");
          }),
        )),
      );
    } finally {
      await context.close();
    }
  }
  expect(looks).toHaveLength(3);
  expect(new Set(looks).size, looks.join("\n")).toBe(1);
});

test("whoever opens the floor as soon as the demo has begun sees people who have been there for a while, and a curve without a gap", async ({ browser }) => {
  const fresh = await Demo.start(inject("muster"), "--agents", "24");
  try {
    const { page, context } = await scenes["floor-rows"](browser, fresh, { colorScheme: "light", viewport: { width: 1280, height } });
    try {
      const rows = page.page.locator(".agent-row").filter({ hasNot: page.page.locator(".badge.offline") });
      const times = (await rows.locator(".cell-time").allInnerTexts()).map((text) => secondsOf(text.trim()));
      expect(times.length).toBeGreaterThan(15);
      expect(times.filter((seconds) => seconds > 60).length).toBeGreaterThan(times.length / 2);
      expect(new Set(times).size).toBeGreaterThan(times.length / 2);
      const there = async (): Promise<number[]> =>
        page.page.locator(".curve table tbody tr").evaluateAll((lines) => lines.map((line) => [...line.querySelectorAll("td")].slice(0, 2).reduce((sum, cell) => sum + Number(cell.textContent), 0)));
      await expect.poll(async () => (await there()).length).toBe(7);
      expect(Math.min(...(await there()))).toBeGreaterThan(15);
    } finally {
      await context.close();
    }
  } finally {
    await fresh.close();
  }
});
