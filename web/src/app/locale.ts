import { cell, useCell } from "./cell.js";
import { lasting } from "./shelf.js";

/** The languages that there are, in their own names. */
export const locales = { en: "English", de: "Deutsch" } as const;

export type Locale = keyof typeof locales;

const isLocale = (value: string | null | undefined): value is Locale => value === "en" || value === "de";

/** The first of the wishes that there is a language for; wishes are like "de-AT". */
export const chooseLocale = (wishes: readonly (string | null | undefined)[]): Locale =>
  wishes.map((wish) => wish?.toLowerCase().split("-")[0]).find(isLocale) ?? "en";

const wished = (): Locale => {
  const { location, navigator } = globalThis;
  const asked = location ? new URLSearchParams(location.search).get("lang") : null;
  return chooseLocale([asked, lasting.get("locale"), ...(navigator?.languages ?? [])]);
};

/** The language of the page. */
export const locale = cell<Locale>(wished());

/** Changes the language at once, and keeps it for the next time. */
export const setLocale = (next: string): void => {
  const chosen = chooseLocale([next]);
  lasting.put("locale", chosen);
  const address = new URL(globalThis.location.href);
  if (address.searchParams.has("lang")) {
    address.searchParams.set("lang", chosen);
    globalThis.history.replaceState(globalThis.history.state, "", address);
  }
  locale.set(chosen);
};

export const useLocale = (): Locale => useCell(locale);

type Names<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never;

/** What a text has to be given: a value for each {name} in it. */
type Values<Text extends string> = [Names<Text>] extends [never] ? [] : [values: Record<Names<Text>, string | number>];

/** The text of a key, with the values in it. */
export type Translate<T extends Record<string, string>> = <K extends keyof T & string>(key: K, ...values: Values<T[K]>) => string;

export const fill = (text: string, values: Readonly<Record<string, string | number>> = {}): string =>
  text.replace(/\{(\w+)\}/g, (whole, name: string) => (Object.hasOwn(values, name) ? String(values[name]) : whole));

/**
 * Texts in all languages, by key. The English ones say which keys and which {names} there are; a missing German one is a type error.
 * Whoever draws texts is below a component that uses useLocale.
 */
export const texts =
  <const T extends Record<string, string>>(en: T, de: { readonly [K in keyof T]: string }): Translate<T> =>
  (key, ...[values]) =>
    fill((locale.value === "de" ? de : en)[key], values);
