import { jitter } from "./backoff.js";
import { type Core, answerOf } from "./core.js";
import { type ApiResponse, newError } from "./error.js";
import { type Follower, follow } from "./follow.js";
import { type Finding, changeOf, createJudge, unknownMessage } from "./judge.js";
import { Failure } from "./rest.js";
import { forget, remember } from "./resume.js";
import { type Share, type Shared, type Told } from "./tabs.js";
import type { Ended, StateChange } from "./topics.js";
import type { HeartbeatResponse, SelfRow, Session, Work } from "./wire.js";

const topic = "cxengage/session/";

/** How long a connection may be away before that is published: most reconnects are quicker. */
const lossGrace = 1_000;
const firstDelay = 15_000;
const shortestDelay = 500;
const longestDelay = 60_000;
const firstPause = 1_000;
const longestPause = 15_000;
/** So many messages wait for the answer to a request; when there are more, a snapshot takes their place. */
const mostHeld = 1_024;

/** The user's session while it lives, with the one stream and the one loop of heartbeats that it has. */
export interface Live {
  readonly id: string;
  readonly tenant: string;
  readonly silent: boolean;
  /** Settles when the first state has been published, or the stream was found to be unreachable. */
  readonly settled: Promise<void>;
  /** Makes what the stream tells wait until the answer to a request is known. */
  hold: () => void;
  release: () => void;
  /** Ends the session when the server says to a request that a newer one lives. */
  judge: (cause: unknown) => void;
  /** Publishes the end, once, and stops everything. */
  ended: (how: Ended) => void;
  /** Stops everything without a word. */
  stop: () => void;
  refresh: (token: string) => void;
  /** The session as it is now. */
  session: () => Session;
  shown: () => StateChange | undefined;
  open: () => Work[];
  /** Begins: with a stream of its own, or as the follower of another tab. */
  run: (shared: Shared | undefined, cursor: string | undefined, first?: StateChange) => void;
  told: (told: Told) => void;
  promoted: () => void;
  /** Connects at once: the network may be back. */
  hurry: () => void;
}

