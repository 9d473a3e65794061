import type { Answer, Plumbing } from "./format.js";
import { eventStream, firstNumber, isStream, noted, Stream, type StreamAct } from "./stream.js";
import type { Tab } from "./tab.js";
import { task } from "./time.js";
import { decoded, isObject, timed } from "./values.js";

/** A request that has come. */
export interface Asked {
  tab: Tab;
  /** "POST tenants/…?…" */
  line: string;
  headers: Headers;
  body: string;
  keepalive: boolean;
  /** Whether it was sent before the call that led to it had returned. */
  sameTick: boolean;
  answer: (a: Answer) => void;
}

export const address = "http://muster.test/v1/";

const requestId = "0197a3c2-8000-7000-8000-00000000000a";

/** The body of an answer. */
export const textOf = (a: Answer): string => {
  if (a.text !== undefined) return a.text;
  if ("body" in a) return JSON.stringify(timed(a.body));
  if ("result" in a) return JSON.stringify(timed({ result: a.result }));
  if (a.error === undefined) return "";
  return JSON.stringify({ error: { message: "The server says no.", requestId, ...(isObject(a.error) ? a.error : { code: a.error }) } });
};

const phrases: Record<number, string> = {
  200: "OK", 307: "Temporary Redirect", 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 408: "Request Timeout", 409: "Conflict",
  429: "Too Many Requests", 500: "Internal Server Error", 501: "Not Implemented", 502: "Bad Gateway", 503: "Service Unavailable",
};

/** A response as a page gets it: of a redirect that is not followed it sees nothing at all. */
const responseOf = (a: Answer): Response => {
  const status = a.status ?? 200;
  if (status >= 300 && status < 400) return Object.defineProperty(Response.error(), "type", { value: "opaqueredirect" });
  return new Response(textOf(a), { status, statusText: phrases[status] ?? `Status ${status}`, headers: { "Content-Type": "application/json", ...a.headers } });
};

const isHeartbeat = /^POST tenants\/[^/]+\/presence\/[^/]+\/heartbeat$/;
export const isUpload = /^POST tenants\/[^/]+\/users\/[^/]+\/logs$/;

/** Whether a request is another sent again: the same body, and the same Idempotency-Key. */
export const repeats = (a: Asked, before: Asked | undefined): boolean => a.body === before?.body && keyOf(a) === keyOf(before);

export const keyOf = (a: Asked): string | null => a.headers.get("Idempotency-Key");

/**
 * Records every request and holds it until the script answers it. What a session needs by itself it answers at once, unless the
 * script looks at it.
 */
export class FakeServer {
  readonly shows = new Set<Plumbing>();
  /** The session has ended: nothing is needed for it any more. */
  over = false;
  /** No stream gets through. */
  away = false;
  /** A call of the script's has not returned yet. */
  calling = false;

  /** Since the last look. */
  seen: Asked[] = [];
  streams: StreamAct[] = [];
  frames: unknown[] = [];
  /** What no script may allow. */
  wrong: string[] = [];

  held: Asked[] = [];
  waiting: Stream[] = [];
  open: Stream | undefined;
  /** Of the last event of the view. */
  number = firstNumber;
  /** Of the last answer. */
  body: unknown = null;
  /** How many of each have come to be held. */
  readonly come = { request: 0, stream: 0 };

  private readonly last = new Map<string, Asked>();
  private readonly always = new Map<string, Answer>();

