import type { BrowserContext, ConsoleMessage, Locator, Page } from "playwright-core";
import { expect } from "vitest";

/** What browsers say by themselves of the first question for a token, which nobody is signed in for: 401. */
const notSignedIn = /the server responded with a status of 401/;

declare global {
  /** When the user last clicked, by the clock, in milliseconds. */
  var clickedAt: number | undefined;
}

/** A tab with a page of the console, as somebody at the keyboard has it. What it says beside what it shows is kept. */
export class ConsolePage {
  readonly page: Page;
  /** Warnings and errors of the console, and errors that nobody caught. */
  readonly complaints: string[] = [];
  /** Origins that were asked for something. */
  readonly asked = new Set<string>();

  private constructor(page: Page) {
    this.page = page;
    page.on("console", (message: ConsoleMessage) => {
      if (["warning", "error"].includes(message.type()) && !notSignedIn.test(message.text())) this.complaints.push(`${message.type()}: ${message.text()}`);
    });
    page.on("pageerror", (error) => this.complaints.push(String(error.stack ?? error)));
    page.on("request", (request) => /^(http|ws)/.test(request.url()) && this.asked.add(new URL(request.url()).origin));
  }

  static async open(context: BrowserContext, address: string): Promise<ConsolePage> {
    const opened = new ConsolePage(await context.newPage());
    await opened.page.addInitScript(() => addEventListener("click", () => (globalThis.clickedAt = Date.now()), true));
    await opened.page.goto(address);
    return opened;
  }

  async signIn(username: string, password: string): Promise<void> {
    await this.page.getByLabel(/^(User name|Benutzername)$/).fill(username);
    await this.page.getByLabel(/^(Password|Passwort)$/).fill(password);
    await this.button(/^(Sign in|Anmelden)$/).click();
  }

  get dialog(): Locator {
    return this.page.getByRole("dialog");
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole("button", { name });
  }

  /** Chooses an entry of the settings menu. */
  async choose(name: string): Promise<void> {
    await this.button(/^(Settings|Einstellungen)$/).click();
    await this.page.getByRole("menu").getByText(name, { exact: true }).click();
  }

  /** Clicks, and returns when that was, as the page itself saw it. */
  async clickedAt(target: Locator): Promise<number> {
    await target.click();
    const at = await this.page.evaluate(() => globalThis.clickedAt);
    expect(at, "the page saw no click").toBeTypeOf("number");
    return at!;
  }

  /** Waits in the page until an element has the text, and returns when that was. */
  seenAt(selector: string, text: RegExp): Promise<number> {
    return this.page.evaluate(
      ([where, pattern]) =>
        new Promise<number>((resolve, reject) => {
          const wanted = new RegExp(pattern!);
          const texts = (): string[] => [...document.querySelectorAll(where!)].map((element) => element.textContent ?? "");
          const look = (): void => {
            if (!texts().some((shown) => wanted.test(shown))) return;
            observer.disconnect();
            clearTimeout(patience);
            resolve(Date.now());
          };
          const observer = new MutationObserver(look);
          const patience = setTimeout(() => {
            observer.disconnect();
            reject(new Error(`${where} shows ${JSON.stringify(texts())}, and never ${pattern}`));
          }, 15_000);
          observer.observe(document.documentElement, { subtree: true, childList: true, characterData: true });
          look();
        }),
      [selector, text.source],
    );
  }
}

/** A running time such as 1:02:03, in seconds. */
export const secondsOf = (text: string | null): number => {
  expect(text).toMatch(/^\d+(:\d\d)+$/);
  return text!.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
};
