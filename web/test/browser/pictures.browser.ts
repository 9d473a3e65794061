import { mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, inject } from "vitest";
import { test as base } from "../../../sdk/js/browser/fixtures.js";
import { Demo } from "./demo.js";
import { type Look, narrow, scenes } from "./scenery.js";

/** Only whoever asks for new pictures gets them: `npm run pictures`. Otherwise it is shown only that they can be taken. */
const folder = process.env["PICTURES"] ? join(import.meta.dirname, "../../../docs/images") : undefined;

/** So large a picture may be, in bytes. */
const most = 150_000;

const floor = { width: 1120, height: 660 };
const desk = { width: 900, height: 700 };

/** The floor comes last: its people have been there for a while then. */
const pictures: readonly (readonly [file: string, scene: keyof typeof scenes, look: Look])[] = [
  ["console-desk-sign-in", "desk-signed-out", { colorScheme: "light", viewport: { width: 640, height: 480 } }],
  ["console-desk", "desk-ready", { colorScheme: "light", viewport: desk }],
  ["console-desk-reasons", "desk-reasons", { colorScheme: "light", viewport: desk }],
  ["console-desk-why", "desk-why", { colorScheme: "dark", viewport: desk }],
  ["console-desk-narrow", "desk-ready", { colorScheme: "light", viewport: narrow }],
  ["console-floor", "floor-groups", { colorScheme: "light", viewport: floor }],
  ["console-floor-dark", "floor-agent", { colorScheme: "dark", viewport: floor }],
  ["console-floor-tiles", "floor-tiles", { colorScheme: "light", viewport: floor }],
  ["console-floor-order", "floor-order", { colorScheme: "light", viewport: floor }],
  ["console-floor-work", "floor-work", { colorScheme: "dark", viewport: floor }],
];

const test = base.extend("demo", { scope: "file" }, async ({}, { onCleanup }): Promise<Demo> => {
  const demo = await Demo.start(inject("muster"), "--agents", "24", "--changes-per-second", "4");
  onCleanup(() => demo.close());
  return demo;
});

test.for(pictures)("a picture is taken of %s: %s", async ([file, scene, look], { browser, demo }) => {
  const { page, context } = await scenes[scene](browser, demo, look);
  try {
    if (folder) mkdirSync(folder, { recursive: true });
    // Extensions are read for whoever is in sight.
    if (scene.startsWith("floor")) await page.page.locator(".agent-row .cell-extension > span, .tile-extension > span").filter({ hasText: /\S/ }).nth(7).waitFor();
    const path = folder && join(folder, `${file}.png`);
    const picture = await page.page.screenshot({ ...(path && { path }), animations: "disabled" });
    expect(picture.length).toBeLessThan(most);
    if (path) expect(statSync(path).size).toBe(picture.length);
  } finally {
    await context.close();
  }
});
