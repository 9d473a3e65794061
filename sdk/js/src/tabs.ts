import type { Core } from "./core.js";
import { readCursor } from "./cursor.js";
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
  /** Its monitoredInteractionId is undefined where the tab that leads does not know of any. */
  row: SelfRow;
  cursor: string;
  /** Whether the connection is lost, and whether it is so for longer. */
  lost: boolean;
  away: boolean;
}

/** From a tab that leads, with its term: what it shares, or does, or only that it is there. */
interface Led {
  term: number;
  shared?: Shared | undefined;
  told?: Told;
}

/** Others ask for what is shared, or whether the tab that leads is there; and tell what their own requests were answered. */
type Message = Led | { ask: true } | { there: true } | { told: Told };

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

/** What a share has its tab do. */
export interface Roles {
  /** What the tab that leads does. */
  told: (...told: Told) => void;
  /** How far the tab knows what happened. */
  cursor: () => string | undefined;
  /** To lead: the tab that led is gone, or hangs. */
  promoted: () => void;
  /** To follow: another tab leads, for this one hung. */
  demoted: () => void;
}

export type CreateShare = (core: Core, own: Own, roles: Roles) => Share | undefined;

/** How long the tab that leads may say nothing to who joins, in milliseconds. */
const answerTime = 10_000;
/** How often those who follow ask whether it is there: a tab hangs while its page shows an alert, or computes, and the agent with it. */
const watchTime = 1_000;
/** So many times it may not answer in a row. The server finds a client silent when it has not answered for nine seconds, a beat among them. */
const mostUnanswered = 2;

/**
 * Tabs of one browser share a session: the one that holds the lock leads, the others follow it over a channel, where no token ever
 * goes. One of these takes the lock from a tab that hangs. Without locks or channels a tab leads alone, and there is nothing to share; where
 * the browser denies them, in a sandboxed frame or by its settings, that is said.
 */
export const createShare: CreateShare = ({ clock, credentials, environment, log, options }, { user, tenant }, { told, cursor, promoted, demoted }) => {
  const { BroadcastChannel: Channel, navigator } = environment;
  const locks = navigator?.locks;
  if (!Channel || !locks) return undefined;

  const name = `muster/1/${options.base}/${tenant}/${user}`;
  const denied = (): undefined => log.warn("tabs cannot share a session here") as undefined;
  let channel: BroadcastChannel;
  try {
    channel = new Channel(name);
  } catch {
    return denied();
  }
  const over = new AbortController();
  let release: (() => void) | undefined;
  let leads = false;
  let follows = false;
  let waits = false; // in line for the lock
  /** Rises with each tab that comes to lead: what one says that does not know of its end yet is not listened to. */
  let term = 0;
  let unanswered = 0;
  let watch: ReturnType<typeof setTimeout> | undefined;
  let shared: (() => Shared) | undefined;
  let found: ((shared?: Shared) => void) | undefined;
  const say = (message: Message): void => channel.postMessage(message);

  /** Leads when the lock is given, in line or at once. */
  const claim = (steal?: true): void => {
    waits ||= !steal;
    let had = false;
    void locks
      .request(name, steal ? { steal } : { signal: over.signal }, () => {
        if (over.signal.aborted) return;
        waits &&= !!steal;
        clearTimeout(watch);
        had = leads = true;
        say({ term: ++term });
        if (follows) promoted();
        else found?.();
        return new Promise<void>((resolve) => (release = resolve)); // the lock is held until the session is left
      })
      .catch(() => {
        if (had) return retire(); // another has taken it
        if (!over.signal.aborted) denied(); // else the page left before it came to lead
        found?.();
      });
  };

  /** Whoever cannot reach the server does not take the lock from one that may. */
  const look = (): void => {
    if (unanswered === mostUnanswered && !credentials.useless()) return claim(true);
    unanswered = Math.min(unanswered + 1, mostUnanswered);
    say({ there: true });
    watch = setTimeout(look, watchTime);
  };

  /** The tab that leads is there. A timer that a message arms, and no timer, is not made a minute late in a hidden page. */
  const attend = (): void => {
    clearTimeout(watch);
    unanswered = 0;
    if (leads || over.signal.aborted) return;
    watch = follows ? setTimeout(look, (watchTime * (1 + Math.random())) / 2) : setTimeout(claim, answerTime, true); // not all tabs at once
  };

  /** Does what the tab that leads does, but for what this one knows already: it may have seen it before another came to lead. */
  const heedTold = (...what: Told): void => {
    const at = what[0] === "message" || what[0] === "row" ? readCursor(what[2]) : undefined;
    const here = readCursor(cursor());
    if (!at || at.epoch !== here?.epoch || at.seq > here.seq) told(...what);
  };

  const follow = ({ row, cursor, lost, away }: Shared): void => {
    heedTold("row", row, cursor);
    told("connection", !lost, clock.now());
    if (away) told("away");
  };

  /** Another tab leads: this one follows it, from what that one shares when it begins. */
  const retire = (): void => {
    if (!leads || over.signal.aborted) return;
    leads = false;
    follows = true;
    release?.();
    demoted();
    attend();
    if (!waits) claim();
  };

  const heed = (led: Led): void => {
    if (led.term < term) return;
    if (led.term > term) {
      term = led.term;
      retire();
    }
    attend();
    if (led.shared && found) found(led.shared);
    else if (follows && !leads) {
      if (led.shared) follow(led.shared);
      if (led.told) heedTold(...led.told);
    }
  };

  channel.onmessage = ({ data }: MessageEvent<Message>) => {
    if ("term" in data) heed(data);
    else if ("told" in data) {
      if (follows || shared) told(...data.told);
    } else if (leads && !(shared && credentials.useless())) say({ term, shared: "ask" in data ? shared?.() : undefined });
  };

  return {
    join: () =>
      new Promise((resolve) => {
        found = (session) => {
          found = undefined;
          follows = !!session;
          clearTimeout(watch);
          resolve(session);
        };
        attend();
        claim();
        say({ ask: true });
      }),
    follow: (now) => {
      attend();
      follow(now);
    },
    lead: (current) => {
      shared = current;
      if (leads) say({ term, shared: current() });
    },
    tell: (...told) => {
      if (leads) say({ term, told });
      else if (told[0] === "answer") say({ told });
    },
    leave: () => {
      over.abort();
      clearTimeout(watch);
      release?.();
      channel.close();
    },
  };
};
