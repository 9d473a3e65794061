import type { BrowserContext } from "playwright-core";
import { expect } from "vitest";
import type { SdkError } from "../src/error.js";
import type { ResponseOf, Topic } from "../src/topics.js";
import type { Person } from "./person.js";
import type { Site } from "./site.js";
import { Tab } from "./tab.js";

/** Something that a page was told. */
export interface Told<R = unknown> {
  /** By the page's clock. */
  at: number;
  error: SdkError | null;
  topic: string;
  response: R | null;
}

/** How a call in a page ended. */
export interface Outcome<R = unknown> {
  error: SdkError | null;
  topic: string;
  response: R | null;
}

/** What the page has; see pages/recorder.js. */
declare global {
  const record: Told[];
  const seen: { entered: boolean; failed: string | null };
  const call: (module: "session" | "authentication", name: string, params: object) => Promise<Outcome>;
}

export interface RecorderOptions {
  /** Takes up the session of the page that was there before. */
  resume?: boolean;
  /** Goes into the tenant without a session, as supervisors do. */
  noSession?: boolean;
  transport?: "auto" | "socket" | "events";
}

const prefix = "cxengage/session/";

/** A tab with the page that keeps a record of what it is told. */
export class Recorder {
  readonly tab: Tab;

  private constructor(tab: Tab) {
    this.tab = tab;
  }

  /** Opens the page, and waits until it is in its tenant. */
  static async enter(context: BrowserContext, site: Site, person: Person, o: RecorderOptions = {}): Promise<Recorder> {
    const recorder = new Recorder(await Tab.open(context, site, "recorder.html", person, { desk: { token: person.token, ...o } }));
    await recorder.entered();
    return recorder;
  }

  async entered(): Promise<void> {
    await this.tab.until(() => seen.entered || seen.failed);
    expect(await this.tab.page.evaluate(() => seen.failed), this.tab.said()).toBeNull();
  }

  /** Loads the page anew, and waits until it is in again. What it was told before is forgotten. */
  async reload(): Promise<void> {
    await this.tab.page.reload();
    await this.entered();
  }

  /** Everything that it was told since it was loaded. */
  told(): Promise<Told[]> {
    return this.tab.page.evaluate(() => record);
  }

  /** What it was told on a topic. */
  async toldOn<T extends Topic>(topic: T): Promise<Told<ResponseOf<T>>[]> {
    return (await this.told()).filter((t): t is Told<ResponseOf<T>> => t.topic === topic);
  }

  /** On which topics it was told something, without the one that comes again and again. */
  async topics(from = 0): Promise<string[]> {
    const told = (await this.told()).slice(from);
    return told.map((t) => t.topic.replace(prefix, "")).filter((name) => name !== "heartbeat-response");
  }

  /** The states that it was told. */
  async states(): Promise<string[]> {
    return (await this.toldOn(`${prefix}state-change-response`)).map((t) => t.response?.state ?? "error");
  }

  /** The errors that it was told. */
  async errors(): Promise<SdkError[]> {
    return (await this.told()).flatMap((t) => t.error ?? []);
  }

  async heartbeats(): Promise<number> {
    return (await this.toldOn(`${prefix}heartbeat-response`)).filter((t) => !t.error).length;
  }

  async sessionId(): Promise<string> {
    const [started] = await this.toldOn(`${prefix}started`);
    return started!.response!.sessionId!;
  }

  /** Calls a function of the session's, and waits for its end. */
  session(name: string, params: object = {}): Promise<Outcome> {
    return this.tab.page.evaluate(([name, params]) => call("session", name, params), [name, params] as const);
  }

  logout(): Promise<Outcome> {
    return this.tab.page.evaluate(() => call("authentication", "logout", {}));
  }

  /** Goes ready, and waits until it is told so. */
  async goReady(): Promise<void> {
    const outcome = await this.session("goReady", { extensionValue: "browser" });
    expect(outcome.error).toBeNull();
    await expect.poll(async () => (await this.states()).at(-1)).toBe("ready");
  }
}
