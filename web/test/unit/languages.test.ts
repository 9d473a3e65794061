import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Languages, Texts } from "../../src/app/locale.js";
import * as deskEnglish from "../../src/desk/english.js";
import * as deskGerman from "../../src/desk/german.js";
import * as floorEnglish from "../../src/floor/english.js";
import * as floorGerman from "../../src/floor/german.js";

const english: Texts = { greeting: { hello: "Hello" } };
const german: Texts = { greeting: { hello: "Hallo" } };
const arrives = (texts: Texts) => vi.fn(() => Promise.resolve(texts));
const isLost = () => vi.fn(() => Promise.reject(new TypeError("Failed to fetch dynamically imported module")));

/** A browser whose user wishes for languages, at an address; what it keeps is in the map. */
const browser = (wishes: readonly string[], address = "https://muster.example/"): Map<string, string> => {
  const kept = new Map<string, string>();
  vi.stubGlobal("navigator", { languages: wishes });
  vi.stubGlobal("location", new URL(address));
  vi.stubGlobal("history", { state: null, replaceState: (_state: unknown, _title: string, next: URL) => vi.stubGlobal("location", new URL(next)) });
  vi.stubGlobal("localStorage", { getItem: (name: string) => kept.get(name) ?? null, setItem: (name: string, value: string) => kept.set(name, value) });
  return kept;
};

/** A page that has just been loaded, and what it says. */
const load = async () => {
  const page = await import("../../src/app/locale.js");
  return { ...page, said: page.texts<{ hello: string }>("greeting") };
};

beforeEach(() => void vi.resetModules());
afterEach(() => void vi.unstubAllGlobals());

test("a page begins in the language that is wished for, and loads no other", async () => {
  browser(["de-AT", "en"]);
  const { openLanguages, locale, said } = await load();
  const languages: Languages = { en: arrives(english), de: arrives(german) };
  await openLanguages(languages);
  expect([locale.value, said("hello")]).toEqual(["de", "Hallo"]);
  expect(languages.en).not.toHaveBeenCalled();
});

test("a page whose German texts do not come begins in English, and asks for German the next time", async () => {
  const kept = browser(["en"], "https://muster.example/?lang=de");
  const { openLanguages, locale, said } = await load();
  await openLanguages({ en: arrives(english), de: isLost() });
  expect([locale.value, said("hello")]).toEqual(["en", "Hello"]);
  expect([...kept.values()]).toEqual(["de"]);
});

test("a page whose English texts do not come begins in German", async () => {
  browser(["en"]);
  const { openLanguages, said } = await load();
  await openLanguages({ en: isLost(), de: arrives(german) });
  expect(said("hello")).toBe("Hallo");
});

test("a page without any texts hears of it", async () => {
  browser(["en"]);
  const { openLanguages } = await load();
  await expect(openLanguages({ en: isLost(), de: isLost() })).rejects.toThrow("Failed to fetch");
});

test("another language is there when its texts are, and not before", async () => {
  const kept = browser(["en"], "https://muster.example/?lang=en&tenant=a");
  const { openLanguages, setLocale, locale, said } = await load();
  let arrive!: (texts: Texts) => void;
  await openLanguages({ en: arrives(english), de: () => new Promise((resolve) => (arrive = resolve)) });
  const changed = setLocale("de");
  expect([locale.value, said("hello")]).toEqual(["en", "Hello"]);
  arrive(german);
  await changed;
  expect([locale.value, said("hello")]).toEqual(["de", "Hallo"]);
  expect([...kept.values()]).toEqual(["de"]);
  expect(location.search).toBe("?lang=de&tenant=a");
});

test("a page goes on in its language where another one's texts do not come, and has the other the next time", async () => {
  const kept = browser(["en"]);
  const { openLanguages, setLocale, locale, missing, said } = await load();
  await openLanguages({ en: arrives(english), de: isLost() });
  await setLocale("de");
  expect([locale.value, said("hello")]).toEqual(["en", "Hello"]);
  expect(missing.value).toBe("de");
  expect([...kept.values()]).toEqual(["de"]);
});

test("whoever thinks better of it meanwhile keeps the language that was chosen last", async () => {
  browser(["en"]);
  const { openLanguages, setLocale, locale } = await load();
  let arrive!: (texts: Texts) => void;
  await openLanguages({ en: arrives(english), de: () => new Promise((resolve) => (arrive = resolve)) });
  const changed = setLocale("de");
  await setLocale("en");
  arrive(german);
  await changed;
  expect(locale.value).toBe("en");
});

test("texts are loaded once, however often the language changes", async () => {
  browser(["en"]);
  const { openLanguages, setLocale } = await load();
  const languages: Languages = { en: arrives(english), de: arrives(german) };
  await openLanguages(languages);
  for (const language of ["de", "en", "de"]) await setLocale(language);
  expect(languages.en).toHaveBeenCalledTimes(1);
  expect(languages.de).toHaveBeenCalledTimes(1);
});

test.each([
  ["desk", deskEnglish, deskGerman],
  ["floor", floorEnglish, floorGerman],
] as const)("the %s has the same parts in both languages", (_, english, german) => {
  expect(Object.keys(german)).toEqual(Object.keys(english));
});
