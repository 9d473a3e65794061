import type { BrowserContext, ConsoleMessage, Page } from "playwright-core";
import { expect } from "vitest";
import type { Person } from "./person.js";
import { password } from "./provisioning.js";
import type { Site } from "./site.js";

/** What a page is given as the global `desk`, before its first script runs. */
export interface Desk {
  /** The API's base address. */
  baseUrl: string;
  username: string;
  password: string;
  tenantId: string;
  userId: string;
}

export interface TabOptions {
  /** Goes into `desk` beside what stands there. */
  desk?: Record<string, unknown>;
  /** More of the address, such as "?mode=quiet". */
  query?: string;
}

/** A tab with a test page. What the page says beside what it shows is kept: its console, its uncaught errors, its requests. */
export class Tab {
  readonly page: Page;
  readonly console: string[] = [];
  readonly errors: string[] = [];
  /** "POST http://…" */
  readonly requests: string[] = [];
  /** Addresses of sockets. */
  readonly sockets: string[] = [];

  private constructor(page: Page) {
    this.page = page;
    page.on("console", (message: ConsoleMessage) => this.console.push(`${message.type()}: ${message.text()}`));
    page.on("pageerror", (error) => this.errors.push(String(error.stack ?? error)));
    page.on("request", (request) => this.requests.push(`${request.method()} ${request.url()}`));
    page.on("websocket", (socket) => this.sockets.push(socket.url()));
  }

  /** Opens a page of a site, for a person to work at. */
  static async open(context: BrowserContext, site: Site, path: string, person: Person, o: TabOptions = {}): Promise<Tab> {
    const tab = new Tab(await context.newPage());
    const desk: Desk = { baseUrl: `${site.api}/v1/`, username: person.username, password, tenantId: person.tenantId, userId: person.userId };
    await tab.page.addInitScript((given) => Object.assign(globalThis, { desk: given }), { ...desk, ...o.desk });
    await tab.page.goto(`${site.origin}/${path}${o.query ?? ""}`);
    return tab;
  }

  /** Waits until the page's own variable `seen` has the field, and returns it. */
  async seen<T>(field: string): Promise<T> {
    const value = await this.#wait((name: string) => (globalThis as { seen?: Record<string, unknown> }).seen?.[name], field);
    return value as T;
  }

  /** Waits until a function is true in the page. */
  async until<A = undefined>(condition: (argument: A) => unknown, argument?: A): Promise<void> {
    await this.#wait(condition as (argument: never) => unknown, argument);
  }

  /** Waits until an element of the page has the text. */
  async shows(selector: string, text: string): Promise<void> {
    await expect.poll(() => this.page.textContent(selector), { message: selector }).toBe(text);
  }

  async #wait(condition: (argument: never) => unknown, argument: unknown): Promise<unknown> {
    try {
      const handle = await this.page.waitForFunction(condition as (a: unknown) => unknown, argument, { polling: 20, timeout: 15_000 });
      return await handle.jsonValue();
    } catch (cause) {
      const seen = await this.page.evaluate(() => JSON.stringify((globalThis as { seen?: unknown }).seen)).catch(String);
      return expect.fail(`${String(cause)}\nwaiting for ${argument ?? condition}\n${this.said()}\nwhat it has seen:\n  ${seen?.slice(-2_000)}`);
    }
  }

  /** What the page has to say for itself, for a failure's text. */
  said(): string {
    return ["the page's console:", ...this.console, "its errors:", ...this.errors, "its last requests:", ...this.requests.slice(-20)].join("\n  ");
  }
}
