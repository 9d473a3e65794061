import type { Page } from "playwright-core";
import { de as appDe } from "../../src/app/de.js";
import { en as appEn } from "../../src/app/en.js";
import { de as deskDe } from "../../src/desk/de.js";
import { en as deskEn } from "../../src/desk/en.js";
import { de as floorDe } from "../../src/floor/de.js";
import { en as floorEn } from "../../src/floor/en.js";
import { de as partsDe } from "../../src/floor/parts-de.js";
import { en as partsEn } from "../../src/floor/parts-en.js";
import { de as presenceDe } from "../../src/presence/de.js";
import { en as presenceEn } from "../../src/presence/en.js";

type Texts = Readonly<Record<string, string>>;

const pairs: readonly (readonly [en: Texts, de: Texts])[] = [
  [appEn, appDe],
  [deskEn, deskDe],
  [presenceEn, presenceDe],
  [floorEn, floorDe],
  [partsEn, partsDe],
];

const german = new Set(pairs.flatMap(([, de]) => Object.values(de)));

/** English texts that are no German ones as well. */
const english = [...new Set(pairs.flatMap(([en, de]) => Object.entries(en).flatMap(([key, text]) => (text === de[key] || german.has(text) ? [] : text))))];

const hasValues = (text: string): boolean => /\{\w+\}/.test(text);

/** A text that stands in a longer one is found where it has several words; a single word may be one of a name. */
const pattern = (text: string): string => {
  const literal = text.replace(/[.*+?^$()|[\]\\]/g, "\\$&").replace(/\{\w+\}/g, ".+");
  return hasValues(text) || !text.includes(" ") ? `^${literal}$` : literal;
};

/** Without those that consist of values, and would be found in everything. */
const patterns = english.filter((text) => /\p{L}{2}/u.test(text.replace(/\{\w+\}/g, ""))).map(pattern);

/**
 * The page's own English texts that it shows, or says to whom it shows nothing: texts, labels, titles. `names` are words of the tenant's
 * that happen to be English ones too.
 */
export const englishOn = (page: Page, names: readonly string[]): Promise<string[]> =>
  page.evaluate(
    ([sources, own]) => {
      const english = sources.map((source) => new RegExp(source));
      const walker = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
      const said: string[] = [];
      while (walker.nextNode()) if (!walker.currentNode.parentElement?.closest("script, style, noscript")) said.push(walker.currentNode.textContent ?? "");
      for (const element of document.querySelectorAll("[aria-label], [title], [placeholder]"))
        for (const name of ["aria-label", "title", "placeholder"]) said.push(element.getAttribute(name) ?? "");
      const found = said.map((text) => text.trim()).filter((text) => text !== "" && !own.includes(text) && english.some((each) => each.test(text)));
      const foreign = [...document.querySelectorAll("body [lang]")].map((element) => `in ${element.getAttribute("lang")}: ${element.textContent}`);
      return [...new Set([...found, ...foreign])];
    },
    [patterns, names] as const,
  );
