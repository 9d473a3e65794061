import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { flags } from "./chromium.js";

interface Answer {
  id?: number;
  result?: unknown;
  error?: { message: string };
}

/**
 * A browser that is asked over its own DevTools protocol, by a pipe: what drives browsers for tests keeps pages visible and awake, and
 * here hidden and frozen ones are what is tested.
 */
export class DevToolsBrowser {
  readonly #process: ChildProcess;
  readonly #profile: string;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #last = 0;
  #text = "";

  private constructor(process: ChildProcess, profile: string) {
    this.#process = process;
    this.#profile = profile;
    const answers = process.stdio[4] as Readable;
    answers.setEncoding("utf8").on("data", (text: string) => this.#read(text));
    process.once("exit", () => this.#waiting.forEach((settle) => settle({ error: { message: "the browser has ended" } })));
  }

  static start(program: string, ...more: string[]): DevToolsBrowser {
    const profile = mkdtempSync(join(tmpdir(), "muster-profile-"));
    const started = spawn(program, ["--headless=new", ...flags, "--remote-debugging-pipe", `--user-data-dir=${profile}`, ...more, "about:blank"], {
      stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"],
      env: { ...process.env, TMPDIR: profile },
    });
    return new DevToolsBrowser(started, profile);
  }

  #read(text: string): void {
    const answers = (this.#text + text).split("\0");
    this.#text = answers.pop()!;
    for (const line of answers) {
      const answer = JSON.parse(line) as Answer;
      if (answer.id === undefined) continue; // an event
      this.#waiting.get(answer.id)?.(answer);
      this.#waiting.delete(answer.id);
    }
  }

  /** Sends a command, to a page where a session is named. */
  async send<R>(method: string, params: object = {}, sessionId?: string): Promise<R> {
    const id = ++this.#last;
    const answer = await new Promise<Answer>((settle) => {
      this.#waiting.set(id, settle);
      (this.#process.stdio[3] as Writable).write(JSON.stringify({ id, method, params, sessionId }) + "\0");
    });
    if (answer.error) throw new Error(`${method}: ${answer.error.message}`);
    return answer.result as R;
  }

  /** Opens a tab in front of the others. The script runs before the page's first one. */
  async open(address: string, script = ""): Promise<DevToolsPage> {
    const { targetId } = await this.send<{ targetId: string }>("Target.createTarget", { url: "about:blank" });
    const { sessionId } = await this.send<{ sessionId: string }>("Target.attachToTarget", { targetId, flatten: true });
    const page = new DevToolsPage(this, targetId, sessionId);
    await page.send("Page.enable");
    await page.send("Page.addScriptToEvaluateOnNewDocument", { source: script });
    await page.send("Page.navigate", { url: address });
    return page;
  }

  async close(): Promise<void> {
    const ended = once(this.#process, "exit");
    this.#process.kill();
    await ended;
    try {
      rmSync(this.#profile, { recursive: true, force: true });
    } catch {
      // What it started may still be writing; what is left is in the system's temporary folder.
    }
  }
}

/** A tab. */
export class DevToolsPage {
  readonly #browser: DevToolsBrowser;
  readonly #target: string;
  readonly #session: string;

  constructor(browser: DevToolsBrowser, target: string, session: string) {
    this.#browser = browser;
    this.#target = target;
    this.#session = session;
  }

  send<R>(method: string, params: object = {}): Promise<R> {
    return this.#browser.send<R>(method, params, this.#session);
  }

  /** The value of an expression in the page. */
  async evaluate<R>(expression: string): Promise<R> {
    const { result, exceptionDetails } = await this.send<{ result: { value: R }; exceptionDetails?: object }>("Runtime.evaluate", { expression, returnByValue: true });
    if (exceptionDetails) throw new Error(`${expression}: ${JSON.stringify(exceptionDetails)}`);
    return result.value;
  }

  async close(): Promise<void> {
    await this.#browser.send("Target.closeTarget", { targetId: this.#target });
  }
}
