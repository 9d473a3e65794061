import { expect } from "vitest";
import type { FloorRow } from "../src/wire.js";
import type { Person } from "./person.js";
import type { Server } from "./server.js";

interface Frame {
  type: string;
  rows?: FloorRow[];
  events?: { message: { row?: FloorRow } }[];
}

/** A supervisor's stream of the floor, read past the browser and the SDK: everything that others see of an agent. */
export class FloorWatch {
  /** The agent's rows, oldest first. */
  readonly rows: FloorRow[] = [];
  readonly #over = new AbortController();
  readonly #agent: string;

  private constructor(agent: Person) {
    this.#agent = agent.userId;
  }

  /** Opens the stream, and waits for its snapshot. */
  static async open(server: Server, supervisor: Person, agent: Person): Promise<FloorWatch> {
    const watch = new FloorWatch(agent);
    const response = await fetch(`${server.base}tenants/${supervisor.tenantId}/stream?view=floor`, {
      headers: { Authorization: `Token ${supervisor.token}`, Accept: "text/event-stream" },
      signal: watch.#over.signal,
    });
    expect(response.status).toBe(200);
    void watch.#read(response.body!).catch(() => {}); // ends when it is closed, or the server is
    await expect.poll(() => watch.rows.length).toBeGreaterThan(0);
    return watch;
  }

  close(): void {
    this.#over.abort();
  }

  async #read(body: ReadableStream<Uint8Array>): Promise<void> {
    const reader = body.getReader();
    const decoder = new TextDecoder();
    let text = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      const events = (text + decoder.decode(value, { stream: true })).split("\n\n");
      text = events.pop()!;
      for (const event of events) {
        const data = event.split("\n").find((line) => line.startsWith("data: "));
        if (data) this.#take(JSON.parse(data.slice("data: ".length)) as Frame);
      }
    }
  }

  #take(frame: Frame): void {
    const rows = [...(frame.rows ?? []), ...(frame.events ?? []).flatMap((event) => event.message.row ?? [])];
    this.rows.push(...rows.filter((row) => row.resourceId === this.#agent));
  }

  /** What the agent looked like, one line a row: "ready live offerable". */
  get looks(): string[] {
    return this.rows.map((row) => `${row.state} ${row.connection}${row.offerable ? " offerable" : ""}`);
  }
}
