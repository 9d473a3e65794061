import type { Environment } from "./environment.js";
import type { ApiResponse } from "./error.js";
import type { HeartbeatResponse, SelfRow, Session } from "./wire.js";
import type { Ended } from "./topics.js";

/** What the tab that leads does, and tells the others to do as well. The number in the channel's name rises when this changes. */
export interface Acts {
  message: (message: unknown, cursor: string) => void;
  row: (row: SelfRow, cursor: string) => void;
  heartbeat: (heartbeat: HeartbeatResponse) => void;
  connection: (connected: boolean, since: string) => void;
  ended: (how: Ended) => void;
  gone: (answer: ApiResponse) => void;
}

/** One of the acts by its name, and what it is done with. */
export type Told = { [K in keyof Acts]: [act: K, ...Parameters<Acts[K]>] }[keyof Acts];

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
  tell: (...told: Told) => void;
  /** Lets go of the lead, or of following. */
  leave: () => void;
}

export interface Options {
  environment: Environment;
  name: string;
  told: (...told: Told) => void;
  /** The tab that led is gone, and this one has taken its place. */
  promoted: () => void;
}

/** How long the tab that leads may take to answer, in milliseconds. */
const answerTime = 10_000;

/**
 * Tabs of one browser share a session: the one that holds the lock leads, the others follow it over a channel, where no token ever
 * goes. Without locks or channels a tab leads alone, and there is nothing to share.
 */
export const createShare = ({ environment, name, told, promoted }: Options): Share | undefined => {
  const { BroadcastChannel: Channel, navigator } = environment;
  const locks = navigator?.locks;
  if (!Channel || !locks) return undefined;

  const channel = new Channel(name);
  const over = new AbortController();
  let release: (() => void) | undefined;
  let leads = false;
  let follows = false;
  let shared: (() => Shared) | undefined;
  let found: ((shared?: Shared) => void) | undefined;
  const say = (message: Message): void => channel.postMessage(message);

  channel.onmessage = ({ data }: MessageEvent<Message>) => {
    if ("ask" in data) {
      if (leads && shared) say({ shared: shared() });
    } else if ("shared" in data) found?.(data.shared);
    else if (follows && !leads) told(...data.told);
  };

  return {
    join: () =>
      new Promise((resolve) => {
        found = (session) => {
          found = undefined;
          follows = !!session;
          clearTimeout(late);
          resolve(session);
        };
        const late = setTimeout(() => found?.(), answerTime);
        void locks
          .request(name, { signal: over.signal }, () => {
            leads = true;
            if (follows) promoted();
            else found?.();
            return new Promise<void>((resolve) => (release = resolve)); // the lock is held until the session is left
          })
          .catch(() => found?.()); // the page may have no locks, or it left before it came to lead
        say({ ask: true });
      }),
    lead: (current) => {
      shared = current;
      if (leads) say({ shared: current() });
    },
    tell: (...told) => {
      if (leads) say({ told });
    },
    leave: () => {
      over.abort();
      release?.();
      channel.close();
    },
  };
};
