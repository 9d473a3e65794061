import { expect, test } from "vitest";
import sheet from "../../src/style/tokens.css?raw";

/** The colours of a block of the sheet, by name. */
const colours = (selector: string): Record<string, string> => {
  const begin = sheet.indexOf(`${selector} {`);
  const block = sheet.slice(begin, sheet.indexOf("}", begin));
  return Object.fromEntries([...block.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map((found) => [found[1]!, found[2]!]));
};

/** Relative luminance as WCAG defines it. */
const luminance = (colour: string): number => {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};

const contrast = (a: string, b: string): number => {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
};

const grounds = ["ground", "surface", "sunken"];
/** Text and what it stands on: 4.5. */
const texts: [string, string[]][] = [
  ["text", [...grounds, "info-tint", "busy-tint", "danger-tint", "accent-tint"]],
  ["calm", grounds],
  ["accent", [...grounds, "accent-tint"]],
  ["on-accent", ["accent"]],
  ["ready", ["surface", "ground", "ready-tint"]],
  ["busy", ["surface", "ground", "busy-tint"]],
  ["notready", ["surface", "ground", "notready-tint"]],
  ["offline", ["surface", "ground", "offline-tint"]],
  ["info", ["surface", "info-tint"]],
  ["danger", ["surface", "danger-tint"]],
];
/** What is no text but has a meaning: 3. */
const shapes: [string, string[]][] = [
  ["border", ["surface", "ground"]],
  ["focus", grounds],
  ["ready-bar", ["surface"]],
  ["notready-bar", ["surface"]],
  ["unknown-bar", ["surface"]],
];

test.each([
  ["light", ":root"],
  ["dark", ':root[data-theme="dark"]'],
])("the %s colours have the contrast of WCAG AA", (_, selector) => {
  const all = colours(selector);
  const poor = [...texts.map((pair) => [...pair, 4.5] as const), ...shapes.map((pair) => [...pair, 3] as const)].flatMap(([fore, backs, least]) =>
    backs.map((back) => ({ pair: `${fore} on ${back}`, ratio: contrast(all[fore]!, all[back]!), least })).filter(({ ratio, least }) => ratio < least),
  );
  expect(poor).toEqual([]);
});

test("light and dark have the same colours", () => {
  expect(Object.keys(colours(':root[data-theme="dark"]'))).toEqual(Object.keys(colours(":root")));
});
