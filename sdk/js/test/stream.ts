import { type Answer, fill } from "./format.js";
import type { FakeServer } from "./server.js";
import { textOf } from "./server.js";
import type { Tab } from "./tab.js";
import { task } from "./time.js";
import { decoded, isId, isObject, timed, written } from "./values.js";

// What the fake server's log is called, and where a view of it begins.
const epoch = "5f0f6c1e-9d59-4a52-8a0e-0c8f3f0d7b11";
export const firstNumber = 4702;
const beatMs = 4_000;

/** What a client did about streams: an attempt to open one, or the end of one. */
export interface StreamAct {
  by: "socket" | "events" | "closed";
  tab: Tab;
  tenant?: string | undefined;
  view?: string | undefined;
  group?: string | undefined;
  cursor?: string | undefined;
  auth?: string | undefined;
}

/** What carries a stream's frames to the client. */
interface Carrier {
  opened: () => void;
  refused: (a: Answer) => void;
  frame: (text: string) => void;
  /** Without a code the connection breaks. */
  ended: (code?: number, reason?: string) => void;
}

const path = /^\/v1\/tenants\/([^/]+)\/stream$/;

export const isStream = (url: URL): boolean => path.test(url.pathname);

/** A stream that the client asked for. */
export class Stream {
  readonly act: StreamAct;
  readonly tab: Tab;
  private readonly server: FakeServer;
  private readonly carrier: Carrier;
  private greeted = false;
  private over = false;
  private beats: ReturnType<typeof setInterval> | undefined;

  constructor(server: FakeServer, act: StreamAct, carrier: Carrier) {
    this.server = server;
    this.act = act;
    this.tab = act.tab;
    this.carrier = carrier;
  }

  accept(): void {
    if (this.server.open) this.server.wrong.push("there are two streams at once");
    this.server.open = this;
    this.carrier.opened();
    const { by, view, cursor } = this.act;
    // What a hello says over a socket the request says here.
    if (by === "events" && !this.server.shows.has("stream")) this.greet({ type: "hello", view, sessionId: fill("$sessionId"), ...(cursor ? { cursor } : {}) });
  }

  refuse(a: Answer): void {
    this.over = true;
    this.server.body = decoded(textOf(a));
    this.carrier.refused(a);
  }

  /** The server ends it: with a close code, or by a cut. */
  leave(code?: number, reason?: string): void {
    this.end();
    this.carrier.ended(code, reason);
  }

  /** The client ends it. */
  abandoned(): void {
    if (this.over) return;
    const wasOpen = this.server.open === this;
    this.end();
    if (wasOpen && this.server.shows.has("stream")) this.server.streams.push({ by: "closed", tab: this.tab });
  }

  /** Sends a frame: a value as JSON, a text as it is. */
  send(frame: unknown): void {
    if (!this.over) this.carrier.frame(typeof frame === "string" ? frame : JSON.stringify(timed(frame)));
  }

  /** Takes a frame of the client. */
  take(text: string): void {
    const frame = decoded(text);
    const shown = this.server.shows.has("stream");
    if (shown) this.server.frames.push(frame);
    else if (!this.greeted) this.greet(frame);
    this.greeted = true;
  }

  private end(): void {
    this.over = true;
    clearInterval(this.beats);
    this.server.waiting = this.server.waiting.filter((other) => other !== this);
    if (this.server.open === this) this.server.open = undefined;
  }

  /** Answers a hello, where the script does not look at streams. */
  private greet(frame: unknown): void {
    const hello = isObject(frame) ? frame : {};
    const cursor = `${epoch}:${this.server.number}`;
    const resumes = hello["cursor"] !== undefined;
    if (hello["type"] !== "hello" || hello["view"] !== "self" || !isId(hello["sessionId"]) || (resumes && hello["cursor"] !== cursor)) {
      this.server.wrong.push(`a stream began with ${written(frame)}`);
    }
    this.send({ type: "welcome", cursor, beatMs, timestamp: "<now>" });
    if (!resumes) this.send({ type: "snapshot", cursor, part: 1, last: true, rows: [fill({ $: "row", sessionId: hello["sessionId"] })] });
    let n = 0;
    this.beats = setInterval(() => {
      if (this.server.shows.has("stream")) clearInterval(this.beats);
      else this.send({ type: "beat", n: ++n });
    }, beatMs);
  }
}

/** The number of the view's last event after a frame of the server's. */
export const noted = (frame: unknown, number: number): number => {
  if (!isObject(frame)) return number;
  if (frame["type"] === "snapshot" || frame["type"] === "mark") return Number(/:(\d+)$/.exec(String(frame["cursor"]))?.[1] ?? number);
  if (frame["type"] === "events") return Math.max(number, ...(frame["events"] as { seq: number }[]).map(({ seq }) => seq));
  return number;
};

