import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import { expect, inject } from "vitest";
import { test as base } from "../../../sdk/js/browser/fixtures.js";
import { Demo } from "./demo.js";
import { narrow, scenes, wide } from "./scenery.js";

const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

const test = base.extend("demo", { scope: "file" }, async ({}, { onCleanup }): Promise<Demo> => {
  const demo = await Demo.start(inject("muster"), "--agents", "24");
  onCleanup(() => demo.close());
  return demo;
});

declare global {
  var axe: { run: (context: Document, options: object) => Promise<AxeResults> };
}

/** What somebody needs who is to mend it. */
const tell = ({ violations }: AxeResults): string[] =>
  violations.flatMap(({ id, help, nodes }) => nodes.map(({ html, any, all, none }) => `${id}: ${help}\n  ${html.slice(0, 300)}\n  ${[...any, ...all, ...none].map(({ message }) => message).join("; ")}`));

const names = Object.keys(scenes) as (keyof typeof scenes)[];

test.for(names)("nobody is kept out of %s: light, dark, narrow", async (name, { browser, demo }) => {
  const { page, context } = await scenes[name](browser, demo, { colorScheme: "light", viewport: wide });
  const tab = page.page;
  const violations: Record<string, string[]> = {};
  const look = async (how: string): Promise<void> => {
    const found = tell(await tab.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] })));
    const over = await tab.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    violations[how] = over > 0 ? [...found, `the page is ${over} pixels wider than the window`] : found;
  };
  try {
    await tab.addScriptTag({ path: axe });
    await look("light");
    await tab.emulateMedia({ colorScheme: "dark", reducedMotion: "reduce" });
    await tab.locator("[data-theme=dark]").waitFor();
    await look("dark");
    await tab.setViewportSize(narrow);
    await look("narrow");
    expect(violations).toEqual({ light: [], dark: [], narrow: [] });
  } finally {
    await context.close();
  }
});
