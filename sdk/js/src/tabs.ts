import type { Core } from "./core.js";
import type { ApiResponse } from "./error.js";
import type { Own } from "./own.js";
import type { HeartbeatResponse, PresenceState, SelfRow, Session } from "./wire.js";
import type { Ended } from "./topics.js";

/**
 * What the tab that leads does, and tells the others to do as well; of answers, which each tab has of its own, they tell it. The number in
 * the channel's name rises when this changes.
 */
export interface Acts {
  message: (message: unknown, cursor: string) => void;
  row: (row: SelfRow, cursor: string) => void;
  heartbeat: (heartbeat: HeartbeatResponse) => void;
  answer: (state: PresenceState, asked: "state" | "direction") => void;
  connection: (connected: boolean, since: string) => void;
  away: () => void;
  ended: (how: Ended) => void;
  gone: (answer: ApiResponse) => void;
}

/** One of the acts by its name, and what it is done with. */
export type Told = { [K in keyof Acts]: [act: K, ...given: Parameters<Acts[K]>] }[keyof Acts];

/** What a tab needs to take part in a session. */
export interface Shared {
  session: Session;
  row: SelfRow;
  cursor: string;
  /** Whether the connection is lost, and whether it is so for longer. */
  lost: boolean;
  away: boolean;
}

type Message = { ask: true } | { shared: Shared } | { told: Told };

export interface Share {
  /** The session that another tab leads, or undefined when this one is to lead. */
  join: () => Promise<Shared | undefined>;
  /** Begins to do what the tab that leads does. */
  follow: (shared: Shared) => void;
  /** The tab leads and has a session: it answers those who ask. */
  lead: (shared: () => Shared) => void;
  tell: (...told: Told) => void;
  /** Lets go of the lead, or of following. */
  leave: () => void;
}

/** `told` is called with what the tab that leads does; `promoted`, when that tab is gone and this one has taken its place. */
export type CreateShare = (core: Core, own: Own, told: (...told: Told) => void, promoted: () => void) => Share | undefined;

/** How long the tab that leads may take to answer, in milliseconds. */
const answerTime = 10_000;

/**
 * Tabs of one browser share a session: the one that holds the lock leads, the others follow it over a channel, where no token ever
 * goes. Without locks or channels a tab leads alone, and there is nothing to share.
 */
export const createShare: CreateShare = ({ clock, environment, options }, { user, tenant }, told, promoted) => {
  const { BroadcastChannel: Channel, navigator } = environment;
  const locks = navigator?.locks;
  if (!Channel || !locks) return undefined;

  const name = `muster/1/${options.base}/${tenant}/${user}`;
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
    else if ((follows && !leads) || (shared && data.told[0] === "answer")) told(...data.told);
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
    follow: ({ row, cursor, lost, away }) => {
      told("row", row, cursor);
      if (lost) told("connection", false, clock.now());
      if (away) told("away");
    },
    lead: (current) => {
      shared = current;
      if (leads) say({ shared: current() });
    },
    tell: (...told) => {
      if (leads || told[0] === "answer") say({ told });
    },
    leave: () => {
      over.abort();
      release?.();
      channel.close();
    },
  };
};
