import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { expect } from "vitest";

/** Everybody's in the demo, and public. */
export const demoPassword = "demo-password";

/** A running `muster demo` with data of its own. */
export class Demo {
  readonly #process: ChildProcess;
  /** Without a last slash. */
  readonly origin: string;

  private constructor(process: ChildProcess, origin: string) {
    this.#process = process;
    this.origin = origin;
  }

  static async start(program: string, ...flags: string[]): Promise<Demo> {
    // Without the settings of whoever runs the tests.
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("MUSTER_")));
    const started = spawn(program, ["demo", "--listen", "127.0.0.1:0", "--metrics-listen", "none", ...flags], { env, stdio: ["ignore", "pipe", "pipe"] });
    let log = "";
    started.stderr.setEncoding("utf8").on("data", (text: string) => (log += text));
    for await (const line of createInterface(started.stdout)) {
      const origin = /http:\/\/[0-9.]+:[0-9]+/.exec(line)?.[0];
      if (!origin) continue;
      started.stdout.resume();
      return new Demo(started, origin);
    }
    return expect.fail(`the demo ended at once:\n${log}`);
  }

  async close(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = once(this.#process, "exit");
    this.#process.kill();
    await ended;
  }
}