/** Answers a request for Server-Sent Events. */
export const eventStream = (server: FakeServer, tab: Tab, url: URL, init: RequestInit): Promise<Response> =>
  new Promise((resolve, reject) => {
    const { signal } = init;
    const headers = new Headers(init.headers);
    let source: ReadableStreamDefaultController<Uint8Array> | undefined;
    const act: StreamAct = {
      by: "events",
      tab,
      tenant: path.exec(url.pathname)?.[1],
      view: url.searchParams.get("view") ?? undefined,
      group: url.searchParams.get("group") ?? undefined,
      cursor: headers.get("Last-Event-ID") ?? undefined,
      auth: headers.get("Authorization") ?? undefined,
    };
    const encoder = new TextEncoder();
    const here = (run: () => void): void => task(() => tab.closed || signal?.aborted || run());
    const stream = new Stream(server, act, {
      opened: () =>
        here(() => {
          const body = new ReadableStream<Uint8Array>({ start: (controller) => void (source = controller), cancel: () => stream.abandoned() });
          resolve(new Response(body, { headers: { "Content-Type": "text/event-stream" } }));
        }),
      refused: (a) => here(() => (a.cut ? reject(new TypeError("Failed to fetch")) : resolve(new Response(textOf(a), { status: a.status ?? 200, headers: a.headers ?? {} })))),
      // Comments keep the connection alive, and a frame may come in pieces.
      frame: (text) =>
        here(() => {
          const bytes = encoder.encode(`: alive\n\ndata: ${text}\n\n`);
          const middle = bytes.length >> 1;
          source?.enqueue(bytes.slice(0, middle));
          source?.enqueue(bytes.slice(middle));
        }),
      ended: (code, reason) =>
        here(() => {
          if (code === undefined) return source?.error(new TypeError("network error"));
          source?.enqueue(encoder.encode(`data: ${JSON.stringify({ type: "close", code, reason })}\n\n`));
          task(() => signal?.aborted || source?.close());
        }),
    });
    if (signal?.aborted) return reject(signal.reason);
    signal?.addEventListener("abort", () => {
      stream.abandoned();
      reject(signal.reason);
      try {
        source?.error(signal.reason);
      } catch {
        // It was closed.
      }
    });
    if (url.searchParams.has("token")) server.wrong.push("a token stands in an address");
    server.asksForStream(stream);
  });

const connecting = 0;
const open = 1;
const closed = 3;

/** The WebSocket of a tab. */
export const socketOf = (server: FakeServer, tab: Tab) =>
  class FakeSocket {
    readyState = connecting;
    onopen: ((e: Event) => void) | null = null;
    onmessage: ((e: MessageEvent) => void) | null = null;
    onerror: ((e: Event) => void) | null = null;
    onclose: ((e: Event & { code: number; reason: string }) => void) | null = null;
    private readonly stream: Stream;

    constructor(address: string) {
      const url = new URL(address);
      if (url.protocol !== "ws:" || url.host !== "muster.test" || url.search || !isStream(url)) server.wrong.push(`a socket went to ${address}`);
      this.stream = new Stream(
        server,
        { by: "socket", tab, tenant: path.exec(url.pathname)?.[1] },
        {
          opened: () =>
            this.later(() => {
              this.readyState = open;
              this.onopen?.(new Event("open"));
            }),
          refused: () => this.ends(1006, ""),
          frame: (text) => this.later(() => this.onmessage?.(new MessageEvent("message", { data: text }))),
          ended: (code = 1006, reason = "") => this.ends(code, reason),
        },
      );
      if (!tab.closed) server.asksForStream(this.stream);
    }

    send(text: string): void {
      if (this.readyState === connecting) throw new DOMException("Still in CONNECTING state.", "InvalidStateError");
      if (this.readyState === open && !tab.closed) this.stream.take(text);
    }

    close(code?: number): void {
      if (code !== undefined && code !== 1000 && (code < 3000 || code > 4999)) throw new DOMException(`The close code ${code} is none of a page's.`, "InvalidAccessError");
      if (this.readyState === closed) return;
      this.readyState = closed;
      this.stream.abandoned();
      task(() => tab.closed || this.onclose?.(this.closing(1005, "")));
    }

    private closing(code: number, reason: string): Event & { code: number; reason: string } {
      return Object.assign(new Event("close"), { code, reason });
    }

    private later(run: () => void): void {
      task(() => tab.closed || this.readyState === closed || run());
    }

    private ends(code: number, reason: string): void {
      this.later(() => {
        this.readyState = closed;
        if (code === 1006) this.onerror?.(new Event("error"));
        this.onclose?.(this.closing(code, reason));
      });
    }
  };

