import { jitter } from "./backoff.js";
import { type Cursor, createDigest, isZero, readCursor, writeCursor } from "./cursor.js";
import type { Environment } from "./environment.js";
import { openEvents } from "./events.js";
import { type Link, openSocket } from "./socket.js";

/** Is told, in order, what a view shows. */
export interface Viewer {
  welcomed: (timestamp: string, sent: number, received: number, socket: boolean, resumes: boolean) => void;
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

export interface FollowOptions {
  base: string;
  environment: Environment;
  tenant: string;
  view: "self" | "floor";
  group?: string | undefined;
  session?: string | undefined;
  cursor?: string | undefined;
  name: string;
  transport: "auto" | "socket" | "events";
  token: () => string | null;
  /** Waits for another token than the refused one. */
  refused: (token: string, code: string) => Promise<string | null>;
  /** Whether the server has answered a request since then: it is there, and only sockets do not get through. */
  reachable: (since: number) => boolean;
  viewer: Viewer;
  warn: (text: string) => void;
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

const welcomeTime = 30_000;
const steadyTime = 30_000;
const eventsTime = 300_000;
const firstPause = 500;
const longestPause = 30_000;
/** So many sockets in a row that do not open make events take their place. */
const mostBlocked = 2;

/** Follows a view of the stream as docs/protocol.md says, until it is ended or the server says stop. */
export const follow = (o: FollowOptions): Follower => {
  const viewer = o.viewer;
  const digest = o.view === "floor" ? createDigest() : undefined;
  let cursor: Cursor = readCursor(o.cursor);
  let ended = false;
  let attempt = 0;
  let blocked = 0;
  let byEvents = false;
  let link: Link | undefined;
  let told: string | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let waits = false; // for the next attempt
  let quiet: ReturnType<typeof setTimeout> | undefined; // rings when nothing was heard for too long
  let retry: ReturnType<typeof setTimeout> | undefined; // rings when a socket is to be tried again
  /** Counts connections, so that what is left of one before is not listened to. */
  let generation = 0;

  const move = (next: Cursor): void => {
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
    const token = o.token();
    if (!token) return void renewThen("", "bad_credentials", connect);
    told = token;
    byEvents = o.transport === "events" || (o.transport === "auto" && blocked >= mostBlocked && !byEvents);
    const began = Date.now();
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
      if (!opened.welcomed && !byEvents && o.transport === "auto" && code < 4000 && o.reachable(began)) {
        if (++blocked === mostBlocked) o.warn("no socket gets through, Server-Sent Events take its place");
      }
      if (code >= 4200 && code < 4300) return viewer.stopped(code, reason);
      if (code >= 4100 && code < 4200) return renewThen(told ?? "", code === 4101 ? "token_revoked" : code === 4102 ? "bad_credentials" : "token_expired", again);
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
      let f: Frame;
      try {
        f = JSON.parse(text) as Frame;
        if (typeof f?.type !== "string") throw 0;
      } catch {
        viewer.unreadable(text);
        return;
      }
      switch (f.type) {
        case "welcome":
          patience = (f.beatMs ?? 4000) * 2.5;
          wait(patience);
          opened.at = Date.now();
          opened.welcomed = true;
          blocked = byEvents ? blocked : 0;
          viewer.welcomed(f.timestamp ?? "", opened.sent, opened.at, !byEvents, !!f.cursor && f.cursor === writeCursor(cursor));
          refresh(o.token() ?? "");
          if (byEvents && o.transport === "auto") retry = setTimeout(() => leave(1000, "it is time to try a socket again"), eventsTime);
          return;
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
            if (e.seq <= cursor.seq) continue;
            if (isZero(cursor) || e.prev > cursor.seq) return leave(1006, "something is missing");
            move({ ...cursor, seq: e.seq });
            digest?.apply(e.message);
            viewer.event(e.message);
          }
          return;
        case "mark":
          return move(readCursor(f.cursor));
        case "beat":
          link?.send(`{"type":"beat","n":${f.n}}`);
          if (digest && f.seq === cursor.seq && f.sum !== undefined && !isZero(cursor) && f.sum !== digest.sum()) {
            cursor = readCursor(undefined);
            leave(1006, "the rows are not the server's");
          }
      }
    };

    wait(welcomeTime);
    const query = { view: o.view, ...(o.group ? { group: o.group } : {}) };
    const path = `${o.base}tenants/${encodeURIComponent(o.tenant)}/stream`;
    const at = writeCursor(cursor);
    link = byEvents
      ? openEvents(o.environment, `${path}?${new URLSearchParams(query)}`, token, at, take, leave)
      : openSocket(o.environment, path.replace(/^http/, "ws"), take, leave, () => {
          opened.sent = Date.now();
          return JSON.stringify({
            type: "hello",
            token,
            view: o.view,
            client: o.name,
            ...(at ? { cursor: at } : {}),
            ...(o.session ? { sessionId: o.session } : {}),
            ...(o.group ? { group: o.group } : {}),
          });
        });
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
      cursor = readCursor(undefined);
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
