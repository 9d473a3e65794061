import { jitter } from "./backoff.js";
import type { Environment } from "./environment.js";
import type { ApiResponse } from "./error.js";
import type { Work } from "./wire.js";

/** Where requests get their token from. */
export interface Tokens {
  /** The present token, null for none. */
  token: () => string | null;
  /** Waits for another token than the one that was refused; null when there is none. */
  refused: (token: string, code: string) => Promise<string | null>;
}

export interface Request {
  method: string;
  /** Segments below the base, not yet escaped. */
  path: string[];
  query?: Record<string, string> | undefined;
  body?: unknown;
  /** Sends a key by which the server knows a repetition. */
  once?: boolean;
  /** Sends this token, or none for null, and a 401 is final. */
  token?: string | null | undefined;
  /** Outlives the page. */
  keepalive?: boolean;
  /** Is sent once, whatever happens. */
  single?: boolean;
  /** Ends the request. */
  signal?: AbortSignal | undefined;
}

/** Why a request has no result. */
export class Failure extends Error {
  readonly status: number;
  readonly code: string;
  readonly work: Work[];
  readonly retryAfter: number;
  readonly answer: ApiResponse;

  constructor(status: number, statusText: string, response: unknown = null, retryAfter = 0) {
    super(statusText);
    const error = (response as { error?: { code?: unknown; work?: unknown } } | null)?.error;
    this.status = status;
    this.code = typeof error?.code === "string" ? error.code : "";
    this.work = Array.isArray(error?.work) ? (error.work as Work[]) : [];
    this.retryAfter = retryAfter;
    const failure = status === 0 ? "network" : status < 0 ? "timeout" : this.code || "error";
    this.answer = { status, apiResponse: { statusText, failure, response } };
  }
}

const attemptTime = 10_000;
const budget = 30_000;
const firstPause = 500;
const longestPause = 8_000;
const mostTokens = 3;

const mayPass = ({ status }: Failure): boolean => status <= 0 || status === 408 || status === 429 || (status >= 500 && status !== 501);

const sleep = (ms: number, signal: AbortSignal | undefined): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
  });

export type Rest = ReturnType<typeof createRest>;

/** Sends requests, again where that may help: the same request with the same key, with full jitter and an end. */
export const createRest = (base: string, environment: Environment, tokens: Tokens, sample: (timestamp: string | undefined, sent: number, received: number) => void) => {
  let answered = 0;
  const address = (r: Request): string => {
    const query = r.query ? `?${new URLSearchParams(r.query)}` : "";
    return base + r.path.map(encodeURIComponent).join("/") + query;
  };

  /** One attempt: what came back, whole. */
  const attempt = async (r: Request, token: string | null, key: string | undefined): Promise<unknown> => {
    const headers: Record<string, string> = {};
    const writes = r.method === "POST" || r.method === "PUT";
    if (token) headers["Authorization"] = `Token ${token}`;
    if (writes) headers["Content-Type"] = "application/json";
    if (key) headers["Idempotency-Key"] = key;
    const ended = new AbortController();
    const end = (): void => ended.abort();
    const timer = setTimeout(end, attemptTime);
    r.signal?.addEventListener("abort", end, { once: true });
    const init: RequestInit = { method: r.method, headers, redirect: "manual", credentials: "omit", cache: "no-store", signal: ended.signal };
    if (writes) init.body = JSON.stringify(r.body ?? null);
    if (r.keepalive) init.keepalive = true;
    const sent = Date.now();
    try {
      const response = await environment.fetch(address(r), init);
      const text = await response.text();
      answered = Date.now();
      return read(response, text, sent);
    } catch (cause) {
      if (cause instanceof Failure) throw cause;
      throw ended.signal.aborted && !r.signal?.aborted ? new Failure(-1, "timeout") : new Failure(0, "network failure");
    } finally {
      clearTimeout(timer);
      r.signal?.removeEventListener("abort", end);
    }
  };

  const read = (response: Response, text: string, sent: number): unknown => {
    let body: unknown = null;
    let readable = true;
    try {
      if (text) body = JSON.parse(text);
    } catch {
      readable = false;
    }
    if (response.type === "opaqueredirect" || (response.status >= 300 && response.status < 400)) throw new Failure(response.type === "opaqueredirect" ? 0 : response.status, "redirected", null, Infinity);
    if (!response.ok) throw new Failure(response.status, response.statusText || `status ${response.status}`, body, retryAfter(response)); // HTTP/2 has no texts
    if (!readable) throw new Failure(response.status, "unreadable answer");
    sample((body as { result?: { timestamp?: string } } | null)?.result?.timestamp, sent, Date.now());
    return body;
  };

  const retryAfter = (response: Response): number => {
    const seconds = Number(response.headers.get("Retry-After"));
    return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : 0;
  };

  /** The answer's body as it is. Fails with a Failure. */
  const send = async (r: Request): Promise<unknown> => {
    const key = r.once ? crypto.randomUUID() : undefined;
    const fixed = r.token !== undefined;
    let began = Date.now();
    let token = fixed ? r.token! : tokens.token();
    for (let retries = 0, refusals = 0; ; ) {
      try {
        return await attempt(r, token, key);
      } catch (cause) {
        const failure = cause as Failure;
        if (failure.status === 401 && !fixed && refusals++ < mostTokens) {
          const waits = Date.now();
          const fresh = await tokens.refused(token ?? "", failure.code);
          if (!fresh || r.signal?.aborted) throw failure;
          began += Date.now() - waits; // waiting for a token is not the server's failing
          token = fresh;
          continue;
        }
        const pause = failure.retryAfter + jitter(retries++, firstPause, longestPause);
        if (!mayPass(failure) || r.single || r.signal?.aborted || Date.now() + pause - began > budget) throw failure;
        await sleep(pause, r.signal);
        if (r.signal?.aborted) throw failure;
        if (!fixed) token = tokens.token();
      }
    }
  };

  return {
    send,
    /** Whether a request has been answered since then. */
    reachable: (since: number): boolean => answered > since,
    /** What is in the usual envelope. */
    result: async <T>(r: Request): Promise<T> => {
      const body = (await send(r)) as { result?: T } | null;
      if (!body || !("result" in body)) throw new Failure(200, "unreadable answer", body);
      return body.result as T;
    },
  };
};