  fetch(tab: Tab, where: string, init: RequestInit): Promise<Response> {
    if (tab.closed) return new Promise(() => {});
    const url = new URL(where);
    if (!url.href.startsWith(address)) this.wrong.push(`a request went to ${url.href}`);
    if (init.redirect !== "manual") this.wrong.push(`a redirect of ${url.href} would be followed`);
    if (isStream(url)) return eventStream(this, tab, url, init);
    return new Promise((resolve, reject) => {
      const { signal } = init;
      if (signal?.aborted) return reject(signal.reason);
      const asked: Asked = {
        tab,
        line: lineOf(url, init.method ?? "GET"),
        headers: new Headers(init.headers),
        body: typeof init.body === "string" ? init.body : "",
        keepalive: init.keepalive ?? false,
        sameTick: this.calling,
        answer: (a) => {
          signal?.removeEventListener("abort", abort);
          task(() => {
            if (tab.closed) return;
            if (a.cut) reject(new TypeError("Failed to fetch"));
            else resolve(responseOf(a));
          });
        },
      };
      if (init.body && typeof init.body !== "string") this.wrong.push(`${asked.line} has a body that is no text`);
      const abort = (): void => {
        this.drop(asked);
        reject(signal!.reason);
      };
      signal?.addEventListener("abort", abort, { once: true });
      this.take(asked);
    });
  }

  /** Decides on a stream that is asked for, or lets the script decide. */
  asksForStream(stream: Stream): void {
    if (this.away) return stream.refuse({ cut: true });
    if (!this.shows.has("stream") && !this.over) return stream.accept();
    this.streams.push(stream.act);
    this.waiting.push(stream);
    this.come.stream++;
  }

  /** Answers a request of the tab's that is held: the one named, or the only one. */
  answer(tab: Tab, a: Answer): void {
    const held = this.held.filter((asked) => asked.tab === tab);
    const asked = held.find(({ line }) => a.to === undefined || line === a.to);
    if (!asked) throw new Error("there is no such request to answer");
    if (a.to === undefined && held.length > 1) throw new Error('there are several requests to answer: say which in "to"');
    this.drop(asked);
    if (asked.line.endsWith("/session")) this.over = false;
    this.body = decoded(textOf(a));
    if (a.always) this.always.set(asked.line, a);
    asked.answer(a);
  }

  /** The stream that waits for a decision. */
  decided(): Stream {
    if (this.waiting.length !== 1) throw new Error(`${this.waiting.length} streams wait to be opened`);
    return this.waiting.pop()!;
  }

  /** The stream that is open. */
  current(): Stream {
    if (!this.open) throw new Error("no stream is open");
    return this.open;
  }

  /** Sends a frame over the open stream. */
  push(frame: unknown): void {
    this.number = noted(frame, this.number);
    this.current().send(frame);
  }

  /** Sends messages as the next events of the view, in one frame. */
  tell(messages: unknown[]): void {
    const events = messages.map((message, i) => ({ seq: this.number + i + 1, prev: this.number + i, message }));
    this.push({ type: "events", events });
  }

  /** What a tab had under way ends with it. */
  leftBy(tab: Tab): void {
    this.held = this.held.filter((asked) => asked.tab !== tab);
    for (const stream of [...this.waiting, this.open]) if (stream?.tab === tab) stream.abandoned();
  }

  private drop(asked: Asked): void {
    this.held = this.held.filter((other) => other !== asked);
  }

  private take(asked: Asked): void {
    if (isHeartbeat.test(asked.line) && !this.shows.has("heartbeats") && !this.over) return asked.answer({ result: { heartbeatDelay: 15, timestamp: "<now>" } });
    if (isUpload.test(asked.line) && !this.shows.has("uploads")) {
      this.uploads.push(asked);
      return asked.answer({ result: { saved: 1 } });
    }
    const before = this.last.get(asked.line);
    this.last.set(asked.line, asked);
    const always = this.always.get(asked.line);
    if (always) {
      if (!repeats(asked, before)) this.wrong.push(`${asked.line} is sent again, but not the same`);
      return asked.answer(always);
    }
    this.seen.push(asked);
    this.held.push(asked);
    this.come.request++;
  }

  /** Those that the script does not look at, since the last look. */
  uploads: Asked[] = [];
}

/** Of what may stand in a path as it is, scripts escape nothing. Clients may. */
const unescaped = (path: string): string => path.replace(/%(24|26|2B|2C|3A|3B|3D|40)/gi, decodeURIComponent);

const lineOf = (url: URL, method: string): string => {
  url.searchParams.sort();
  const query = url.searchParams.toString();
  return `${method} ${unescaped(url.pathname).replace(/^\/v1\//, "")}${query ? `?${query}` : ""}`;
};
