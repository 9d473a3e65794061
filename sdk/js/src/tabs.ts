import type { Environment } from "./environment.js";
import type { HeartbeatResponse, SelfRow, Session } from "./wire.js";
import type { Ended } from "./topics.js";

/** What the tab that leads tells the others. The number in the channel's name rises when this changes. */
export type Told =
  | { kind: "message"; message: unknown; cursor: string }
  | { kind: "row"; row: SelfRow; cursor: string }
  | { kind: "cursor"; cursor: string }
  | { kind: "heartbeat"; heartbeat: HeartbeatResponse }
  | { kind: "connection"; connected: boolean; since: string }
  | { kind: "ended"; how: Ended }
  | { kind: "gone"; status: number };

/** What a tab needs to take part in a session. */
export interface Shared {
  session: Session;
  row: SelfRow;
  cursor: string;
}

type Message = { ask: true } | { shared: Shared } | { told: Told };

export interface Share {
  /** The session that another tab leads, or undefined when this one is to lead. */
  join: () => Promise<Shared | undefined>;
  /** The tab leads and has a session: it answers those who ask. */
  lead: (shared: () => Shared) => void;
  tell: (told: Told) => void;
  /** Lets go of the lead, or of following. */
  leave: () => void;
}

interface Options {
  environment: Environment;
  name: string;
  told: (told: Told) => void;
  /** The tab that led is gone, and this one has taken its place. */
  promoted: () => void;
}

/** How long the tab that leads may take to answer, in milliseconds. */
const answerTime = 10_000;

/**
 * Tabs of one browser share a session: the one that holds the lock leads, the others follow it over a channel, where no token ever
 * goes. Without locks or channels a tab leads alone.
 */
export const createShare = (o: Options): Share => {
  const { BroadcastChannel: Channel, locks } = o.environment;
  if (!Channel || !locks) return { join: async () => undefined, lead: () => {}, tell: () => {}, leave: () => {} };

  const channel = new Channel(o.name);
  const over = new AbortController();
  let release: (() => void) | undefined;
  let leads = false;
  let shared: (() => Shared) | undefined;
  let found: ((shared: Shared) => void) | undefined;
  const say = (message: Message): void => channel.postMessage(message);

  channel.onmessage = (e: MessageEvent<Message>) => {
    const m = e.data;
    if ("ask" in m) {
      if (leads && shared) say({ shared: shared() });
    } else if ("shared" in m) {
      found?.(m.shared);
    } else if (!leads) {
      o.told(m.told);
    }
  };

  /** Holds the lock until the session is left. */
  const hold = (): Promise<void> => new Promise((resolve) => (release = resolve));

  return {
    join: () =>
      new Promise((resolve) => {
        let follows = false;
        const answered = setTimeout(() => resolve(undefined), answerTime);
        found = (session) => {
          found = undefined;
          follows = true;
          clearTimeout(answered);
          resolve(session);
        };
        void locks
          .request(o.name, { signal: over.signal }, () => {
            leads = true;
            found = undefined;
            clearTimeout(answered);
            if (follows) o.promoted();
            else resolve(undefined);
            return hold();
          })
          .catch(() => {}); // left before it came to lead
        say({ ask: true });
      }),
    lead: (current) => {
      shared = current;
      if (leads) say({ shared: current() });
    },
    tell: (told) => {
      if (leads) say({ told });
    },
    leave: () => {
      over.abort();
      release?.();
      channel.close();
    },
  };
};
