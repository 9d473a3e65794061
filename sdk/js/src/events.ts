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

export type OpenEvents = (environment: Environment, address: string, token: string, cursor: string, take: (text: string) => void, ended: Ended) => Link;

/**
 * Carries frames as Server-Sent Events, read by fetch: an EventSource cannot send the token in a header. Beats are not answered here.
 */
export const openEvents: OpenEvents = (environment, address, token, cursor, take, ended) => {
  const over = new AbortController();
  const headers: Record<string, string> = { Authorization: `Token ${token}`, Accept: "text/event-stream" };
  if (cursor) headers["Last-Event-ID"] = cursor;

  const run = async (): Promise<void> => {
    const response = await environment.fetch(address, { headers, signal: over.signal, credentials: "omit", cache: "no-store", redirect: "manual" });
    if (!response.ok || !response.body) {
      const { status, headers } = response;
      const word = await codeOf(response);
      // Only Muster's own refusals stop a client or ask for a token; anybody else's is a cut.
      if (!word || status < 400 || status === 429 || status >= 500) return ended(1006, "", retryAfterOf(headers));
      return ended(status === 401 ? 4100 : 4200, word);
    }
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
  return { send: () => {}, close: () => over.abort() };
};
