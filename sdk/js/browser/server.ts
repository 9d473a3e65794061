import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect } from "vitest";

export interface ServerOptions {
  program: string;
  /** What the data folder is provisioned with. */
  provisioning: string;
  allowOrigins: string[];
}

/** Keeps the settings of whoever runs the tests out of them. */
const cleanEnvironment = (): NodeJS.ProcessEnv => Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("MUSTER_")));

/** A running binary with a data folder of its own. It can be stopped and started again at the same address. */
export class Server {
  readonly #o: ServerOptions;
  readonly #folder = mkdtempSync(join(tmpdir(), "muster-data-"));
  #process: ChildProcess | undefined;
  #log = "";
  /** Of the API's server, without a last slash. */
  origin = "";

  private constructor(o: ServerOptions) {
    this.#o = o;
  }

  static async start(o: ServerOptions): Promise<Server> {
    const server = new Server(o);
    execFileSync(o.program, ["apply", "--data", server.#folder, "-"], { input: o.provisioning, env: cleanEnvironment(), stdio: ["pipe", "ignore", "inherit"] });
    await server.start();
    return server;
  }

  /** The API's base address. */
  get base(): string {
    return `${this.origin}/v1/`;
  }

  get running(): boolean {
    return this.#process !== undefined;
  }

  /** What the server has logged, all of its runs. */
  get log(): string {
    return this.#log;
  }

  /** Starts a server that was stopped: with the same data, at the same address. */
  async start(): Promise<void> {
    const listen = this.origin ? new URL(this.origin).host : "127.0.0.1:0";
    const origins = this.#o.allowOrigins.flatMap((origin) => ["--allow-origin", origin]);
    const started = spawn(this.#o.program, ["serve", "--listen", listen, "--metrics-listen", "none", "--log-level", "debug", "--data", this.#folder, ...origins], {
      env: cleanEnvironment(),
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#process = started;
    started.stderr.setEncoding("utf8").on("data", (text: string) => (this.#log += text));
    for await (const line of createInterface(started.stdout)) {
      const address = /http:\/\/[0-9.]+:[0-9]+(?=\/v1\/)/.exec(line)?.[0];
      if (!address) continue;
      this.origin = address;
      started.stdout.resume();
      return;
    }
    expect.fail(`the server ended at once:\n${this.#log}`);
  }

  /** What `muster sdk` prints for pages that find the server there. */
  tags(address: string): string {
    return execFileSync(this.#o.program, ["sdk", "--server", address], { env: cleanEnvironment(), encoding: "utf8" });
  }

  /** Ends the server: asks it to, or, with SIGKILL, as a power cut would. */
  async stop(signal: "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<void> {
    const ending = this.#process;
    this.#process = undefined;
    if (!ending || ending.exitCode !== null || ending.signalCode !== null) return;
    const ended = once(ending, "exit");
    ending.kill(signal);
    await ended;
  }

  /** Stops the server, and starts it again. */
  async restart(signal?: "SIGTERM" | "SIGKILL"): Promise<void> {
    await this.stop(signal);
    await this.start();
  }

  /** Stops the server for good, and forgets its data. */
  async close(): Promise<void> {
    await this.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
