import { jitter } from "./backoff.js";
import { type Cursor, createDigest, readCursor, writeCursor } from "./cursor.js";
import type { Core } from "./core.js";
import { openEvents } from "./events.js";
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
}

export interface View {
  tenant: string;
  view: "self" | "floor";
  group?: string | undefined;
  session?: string | undefined;
  cursor?: string | undefined;
  /** Waits for another token than the refused one, as long as the view is followed. */
  refused: (token: string, code: string) => Promise<string | null>;
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
  /** Leaves the connection and begins with a snapshot. */
  restart: () => void;
  /** Makes the next attempt at once: the network may be back. */
  hurry: () => void;
  /** Ends the stream for good. */
  end: () => void;
}

/** So long may a socket take to open, and then the welcome to come. */
const openTime = 10_000;
const welcomeTime = 30_000;
const steadyTime = 30_000;
const eventsTime = 300_000;
const firstPause = 500;
const longestPause = 30_000;
/** So many sockets in a row that do not open make events take their place. */
const mostBlocked = 2;

/** Follows a view of the stream as docs/protocol.md says, until it is ended or the server says stop. */
export const follow = (core: Core, o: View, viewer: Viewer): Follower => {
  const { environment } = core;
  const { base, transport, name } = core.options;
  const automatic = transport === "auto";
  const digest = o.view === "floor" ? createDigest() : undefined;
  let cursor = readCursor(o.cursor);
  let ended = false;
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
  let quiet: ReturnType<typeof setTimeout> | undefined; // rings when nothing was heard for too long
  let retry: ReturnType<typeof setTimeout> | undefined; // rings when a socket is to be tried again
  /** Counts connections, so that what is left of one before is not listened to. */
  let generation = 0;

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
    if (!token) return void renewThen("", "bad_credentials", connect);
    told = token;
    several = false;
    byEvents = transport === "events" || (automatic && blocked >= mostBlocked && !byEvents);
    const since = began || Date.now();
    began = Date.now();
    const opened = { at: 0, sent: Date.now(), welcomed: false };
    let parts: unknown[] = [];
    let part = 0;
    let partsAt = "";

    /** Nothing that comes afterwards is listened to. */
    const leave = (code: number, reason: string, retryAfter = 0): void => {
      if (mine !== generation) return;
      drop();
      if (ended) return;
      viewer.disconnected();
      if (Date.now() - opened.at > steadyTime && opened.welcomed) attempt = 0;
      const again = (): void => after(Math.max(jitter(attempt++, firstPause, longestPause), retryAfter), connect);
      if (!opened.welcomed && !byEvents && automatic && code < 4000 && core.rest.reachable(since)) {
        if (++blocked === mostBlocked) core.log.warn("no socket gets through, Server-Sent Events take its place");
      }
      if (code >= 4200 && code < 4300) return viewer.stopped(code, reason);
      // Which of several tokens was refused it does not say: the present one may be good.
      if (code >= 4100 && code < 4200 && !several) return renewThen(token, code === 4101 ? "token_revoked" : code === 4102 ? "bad_credentials" : "token_expired", again);
      again();
    };

    const wait = (ms: number): void => {
      clearTimeout(quiet);
      quiet = setTimeout(() => leave(1006, "nothing was heard for too long"), ms);
    };
    let patience = welcomeTime;

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
      if (typeof f.type !== "string") throw f;
      switch (f.type) {
        case "welcome":
          patience = (f.beatMs ?? 4000) * 2.5;
          wait(patience);
          opened.at = Date.now();
          opened.welcomed = true;
          began = 0;
          blocked = byEvents ? blocked : 0;
          core.clock.sample(f.timestamp, opened.sent, opened.at);
          viewer.welcomed(!byEvents);
          if (byEvents && automatic) retry = setTimeout(() => leave(1000, "it is time to try a socket again"), eventsTime);
          return refresh(core.credentials.token() ?? "");
        case "close":
          return leave(f.code ?? 1006, f.reason ?? "");
        case "snapshot":
          if (f.part === 1) (parts = []), (part = 0), (partsAt = f.cursor ?? "");
          if (f.part !== part + 1 || f.cursor !== partsAt) return leave(1006, "a part is missing");
          parts.push(...(f.rows ?? []));
          part = f.part;
          if (!f.last) return;
          move(readCursor(f.cursor));
          digest?.replace(parts);
          viewer.snapshot(parts);
          (parts = []), (part = 0);
          return;
        case "events":
          for (const e of f.events ?? []) {
            if (mine !== generation) return;
            if (e.seq <= (cursor?.seq ?? 0)) continue;
            if (!cursor || e.prev > cursor.seq) return leave(1006, "something is missing");
            move({ ...cursor, seq: e.seq });
            digest?.apply(e.message);
            viewer.event(e.message);
          }
          return;
        case "mark":
          return move(readCursor(f.cursor));
        case "beat":
          link?.send(`{"type":"beat","n":${f.n}}`);
          if (digest && cursor && f.seq === cursor.seq && f.sum !== undefined && f.sum !== digest.sum()) {
            cursor = undefined;
            leave(1006, "the rows are not the server's");
          }
      }
    };

    wait(byEvents ? welcomeTime : openTime);
    const query = { view: o.view, ...(o.group ? { group: o.group } : {}) };
    const path = `${base}tenants/${encodeURIComponent(o.tenant)}/stream`;
    const at = writeCursor(cursor);
    try {
      link = byEvents
        ? openEvents(environment, `${path}?${new URLSearchParams(query)}`, token, at, take, leave)
        : openSocket(environment, path.replace(/^http/, "ws"), take, leave, () => {
            opened.sent = Date.now();
            wait(welcomeTime);
            return JSON.stringify({
              type: "hello",
              token: told,
              view: o.view,
              client: name,
              ...(at ? { cursor: at } : {}),
              ...(o.session ? { sessionId: o.session } : {}),
              ...(o.group ? { group: o.group } : {}),
            });
          });
    } catch {
      leave(1006, "no socket can be made here");
    }
  };

  /** Lets go of the connection; nothing that it still brings is listened to. */
  const drop = (): void => {
    generation++;
    clearTimeout(quiet);
    clearTimeout(retry);
    link?.close();
    link = undefined;
  };

  const renewThen = (token: string, code: string, go: () => void): void => {
    void o.refused(token, code).then((fresh) => {
      if (ended) return;
      if (fresh) go();
      else viewer.stopped(401, "no fresh token came");
    });
  };

  const refresh = (token: string): void => {
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

  connect();
  return {
    refresh,
    restart: () => {
      cursor = undefined;
      if (link) reconnect();
    },
    hurry: () => {
      if (waits) after(0, connect);
    },
    end: () => {
      ended = true;
      drop();
      clearTimeout(timer);
    },
  };
};
