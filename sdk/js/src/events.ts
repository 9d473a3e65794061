import type { Environment } from "./environment.js";
import type { Ended, Link } from "./socket.js";

/**
 * Carries frames as Server-Sent Events, read by fetch: an EventSource cannot send the token in a header. Beats are not answered here.
 */
export const openEvents = (environment: Environment, address: string, token: string, cursor: string, take: (text: string) => void, ended: Ended): Link => {
  const over = new AbortController();
  const headers: Record<string, string> = { Authorization: `Token ${token}`, Accept: "text/event-stream" };
  if (cursor) headers["Last-Event-ID"] = cursor;

  const run = async (): Promise<void> => {
    const response = await environment.fetch(address, { headers, signal: over.signal, credentials: "omit", cache: "no-store", redirect: "manual" });
    if (!response.ok || !response.body) {
      const wait = Number(response.headers.get("Retry-After")) * 1000 || 0;
      return refused(response.status, await code(response), wait);
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
        const data = event.split(/\r?\n/).filter((line) => line.startsWith("data:"));
        if (data.length) take(data.map((line) => line.slice(5).trimStart()).join("\n"));
      }
    }
  };

  /** Only Muster's own refusals stop a client or ask for a token; anybody else's is a cut. */
  const refused = (status: number, word: string, wait: number): void => {
    if (status === 401 && word) ended(4100, word);
    else if (word && status >= 400 && status < 500 && status !== 429) ended(4200, word);
    else ended(1006, "refused", wait);
  };

  const code = async (response: Response): Promise<string> => {
    try {
      return String(((await response.json()) as { error?: { code?: string } }).error?.code ?? "");
    } catch {
      return "";
    }
  };

  run().catch(() => {
    if (!over.signal.aborted) ended(1006, "");
  });
  return { send: () => {}, close: () => over.abort() };
};
