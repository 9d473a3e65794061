import { jitter } from "./backoff.js";
import { type Cursor, readCursor, writeCursor } from "./cursor.js";
import type { Core } from "./core.js";
import { type Link, openSocket } from "./socket.js";

/** Is told, in order, what a view shows. */
export interface Viewer {
  /** The server has let the client in, over a socket or not. */
  welcomed: (socket: boolean) => void;
  snapshot: (rows: unknown[]) => void;
  event: (message: unknown) => void;
  /** A frame or a message that cannot be read; it is passed over. */
  unreadable: (what: unknown) => void;
  /** A connection has ended, or an attempt at one has failed. */
  disconnected: () => void;
  /** The server says that there is no use in coming back. */
  stopped: (code: number, reason: string) => void;
  /** The cursor has moved. */
  moved?: (cursor: string) => void;
  /**
   * The server's beat has come: every few seconds, in hidden pages too. Where the viewer is up to date it brings what the server's rows come
   * to. Says whether the viewer's come to something else.
   */
  beat?: (sum: number | undefined) => boolean;
}

export interface View {
  tenant: string;
  view: "self" | "floor";
  group?: string | undefined;
  session?: string | undefined;
  cursor?: string | undefined;
  /** How long to wait for another token than one that is refused, in milliseconds, where it is not as long as others would. */
  patience?: number;
  /** Ends the stream for good. */
  signal: AbortSignal;
}

/** A frame of the server. */
interface Frame {
  type: string;
  cursor?: string;
  beatMs?: number;
  timestamp?: string;
  part?: number;
  last?: boolean;
  rows?: unknown[];
  events?: { seq: number; prev: number; message: unknown }[];
  n?: number;
  seq?: number;
  sum?: number;
  code?: number;
  reason?: string;
}

export interface Follower {
  /** Gives the open stream a fresh token. */
  refresh: (token: string) => void;
  /** Forgets the cursor, leaves a connection that has told the server of it, and begins with a snapshot. */
  restart: () => void;
  /** Makes the next attempt at once: the page is looked at. */
  hurry: () => void;
  /** Makes it in the place of one that hangs too: the network is back. */
  renew: () => void;
  /** Believes in the connection only if something is heard soon, or a request answered: the network may be gone. */
  doubt: () => void;
}

/** So long may a socket take to open, and then the welcome to come. */
const openTime = 10_000;
const welcomeTime = 30_000;
/** What has been under way for longer hangs, where the network was away. */
const hangTime = 2_000;
/** So long something may take to be heard where the network is said to be away: it need not be so. */
const doubtTime = 1_000;
const steadyTime = 30_000;
const firstPause = 500;
const longestPause = 30_000;
/** Why the server has refused the token, by the close code from 4100 on. */
const refusals = ["token_expired", "token_revoked", "bad_credentials"];
/** So many sockets in a row that do not open make events take their place. */
const mostBlocked = 2;

