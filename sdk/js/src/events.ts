import type { Environment } from "./environment.js";
import { retryAfterOf } from "./rest.js";
import type { Ended, Link } from "./socket.js";

/** The server's code for why it refused, "" where it does not say. */
const codeOf = async (response: Response): Promise<string> => {
  try {
    return String(((await response.json()) as { error: { code?: string } }).error.code ?? "");
  } catch {
    return "";
  }
};

/** Close codes that say the same as a status. */
const codes: Record<number, number> = { 401: 4100, 403: 4202, 404: 4203 };
/** So long events take the place of sockets before one is tried again. */
const turnTime = 300_000;

export type OpenEvents = (
  environment: Environment,
  path: string,
  query: Record<string, string>,
  token: string,
  cursor: string,
  take: (text: string) => void,
  ended: Ended,
  /** Whether they take the place of sockets. */
  inTurn: boolean,
) => Link;

/**
 * Carries frames as Server-Sent Events, read by fetch: an EventSource cannot send the token in a header. Beats are not answered here.
 */
export const openEvents: OpenEvents = (environment, path, query, token, cursor, take, ended, inTurn) => {
  const over = new AbortController();
  let turn: ReturnType<typeof setTimeout> | undefined;
  const headers: Record<string, string> = { Authorization: `Token ${token}`, Accept: "text/event-stream" };
  if (cursor) headers["Last-Event-ID"] = cursor;

  const run = async (): Promise<void> => {
    const response = await environment.fetch(`${path}?${new URLSearchParams(query)}`, { headers, signal: over.signal, credentials: "omit", cache: "no-store", redirect: "manual" });
    if (!response.ok || !response.body) {
      const { status, headers } = response;
      const word = await codeOf(response);
      // Only Muster's own refusals stop a client or ask for a token; anybody else's is a cut.
      if (!word || status < 400 || status === 429 || status >= 500) return ended(1006, "", retryAfterOf(headers));
      return ended(codes[status] ?? 4200, word);
    }
    if (inTurn && !over.signal.aborted) turn = setTimeout(() => ended(1006, ""), turnTime);
    const reader = response.body.getReader();
    const decoder = new TextDecoder();
    let text = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return ended(1006, "");
      text += decoder.decode(value, { stream: true });
      const events = text.split(/\r?\n\r?\n/);
      text = events.pop()!;
      for (const event of events) {
        const data = event.match(/^data:.*/gm);
        if (data) take(data.map((line) => line.slice(5)).join("\n")); // to JSON a space before it is none
      }
    }
  };

  run().catch(() => {
    if (!over.signal.aborted) ended(1006, "");
  });
  return { send: () => {}, close: () => (clearTimeout(turn), over.abort()) };
};
