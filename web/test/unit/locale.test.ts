import { expect, test } from "vitest";
import { de as appGerman } from "../../src/app/de.js";
import { en as appEnglish } from "../../src/app/en.js";
import { chooseLocale, fill, locale } from "../../src/app/locale.js";
import { sayRefusal, t } from "../../src/app/words.js";
import { de as deskGerman } from "../../src/desk/de.js";
import { en as deskEnglish } from "../../src/desk/en.js";
import { de as floorGerman } from "../../src/floor/de.js";
import { en as floorEnglish } from "../../src/floor/en.js";
import { de as partsGerman } from "../../src/floor/parts-de.js";
import { en as partsEnglish } from "../../src/floor/parts-en.js";
import { de as presenceGerman } from "../../src/presence/de.js";
import { en as presenceEnglish } from "../../src/presence/en.js";

const names = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map((found) => found[1]!).sort();

test.each([
  ["app", appEnglish, appGerman],
  ["desk", deskEnglish, deskGerman],
  ["presence", presenceEnglish, presenceGerman],
  ["floor", floorEnglish, floorGerman],
  ["parts of the floor", partsEnglish, partsGerman],
] as const)("%s: every text is there in both languages, with the same values", (_, en: Record<string, string>, de: Record<string, string>) => {
  expect(Object.keys(de)).toEqual(Object.keys(en));
  for (const [key, text] of Object.entries(en)) {
    expect(names(de[key]!), key).toEqual(names(text));
    expect(text, key).not.toBe("");
    expect(de[key], key).not.toBe("");
  }
});

test("the first wish that there is a language for is taken, English otherwise", () => {
  expect(chooseLocale(["fr-FR", "de-AT", "en"])).toBe("de");
  expect(chooseLocale([null, undefined, "EN-us"])).toBe("en");
  expect(chooseLocale(["fr"])).toBe("en");
  expect(chooseLocale([])).toBe("en");
});

test("values are filled in, and what has none stays visible", () => {
  expect(fill("{who} set {state}", { who: "Sam" })).toBe("Sam set {state}");
  locale.set("en");
  expect(t("signedInAs", { name: "Avery" })).toBe("Signed in as Avery");
  locale.set("de");
  expect(t("signedInAs", { name: "Avery" })).toBe("Angemeldet als Avery");
  locale.set("en");
});

test("every refusal says something to act by, an unknown one in the server's words", () => {
  const refusal = { status: 400, said: "", retryAfter: 0, work: [] };
  expect(sayRefusal({ ...refusal, code: "network", status: 0 })).toContain("Check the network");
  expect(sayRefusal({ ...refusal, code: "odd", status: 403 })).toContain("no right");
  expect(sayRefusal({ ...refusal, code: "odd", said: "No." })).toBe("The server refused: No.");
  expect(sayRefusal({ ...refusal, code: "other", status: 500 })).toContain("went wrong");
});