/** Follows a view of the stream as docs/protocol.md says, until the signal aborts or the server says stop. */
export const follow = (core: Core, o: View, viewer: Viewer): Follower => {
  const { environment } = core;
  const { openEvents } = core.features;
  const { base, transport, name } = core.options;
  const automatic = transport === "auto";
  let cursor = readCursor(o.cursor);
  let attempt = 0;
  let blocked = 0;
  let byEvents = false;
  let link: Link | undefined;
  let told: string | null = null;
  let several = false; // tokens were told on this connection
  /** When the last attempt began; 0 while there is a connection. */
  let began = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let waits = false; // for the next attempt
  let placed = false; // the present connection has said from where on it is to tell
  let quiet: ReturnType<typeof setTimeout> | undefined; // rings when nothing was heard for too long
  /** Counts connections, so that what is left of one before is not listened to. */
  let generation = 0;
  let doubt = (): void => {};

  const move = (next: Cursor | undefined): void => {
    cursor = next;
    viewer.moved?.(writeCursor(cursor));
  };

  const after = (ms: number, go: () => void): void => {
    clearTimeout(timer);
    waits = true;
    timer = setTimeout(go, ms);
  };

  const connect = (): void => {
    waits = false;
    const mine = ++generation;
    const token = core.credentials.token();
    if (!token) {
      viewer.disconnected();
      return renewThen("", "bad_credentials", connect);
    }
    told = token;
    several = false;
    byEvents = !!openEvents && (transport === "events" || (automatic && blocked >= mostBlocked && !byEvents));
    const since = began || Date.now();
    began = Date.now();
    let sent = Date.now();
    let welcomed = 0; // when
    let parts: unknown[][] = [];
    let partsAt: string | undefined;

    /** Nothing that comes afterwards is listened to. */
    const leave = (code: number, reason: string, retryAfter = 0): void => {
      if (mine !== generation) return;
      drop();
      viewer.disconnected();
      if (welcomed && Date.now() - welcomed > steadyTime) attempt = 0;
      const again = (): void => after(Math.max(jitter(attempt++, firstPause, longestPause), retryAfter), connect);
      const kind = Math.floor(code / 100);
      if (!welcomed && !byEvents && automatic && kind < 40 && core.rest.reachable(since)) {
        if (++blocked === mostBlocked) core.log.warn("no socket gets through" + (openEvents ? ", Server-Sent Events take its place" : ""));
      }
      if (kind === 42) return viewer.stopped(code, reason);
      // Which of several tokens was refused it does not say: the present one may be good.
      if (kind === 41 && !several) return renewThen(token, refusals[code - 4100] ?? "token_expired", again);
      again();
    };

    /** Lets go of a connection that is of no use, and makes another. */
    const cut = (): void => leave(1006, "");

    /** So long nothing may be heard. */
    const wait = (ms: number, then = cut): void => {
      clearTimeout(quiet);
      quiet = setTimeout(then, ms);
    };
    let patience = welcomeTime;
    doubt = () => {
      if (!welcomed) return;
      const since = Date.now();
      // Where requests are answered there is a network, but it may be another than the connection's: the next beat tells.
      wait(doubtTime, () => (core.rest.reachable(since) ? wait(patience / 2) : cut()));
      core.rest.knock(o.tenant, o.signal);
    };

    const take = (text: string): void => {
      if (mine !== generation) return;
      wait(patience);
      try {
        read(JSON.parse(text) as Frame);
      } catch {
        viewer.unreadable(text);
      }
    };

    const read = (f: Frame): void => {
      let rows: unknown[];
      if (typeof f.type !== "string") throw f;
      switch (f.type) {
        case "welcome":
          patience = (f.beatMs ?? 4000) * 2.5;
          wait(patience);
          welcomed = Date.now();
          began = 0;
          blocked = byEvents ? blocked : 0;
          core.clock.sample(f.timestamp, sent, welcomed);
          viewer.welcomed(!byEvents);
          return refresh(core.credentials.token());
        case "close":
          return leave(f.code ?? 1006, f.reason ?? "");
        case "snapshot":
          if (f.part === 1) (parts = []), (partsAt = f.cursor);
          if (parts.push(f.rows!) !== f.part || f.cursor !== partsAt) return cut(); // a part is missing
          if (!f.last) return;
          rows = parts.flat();
          parts = [];
          move(readCursor(f.cursor));
          return viewer.snapshot(rows);
        case "events":
          for (const e of f.events!) {
            if (mine !== generation) return;
            if (e.seq <= (cursor?.seq ?? 0)) continue;
            if (!cursor || e.prev > cursor.seq) return cut(); // something is missing
            move({ ...cursor, seq: e.seq });
            viewer.event(e.message);
          }
          return;
        case "mark":
          return move(readCursor(f.cursor));
        case "beat":
          link?.send(`{"type":"beat","n":${f.n}}`);
          if (viewer.beat?.(f.seq === cursor?.seq ? f.sum : undefined)) {
            cursor = undefined;
            cut();
          }
      }
    };

    wait(byEvents ? welcomeTime : openTime);
    const query = { view: o.view, ...(o.group && { group: o.group }) };
    const path = `${base}tenants/${encodeURIComponent(o.tenant)}/stream`;
    placed = byEvents;
    try {
      link = openEvents && byEvents
        ? openEvents(environment, path, query, token, writeCursor(cursor), take, leave, automatic)
        : openSocket(environment, path.replace(/^http/, "ws"), take, leave, () => {
            sent = Date.now();
            placed = true;
            wait(welcomeTime);
            return JSON.stringify({ type: "hello", token: told, client: name, ...query, sessionId: o.session, cursor: writeCursor(cursor) || undefined });
          });
    } catch {
      cut(); // no socket can be made here
    }
  };

  /** Lets go of the connection; nothing that it still brings is listened to. */
  const drop = (): void => {
    generation++;
    clearTimeout(quiet);
    link?.close();
    link = undefined;
  };

  const renewThen = (token: string, code: string, go: () => void): void => {
    void core.credentials.refused(token, code, o.signal, o.patience).then((fresh) => {
      if (o.signal.aborted) return;
      if (fresh) go();
      else viewer.stopped(401, "no fresh token came");
    });
  };

  const refresh = (token: string | null): void => {
    if (!link || !token || token === told) return;
    told = token;
    several = true;
    if (byEvents) return reconnect();
    link.send(JSON.stringify({ type: "token", token }));
  };

  /** Leaves the connection and makes another at once. */
  const reconnect = (): void => {
    drop();
    viewer.disconnected();
    after(0, connect);
  };

  const self: Follower = {
    refresh,
    restart: () => {
      move(undefined);
      if (link && placed) reconnect();
    },
    hurry: () => {
      if (waits) after(0, connect);
    },
    renew: () => {
      if (link && began && Date.now() - began > hangTime) reconnect();
      else self.hurry();
    },
    doubt: () => link && doubt(),
  };
  core.streams.add(self);
  o.signal.addEventListener("abort", () => {
    core.streams.delete(self);
    drop();
    clearTimeout(timer);
  });
  connect();
  return self;
};
