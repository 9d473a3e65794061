import { jitter, sleep } from "./backoff.js";
import type { Log } from "./core.js";
import { type Fault, tenantUnread } from "./codes.js";
import type { Environment } from "./environment.js";
import { type ApiResponse, type ErrorData, MusterError, answer, problem } from "./error.js";
import { randomId } from "./random.js";
import type { Work } from "./wire.js";

/** Where requests get their token from. */
export interface Tokens {
  /** The present token, null for none. */
  token: () => string | null;
  /** Waits for another token than the one that was refused, so many milliseconds where that is said; null when there is none, or when the signal aborts. */
  refused: (token: string, code: string, signal: AbortSignal, patience?: number) => Promise<string | null>;
}

export interface Request {
  body?: unknown;
  /** Sends a key by which the server knows a repetition. */
  once?: boolean;
  /** Sends this token, or none for null, and a 401 is final. */
  token?: string | null;
  /** Outlives the page. */
  keepalive?: boolean;
  /** Is sent once, whatever happens. */
  single?: boolean;
  /** The field that a success must have, the usual envelope's without it; null for none. The envelope's content is the result, or else all. */
  expects?: "token" | null;
  /** Ends the request. */
  signal?: AbortSignal | undefined;
  /** Of the error, where there is no result. */
  topic?: string | undefined;
  data?: ErrorData;
}

/** Sends a request and brings its result, or rejects with a MusterError of the fault. */
export type Ask = <T>(fault: Fault, line: string, request?: Request) => Promise<T>;

/** What an address can say in one step of its path: nothing escapes `.` and `..`, which are steps to another path. */
const step = (value: string): string => {
  if (/^\.\.?$/.test(value)) throw problem("no id and no user name is . or ..");
  return encodeURIComponent(value);
};

/** A request line, such as line`GET tenants/${id}`. What is put in is escaped. */
export const line = (texts: TemplateStringsArray, ...values: string[]): string => String.raw({ raw: texts }, ...values.map(step));

/** How the request ended that an error is of. */
export const answerOf = (cause: unknown): ApiResponse => (cause as MusterError).data.apiResponse!;

/** The server's code for why it refused the request that an error is of, or `network`, `timeout`, `error`. */
export const failureOf = (cause: unknown): string => answerOf(cause).apiResponse.failure;

const attemptTime = 10_000;
const budget = 30_000;
const firstPause = 500;
const longestPause = 8_000;
const mostTokens = 3;

const mayPass = (status: number): boolean => status <= 0 || status === 408 || status === 429 || (status >= 500 && status !== 501);

/** How long the server asks to be left alone, in milliseconds. */
export const retryAfterOf = (headers: Headers): number => Math.max(0, Number(headers.get("Retry-After")) * 1000 || 0);

/** What a server's body may hold. */
type Body = { result?: { timestamp?: string }; token?: string; error?: { code?: unknown; work?: Work[] } } | null;

/** How an attempt ended: with a value, or without one. */
type End = { value: unknown } | { status: number; statusText: string; response: Body; retryAfter: number };

const without = (status: number, statusText: string, response: Body = null, retryAfter = 0): End => ({ status, statusText, response, retryAfter });

/** Why nothing has come from a server ever, as far as a page can know: a browser does not tell it whether its origin was refused. */
const unheard = (base: string): string => {
  const { origin } = globalThis; // as requests have it: a file's is "null", whatever its location says
  return origin && !base.startsWith(origin + "/") ? `: the server has never answered; it may be away, or not allow this page: start it with --allow-origin ${origin}` : "";
};

export type Rest = ReturnType<typeof createRest>;

