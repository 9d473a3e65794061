import type { Environment } from "../src/index.js";

/** What a request is answered with: a body, an Error for a connection that breaks, or nothing yet. */
export type Answer = { status?: number; body: unknown } | Error | Promise<{ status?: number; body: unknown }>;

/** A server of a few answers, for tests that want no script: by request line, such as "GET me". Sockets are refused. */
export class SmallServer {
  readonly asked: string[] = [];
  /** What came with each of those that were asked, null for nothing. */
  readonly bodies: unknown[] = [];
  readonly answers: Record<string, Answer>;
  sockets = 0;

  constructor(answers: Record<string, Answer>) {
    this.answers = answers;
  }

  environment(): Environment {
    const server = this;
    return {
      fetch: async (input, init = {}) => {
        const line = `${init.method ?? "GET"} ${String(input).replace(/^.*\/v1\//, "")}`;
        server.asked.push(line);
        server.bodies.push(JSON.parse(String(init.body ?? "null")));
        const aborted = new Promise<never>((_resolve, reject) => init.signal?.addEventListener("abort", () => reject(init.signal!.reason as Error)));
        const answer = await Promise.race([server.answers[line] ?? { status: 404, body: { error: { code: "not_found" } } }, aborted]);
        if (answer instanceof Error) throw answer;
        return new Response(JSON.stringify(answer.body), { status: answer.status ?? 200 });
      },
      WebSocket: class {
        onclose: ((e: { code: number; reason: string }) => void) | null = null;
        constructor() {
          server.sockets++;
          setTimeout(() => this.onclose?.({ code: 1006, reason: "" }));
        }
        send(): void {}
        close(): void {}
      } as unknown as Environment["WebSocket"],
    };
  }
}
