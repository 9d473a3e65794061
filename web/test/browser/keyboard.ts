import type { Page } from "playwright-core";
import { expect } from "vitest";

/** What has the keyboard. */
interface Stop {
  /** The element's name, as a screen reader says it or nearly so. */
  name: string;
  tag: string;
  /** Whether it can be seen that it has the keyboard. */
  marked: boolean;
}

const stopIn = (): Stop => {
  const at = document.activeElement ?? document.body;
  const { width } = at.getBoundingClientRect();
  // A control that is hidden behind its label is marked there.
  const drawn = (width > 2 && getComputedStyle(at).opacity !== "0" ? at : at.closest("label")) ?? at;
  const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(drawn);
  const { top, bottom } = drawn.getBoundingClientRect();
  const tag = at.tagName.toLowerCase();
  const outlined = outlineStyle !== "none" && parseFloat(outlineWidth) > 0;
  const labels = at instanceof HTMLInputElement || at instanceof HTMLSelectElement ? [...(at.labels ?? [])] : [];
  return {
    name: at.getAttribute("aria-label") ?? (labels.length > 0 ? labels.map((label) => label.textContent).join(" ") : (at.textContent ?? "")).trim(),
    tag,
    marked: (outlined || (tag === "main" && boxShadow.includes("inset"))) && bottom > 0 && top < innerHeight,
  };
};

/** So many stops there are at most between two that somebody goes to. */
const mostStops = 40;

/** Somebody who uses a page with the keyboard alone. After every key it must be seen where the keyboard is. */
export class Keyboard {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  get at(): Promise<Stop> {
    return this.#page.evaluate(stopIn);
  }

  async press(...keys: string[]): Promise<void> {
    for (const key of keys) {
      await this.#page.keyboard.press(key);
      await this.#expectMarked(`after ${key}`);
    }
  }

  async type(text: string): Promise<void> {
    await this.#page.keyboard.type(text);
    await this.#expectMarked(`after “${text}”`);
  }

  /** Goes on until the keyboard is at what has the name. */
  async reach(name: RegExp, key: "Tab" | "Shift+Tab" = "Tab"): Promise<void> {
    const passed: string[] = [];
    for (let stops = 0; stops < mostStops; stops++) {
      await this.#page.keyboard.press(key);
      await this.#expectMarked(`after ${key} to ${name} by ${passed.join(" | ")}`);
      const stop = await this.at;
      if (name.test(stop.name)) return;
      passed.push(stop.name.slice(0, 40));
    }
    expect.fail(`${key} never leads to ${name}, but to ${passed.join(" | ")}`);
  }

  /** Waits until the keyboard is at what has the name. */
  async expectAt(name: RegExp): Promise<void> {
    await expect.poll(async () => (await this.at).name, { message: "the name of what has the keyboard", timeout: 5_000 }).toMatch(name);
    await this.#expectMarked(`at ${name}`);
  }

  async #expectMarked(when: string): Promise<void> {
    await expect.poll(() => this.at, { message: `what has the keyboard ${when}`, timeout: 5_000 }).toMatchObject({ marked: true, tag: expect.not.stringMatching(/^body$/) });
  }
}