/** Sends requests, again where that may help: the same request with the same key, with full jitter and an end. */
export const createRest = (base: string, environment: Environment, tokens: Tokens, sample: (timestamp: string | undefined, sent: number, received: number) => void, log: Pick<Log, "warn">, life: AbortSignal) => {
  let answered = 0;
  let warned = false;

  const attempt = async (requestLine: string, r: Request, token: string | null, key: string): Promise<End> => {
    const [method, path] = requestLine.split(" ") as [string, string];
    const headers: Record<string, string> = {};
    const writes = method[0] === "P"; // POST, PUT
    if (token) headers["Authorization"] = `Token ${token}`;
    if (writes) headers["Content-Type"] = "application/json";
    if (key) headers["Idempotency-Key"] = key;
    const over = new AbortController();
    const end = (): void => over.abort();
    const timer = setTimeout(end, attemptTime);
    r.signal?.addEventListener("abort", end);
    const sent = Date.now();
    try {
      const response = await environment.fetch(base + path, {
        method,
        headers,
        body: writes ? JSON.stringify(r.body ?? null) : null,
        keepalive: !!r.keepalive,
        redirect: "manual",
        credentials: "omit",
        cache: "no-store",
        signal: over.signal,
      });
      const text = await response.text();
      if (response.status < 500) answered = Date.now(); // else it may be something before the server that answers
      return read(response, text, r.expects === undefined ? "result" : r.expects, sent);
    } catch {
      return over.signal.aborted && !r.signal?.aborted ? without(-1, "timeout") : without(0, "network failure");
    } finally {
      clearTimeout(timer);
      r.signal?.removeEventListener("abort", end);
    }
  };

  const read = ({ ok, status, statusText, headers }: Response, text: string, expects: "result" | "token" | null, sent: number): End => {
    let body: Body = null;
    let readable = true;
    try {
      if (text) body = JSON.parse(text) as Body;
    } catch {
      readable = false;
    }
    // A page is not shown the status of a redirection. It leads away from the server, and is not followed nor tried again.
    if (!status || (status >= 300 && status < 400)) return without(status, "redirected", null, Infinity);
    if (!ok) return without(status, statusText || `status ${status}`, body, retryAfterOf(headers)); // HTTP/2 has no texts
    sample(body?.result?.timestamp, sent, Date.now());
    if (!readable || (expects && !(body && expects in Object(body)))) return without(status, "unreadable answer", body);
    return { value: expects === "result" ? body!.result : body };
  };

  const ask: Ask = async <T>(fault: Fault, requestLine: string, r: Request = {}): Promise<T> => {
    const key = r.once ? randomId() : "";
    const fixed = r.token !== undefined;
    const signal = r.signal ?? life; // what is sent when the client is closed arrives, and is not sent again
    let began = Date.now();
    let token = fixed ? r.token! : tokens.token();
    for (let retries = 0, refusals = 0; ; ) {
      const end = signal.aborted ? without(0, "aborted") : await attempt(requestLine, r, token, key);
      if ("value" in end) return end.value as T;
      const { status, statusText, response, retryAfter } = end;
      const { code: word, work } = response?.error ?? {};
      const failure = status === 0 ? "network" : status < 0 ? "timeout" : typeof word === "string" && word ? word : "error";
      const error = (): MusterError => {
        const failed = new MusterError(fault, { ...r.data, ...(work && { activeInteractions: work }), apiResponse: answer(status, statusText, failure, response) }, r.topic, retryAfter);
        if (!status && !answered) failed.message += unheard(base);
        return failed;
      };
      if (signal.aborted) throw error();
      if (status === 401 && !fixed && refusals++ < mostTokens) {
        const waits = Date.now();
        token = await tokens.refused(token ?? "", failure, signal);
        if (!token) throw error();
        began += Date.now() - waits; // waiting for a token is not the server's failing
      } else {
        if (!status && !answered && !warned) {
          warned = true; // long before the request is given up
          log.warn(`no answer from ${base}${unheard(base)}`);
        }
        const pause = retryAfter + jitter(retries++, firstPause, longestPause);
        if (!mayPass(status) || r.single || Date.now() + pause - began > budget) throw error();
        await sleep(pause, signal);
        if (!fixed) token = tokens.token();
      }
    }
  };

  return {
    ask,
    /** Whether a request has been answered since then. */
    reachable: (since: number): boolean => answered > since,
    /** Asks for something small, for the sake of an answer. */
    knock: (tenant: string, signal: AbortSignal): void => void ask(tenantUnread, line`GET tenants/${tenant}`, { single: true, signal }).catch(() => {}),
  };
};