export const createLive = (core: Core, began: Session, share: Share | undefined): Live => {
  const id = began.sessionId!;
  const user = began.resourceId;
  const tenant = began.tenantId;
  const judge = createJudge(user, id, began.direction);
  const life = new AbortController();
  let settle!: () => void;
  const settled = new Promise<void>((resolve) => (settle = resolve));
  let over = false;
  let holding = 0;
  let held: (() => Finding[])[] = [];
  let heldEnd: (() => void) | undefined; // an end that waits for the answer to a request
  let overflowed = false;
  let cursor: string | undefined;

  // The stream.
  let stream: Follower | undefined;
  let socket = false;
  let lost = false;
  let grace: ReturnType<typeof setTimeout> | undefined;
  let first: StateChange | undefined;

  // The heartbeats.
  let delay = firstDelay;
  let asked = false;
  let asking = false;
  let failures = 0;
  let disarm: () => void = () => {};
  let probe: ReturnType<typeof setTimeout> | undefined;

  /** Makes the session over, and tells whether it was not. */
  const stop = (): boolean => {
    if (over) return false;
    over = true;
    held = [];
    life.abort();
    stream?.end();
    clearTimeout(grace);
    clearTimeout(probe);
    disarm();
    share?.leave();
    if (core.live === live) {
      core.live = undefined;
      core.last = { user, tenant, id };
      forget(core);
    }
    settle();
    return true;
  };

  const ended = (how: Ended): void => {
    if (!over) share?.tell({ kind: "ended", how });
    if (stop()) core.publish(topic + "ended", how);
  };

  const gone = (apiResponse: ApiResponse): void => {
    if (!over) share?.tell({ kind: "gone", status: apiResponse.status });
    if (stop()) core.publishError(topic + "heartbeat-response", newError(2003, { apiResponse }));
  };

  const goneBy = (status: number): ApiResponse => ({
    status,
    apiResponse: { statusText: status === 409 ? "Conflict" : "Not Found", failure: status === 409 ? "session_superseded" : "session_ended", response: null },
  });

  const act = (finding: Finding): void => {
    if (over) return;
    switch (finding.kind) {
      case "publish":
        core.publish(finding.topic, finding.response);
        if (finding.topic.includes("silent-monitor-")) core.monitored = judge.monitored();
        break;
      case "error":
        core.publishError(finding.topic, finding.error);
        break;
      case "ended":
        ended(finding.how);
        break;
      case "gone":
        gone(goneBy(finding.status));
        break;
      case "doubt":
        void ask();
    }
    if (judge.shown()) settle();
  };

  /** Judges what the stream tells, now or when no request is under way. */
  const take = (find: () => Finding[]): void => {
    if (over) return;
    if (!holding) return find().forEach(act);
    if (held.length < mostHeld) return void held.push(find);
    held = [];
    overflowed = true;
  };

  /** Judges what is held. */
  const flush = (): void => {
    const waiting = held;
    held = [];
    for (const find of waiting) if (!over) find().forEach(act);
  };

  const release = (): void => {
    if (--holding > 0) return;
    flush();
    const end = heldEnd;
    heldEnd = undefined;
    if (!over) end?.();
    if (overflowed && !over) stream?.restart();
    overflowed = false;
  };

  // --- the stream ---

  const lead = (): void => {
    stream = follow({
      base: core.options.base,
      environment: core.environment,
      tenant,
      view: "self",
      session: id,
      cursor,
      name: core.options.name,
      transport: core.options.transport,
      token: core.credentials.token,
      refused: core.credentials.refused,
      warn: core.log.warn,
      reachable: core.rest.reachable,
      viewer: {
        welcomed: (timestamp, sent, received, bySocket, resumes) => {
          core.clock.sample(timestamp, sent, received);
          socket = bySocket;
          clearTimeout(grace);
          grace = undefined;
          if (lost) connected(true);
          if (!bySocket) void ask(); // events come, but nothing in them speaks for the client
          const state = first;
          first = undefined;
          if (resumes && state) take(() => judge.first(state));
        },
        snapshot: ([row]) => {
          share?.tell({ kind: "row", row: row as SelfRow, cursor: cursor ?? "" });
          take(() => judge.snapshot(row as SelfRow));
        },
        event: (message) => {
          share?.tell({ kind: "message", message, cursor: cursor ?? "" });
          take(() => judge.message(message));
        },
        unreadable: (what) => act(unknownMessage(what)),
        disconnected: () => {
          socket = false;
          if (over || lost || grace !== undefined) return;
          const since = core.clock.now();
          grace = setTimeout(() => {
            grace = undefined;
            connected(false, since);
            settle();
          }, lossGrace);
          clearTimeout(probe);
          probe = setTimeout(() => void (socket || over || ask()), 2 * lossGrace);
        },
        stopped: (code, reason) => {
          core.log.warn(`the stream has stopped and the session goes on by heartbeats: ${code} ${reason}`);
          settle();
        },
        moved: (at) => {
          cursor = at;
          remember(core, { tenantId: tenant, sessionId: id, cursor: at });
        },
      },
    });
    void ask();
  };

  const connected = (is: boolean, since = core.clock.now()): void => {
    lost = !is;
    share?.tell({ kind: "connection", connected: is, since });
    core.publish(topic + "connection", { connected: is, since });
  };

  // --- the heartbeats ---

  const arm = (ms: number): void => {
    disarm();
    const ring = (): void => (asked && socket ? beat() : void ask());
    if (socket) {
      const timer = setTimeout(ring, ms);
      disarm = () => clearTimeout(timer);
    } else {
      disarm = core.alarm(ms, ring);
    }
  };

  /** A socket's beats speak for the client: the heartbeat is only published. */
  const beat = (): void => {
    arm(delay);
    heartbeat({ heartbeatDelay: delay / 1000, timestamp: core.clock.now() });
  };

  const heartbeat = (response: HeartbeatResponse): void => {
    share?.tell({ kind: "heartbeat", heartbeat: response });
    core.publish(topic + "heartbeat-response", response);
  };

  /** Sends a heartbeat and publishes the answer. What it tells of the end waits for the answer to a request, as messages do. */
  const ask = async (): Promise<void> => {
    if (over || asking) return;
    asking = true;
    arm(delay);
    try {
      const answer = await core.rest.result<HeartbeatResponse>({
        method: "POST",
        path: ["tenants", tenant, "presence", user, "heartbeat"],
        body: { sessionId: id },
        single: true,
        signal: life.signal,
      });
      asking = false;
      if (over) return;
      asked = true;
      failures = 0;
      delay = Math.min(longestDelay, Math.max(shortestDelay, Number(answer.heartbeatDelay) * 1000 || 0));
      arm(delay);
      heartbeat(answer);
    } catch (cause) {
      asking = false;
      if (over) return;
      const { status, code, retryAfter, answer } = answerOf(cause);
      if ((status === 404 || status === 409) && code) return later(() => gone(answer));
      arm(Math.min(delay, Math.max(retryAfter, jitter(failures++, firstPause, longestPause))));
    }
  };

  const later = (then: () => void): void => {
    if (holding) heldEnd ??= then;
    else then();
  };

  const row = (): SelfRow => ({
    ...state(),
    tenantId: tenant,
    silentMonitoring: began.silentMonitoring,
    work: judge.open(),
    monitoredInteractionId: judge.monitored(),
    timestamp: core.clock.now(),
  });

  /** The fields of a presence state as it is now. */
  const state = () => {
    const { metadata: _metadata, startedAt: _startedAt, silentMonitoring: _silent, tenantId: _tenant, ...presence } = session();
    return presence;
  };

  /** The session as it is now, for a tab that takes part in it. */
  const shareable = (): Session => ({ ...began, ...judge.shown(), direction: judge.direction() });

  /** The session as it is now. */
  const session = (): Session => {
    if (!judge.shown()) return began;
    const { causeCode: _of, ...rest } = shareable(); // it tells of a change that is past
    return rest;
  };

  const live: Live = {
    id,
    tenant,
    silent: began.silentMonitoring,
    settled,
    hold: () => void holding++,
    release,
    judge: (cause) => {
      if (cause instanceof Failure && cause.code === "session_superseded") gone(cause.answer);
    },
    ended: (how) => {
      flush(); // what came before the end
      ended(how);
    },
    stop: () => void stop(),
    refresh: (token) => stream?.refresh(token),
    session,
    shown: judge.shown,
    open: judge.open,
    run: (shared, at, state) => {
      cursor = shared?.cursor ?? at;
      first = state;
      if (shared) {
        take(() => judge.snapshot(shared.row));
        return;
      }
      share?.lead(() => ({ session: shareable(), row: row(), cursor: cursor ?? "" }));
      lead();
    },
    told: (told) => {
      if (over) return;
      if ("cursor" in told && told.cursor) cursor = told.cursor;
      switch (told.kind) {
        case "message":
          return take(() => judge.message(told.message));
        case "row":
          return take(() => judge.snapshot(told.row));
        case "heartbeat":
          return core.publish(topic + "heartbeat-response", told.heartbeat);
        case "connection":
          lost = !told.connected;
          return core.publish(topic + "connection", { connected: told.connected, since: told.since });
        case "ended":
          return later(() => ended(told.how));
        case "gone":
          return later(() => gone(goneBy(told.status)));
      }
    },
    promoted: () => {
      if (over) return;
      share?.lead(() => ({ session: shareable(), row: row(), cursor: cursor ?? "" }));
      lead();
    },
    hurry: () => stream?.hurry(),
  };
  return live;
};

export { changeOf };
