import { useState } from "preact/hooks";
import { announce } from "../app/announce.js";
import { type Refusal, refusalOf } from "../app/refusal.js";
import { sayRefusal } from "../app/words.js";

export interface Requests {
  /** The name of what was asked for and is not answered yet, null for nothing. */
  readonly busy: string | null;
  readonly refusal: Refusal | null;
  /** Asks, one thing at a time; resolves to null where it was refused, and then `refusal` says why. */
  ask: <T>(name: string, request: () => Promise<T>) => Promise<T | null>;
  forget: () => void;
}

/** What the agent asks of the server, and how it is refused. */
export const useRequests = (): Requests => {
  const [busy, setBusy] = useState<string | null>(null);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  return {
    busy,
    refusal,
    async ask(name, request) {
      if (busy) return null;
      setBusy(name);
      setRefusal(null);
      try {
        return await request();
      } catch (cause) {
        const why = refusalOf(cause);
        setRefusal(why);
        announce(sayRefusal(why), "assertive");
        return null;
      } finally {
        setBusy(null);
      }
    },
    forget: () => setRefusal(null),
  };
};
