import { cell, useCell } from "./cell.js";
import { lasting } from "./shelf.js";

/** The languages that there are, in their own names. */
export const locales = { en: "English", de: "Deutsch" } as const;

export type Locale = keyof typeof locales;

const isLocale = (value: string | null | undefined): value is Locale => value === "en" || value === "de";

const languageOf = (wish: string | null | undefined): string | undefined => wish?.toLowerCase().split("-")[0];

/** The first of the wishes that there is a language for; wishes are like "de-AT". */
export const chooseLocale = (wishes: readonly (string | null | undefined)[]): Locale => wishes.map(languageOf).find(isLocale) ?? "en";

/** What the address asks for is kept as what the settings choose is: links to other pages, and other tenants, have another address. */
const wished = (): Locale => {
  const { location, navigator } = globalThis;
  const asked = location ? languageOf(new URLSearchParams(location.search).get("lang")) : null;
  if (isLocale(asked)) lasting.put("locale", asked);
  return chooseLocale([asked, lasting.get("locale"), ...(navigator?.languages ?? [])]);
};

/** The language of the page: one whose texts are there. */
export const locale = cell<Locale>("en");

/** The language that is wished for and whose texts have not come; null for none. */
export const missing = cell<Locale | null>(null);

/** What is said in a language, by the part of the source that says it, such as "app" or "desk", and by key. */
export type Texts = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Where the texts of a page come from: each language is a file of its own, so that nobody loads those of another. */
export type Languages = Readonly<Record<Locale, () => Promise<Texts>>>;

const learned: { [L in Locale]?: Texts } = {};

/** Takes the texts of a language, so that the page can be in it. */
export const learn = (language: Locale, texts: Texts): void => {
  learned[language] = texts;
};

let languages: Languages | undefined;
let wanted: Locale = "en";

/** Has the page in a language as soon as its texts are there, unless another one is wanted by then. Rejects where they do not come. */
const speak = async (language: Locale): Promise<void> => {
  wanted = language;
  if (!learned[language] && languages) learn(language, await languages[language]());
  if (wanted === language) locale.set(language);
};

/** Loads the texts of the language that is wished for, or those of another one where they do not come. Rejects where none come. */
export const openLanguages = async (of: Languages): Promise<void> => {
  languages = of;
  const first = wished();
  const others = (Object.keys(locales) as Locale[]).filter((language) => language !== first);
  await others.reduce((before, other) => before.catch(() => speak(other)), speak(first));
  if (locale.value !== first) missing.set(first);
};

/**
 * Changes the language as soon as its texts are there, and keeps it for the next time. Where they do not come, mostly because the server has
 * become a newer one, the page goes on in the language that it is in, and says so: see `missing`.
 */
export const setLocale = async (next: string): Promise<void> => {
  const chosen = chooseLocale([next]);
  lasting.put("locale", chosen);
  const address = new URL(globalThis.location.href);
  if (address.searchParams.has("lang")) {
    address.searchParams.set("lang", chosen);
    globalThis.history.replaceState(globalThis.history.state, "", address);
  }
  await speak(chosen).then(
    () => missing.set(null),
    () => wanted === chosen && missing.set(chosen),
  );
};

export const useLocale = (): Locale => useCell(locale);

type Names<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never;

/** What a text has to be given: a value for each {name} in it. */
type Values<Text extends string> = [Names<Text>] extends [never] ? [] : [values: Record<Names<Text>, string | number>];

/** The text of a key, with the values in it. */
export type Translate<T extends Record<string, string>> = <K extends keyof T & string>(key: K, ...values: Values<T[K]>) => string;

export const fill = (text: string, values: Readonly<Record<string, string | number>> = {}): string =>
  text.replace(/\{(\w+)\}/g, (whole, name: string) => (Object.hasOwn(values, name) ? String(values[name]) : whole));

/** Whether a part of the source has such a text. */
export const isText = (part: string, key: string): boolean => Object.hasOwn(learned[locale.value]?.[part] ?? {}, key);

/**
 * The texts of a part of the source, in the page's language. `T` are the English ones, which say which keys and which {names} there are; a
 * missing German one is a type error. Whoever draws texts is below a component that uses useLocale.
 */
export const texts =
  <T extends Record<string, string>>(part: string): Translate<T> =>
  (key, ...[values]) =>
    fill(learned[locale.value]?.[part]?.[key] ?? key, values);
