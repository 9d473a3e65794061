import { messageUnknown, sessionGone } from "./codes.js";
import { jitter } from "./backoff.js";
import type { Core } from "./core.js";
import { MusterError, answer } from "./error.js";
import { type Follower, follow } from "./follow.js";
import { sessionTopic } from "./hub.js";
import { createJudge } from "./judge.js";
import { answerOf, failureOf, line } from "./rest.js";
import type { Acts, Share, Told } from "./tabs.js";
import type { Ended, StateChange } from "./topics.js";
import type { HeartbeatResponse, PresenceState, SelfRow, Session, Work } from "./wire.js";

/** How long a connection may be lost before that is published: most reconnects are quicker. */
const lossGrace = 1_000;
/** How long a stream that was there may then take to resume: as long as it ever pauses. After that the answers tell what it does not. */
const resumeTime = 30_000;
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
  /** Aborts when it is over, also where nothing is published of that. */
  readonly signal: AbortSignal;
  /** Settles when the first state has been published, or the connection is lost. */
  readonly settled: Promise<void>;
  /** Makes what the stream tells wait until the answer to a request is known. */
  hold: () => void;
  release: () => void;
  /** Ends the session when the server says to a request that a newer one lives. */
  judge: (error: MusterError) => void;
  /** What an answer says of the session's state, or of its direction. It is published where the stream is away. */
  answered: (state: PresenceState, asked: "state" | "direction") => void;
  /** Publishes the end, once, and stops everything. */
  ended: (how: Ended) => void;
  /** Stops everything without a word. */
  stop: () => void;
  /** The session as it is now. */
  session: () => Session;
  shown: () => StateChange | undefined;
  open: () => Work[];
  /** Begins, with a stream of its own; also where another tab led before. */
  run: () => void;
  /** Ends that, for another tab leads. */
  rest: () => void;
  told: (...told: Told) => void;
  /** How far it knows what happened. */
  cursor: () => string | undefined;
}

export const createLive = (core: Core, began: Session, share: Share | undefined): Live => {
  const id = began.sessionId!;
  const user = began.resourceId;
  const tenant = began.tenantId;
  const life = new AbortController();
  let settle!: () => void;
  const settled = new Promise<void>((resolve) => (settle = resolve));
  let over = false;
  let holding = 0;
  let held: (() => void)[] = [];
  let heldEnd: (() => void) | undefined; // an end that waits for the answer to a request
  let overflowed = false;
  let cursor: string | undefined;

  // The stream.
  let led: AbortController | undefined; // while this tab leads
  let stream: Follower | undefined;
  let socket = false;
  let alone = false; // neither a socket nor the hope of one: timers have to do
  let lost = false; // which has been told
  let away = false; // and nothing is to be expected of it soon
  let grace: ReturnType<typeof setTimeout> | undefined;

  // The heartbeats.
  let delay = firstDelay;
  let asked = false;
  let asking = false;
  let failures = 0;
  let disarm: () => void = () => {};
  /** When the next is to come: a hidden page's timer may be a minute late, and then the server's beat reminds of it. */
  let due = Infinity;
  let probe: ReturnType<typeof setTimeout> | undefined;

  /** Makes the session over, and tells whether it was not. */
  const stop = (): boolean => {
    if (over) return false;
    over = true;
    held = [];
    life.abort();
    rest();
    share?.leave();
    if (core.live === live) {
      core.live = undefined;
      core.last = { user, tenant, id };
      if (!core.life.signal.aborted) core.features.resumption?.forget(core); // who closes the client may load the page anew
    }
    settle();
    return true;
  };

  const acts: Acts = {
    message: (message, at) => {
      cursor = at;
      take(() => judge.message(message));
    },
    row: (row, at) => {
      cursor = at;
      take(() => judge.snapshot(row));
    },
    heartbeat: (response) => core.publish(sessionTopic + "heartbeat-response", response),
    answer: (state, asked) => {
      if (state.sessionId !== id || state.state === "offline") return;
      const tell = (): void => {
        judge.keep(state);
        tellKept(asked);
      };
      if (away) take(tell); // in its turn
      else tell();
    },
    connection: (connected, since) => {
      if (connected === !lost) return;
      lost = !connected;
      away &&= lost;
      core.publish(sessionTopic + "connection", { connected, since });
      if (lost) settle();
    },
    away: () => {
      away = true;
      // Messages that wait come first: one of them may tell the same.
      if (held.length) take(tellKept);
      else tellKept();
    },
    ended: (how) => {
      if (stop()) core.publish(sessionTopic + "ended", how);
    },
    gone: (apiResponse) => {
      if (stop()) core.publishError(sessionTopic + "heartbeat-response", new MusterError(sessionGone, { apiResponse }));
    },
  };

  /**
   * Tells what the stream has not, while it is away. It begins with a snapshot then: from its cursor on it would tell of the past, after
   * the present.
   */
  const tellKept = (asked?: "state" | "direction"): void => {
    if (!away || !judge.tellKept(asked)) return;
    cursor = undefined; // also for a tab that comes to lead
    stream?.restart();
  };

  const perform = ([act, ...args]: Told): void => (acts[act] as (...args: unknown[]) => void)(...args);

  /** Does something, and has the tabs that follow do it as well. */
  const lead = (...act: Told): void => {
    if (over) return;
    share?.tell(...act);
    perform(act);
  };

  const publish = (on: string, response: unknown): void => {
    if (over) return;
    core.publish(on, response);
    settle();
  };

  const monitoring = core.createMonitoring?.(publish);
  const judge = createJudge(user, id, began, {
    publish,
    monitoring,
    unknown: (notificationReceived) => {
      if (!over) core.publishError("cxengage/errors/error/unknown-agent-notification-type", new MusterError(messageUnknown, { notificationReceived }));
    },
    ended: (how) => lead("ended", how),
    gone: (status) => {
      lead("gone", status === 409 ? answer(409, "Conflict", "session_superseded") : answer(404, "Not Found", "session_ended"));
    },
    doubt: () => void ask(),
  });

  /** Judges what the stream tells, now or when no request is under way. */
  const take = (look: () => void): void => {
    if (over) return;
    if (!holding) return look();
    if (held.length < mostHeld) return void held.push(look);
    held = [];
    overflowed = true;
  };

  /** Judges what is held. */
  const flush = (): void => {
    const waiting = held;
    held = [];
    for (const look of waiting) if (!over) look();
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

  /** Gives a stream that is lost the time to resume, if there is something to resume from. */
  const giveTime = (): void => {
    if (!led) return;
    if (cursor) grace = setTimeout(() => lead("away"), resumeTime);
    else lead("away");
  };

  const connect = (): void => {
    stream = follow(
      core,
      {
        tenant,
        view: "self",
        session: id,
        cursor,
        signal: led!.signal,
      },
      {
        welcomed: (bySocket) => {
          socket = bySocket;
          alone = !bySocket;
          clearTimeout(grace);
          grace = undefined;
          if (lost) lead("connection", true, core.clock.now());
          if (!bySocket) void ask(); // events come, but nothing in them speaks for the client
        },
        snapshot: ([row]) => lead("row", row as SelfRow, cursor!),
        event: (message) => lead("message", message, cursor!),
        unreadable: judge.message,
        disconnected: () => {
          socket = false;
          alone = true;
          if (lost || grace !== undefined) return;
          const since = core.clock.now();
          grace = setTimeout(() => {
            lead("connection", false, since);
            giveTime();
          }, lossGrace);
          clearTimeout(probe);
          probe = setTimeout(() => void (socket || ask()), 2 * lossGrace);
        },
        stopped: (code, reason) => {
          cursor = undefined;
          if (lost) lead("away");
          core.log.warn(`the stream has stopped and the session goes on by heartbeats: ${code} ${reason}`);
        },
        moved: (at) => (cursor = at),
        beat: () => {
          if (Date.now() >= due) ring();
          return false;
        },
      },
    );
    if (cursor) arm(2 * lossGrace); // a stream that goes on tells of an end better than a refusal does
    else void ask();
  };

  // --- the heartbeats ---

  const ring = (): void => (asked && socket ? beat() : void ask());

  const arm = (ms: number): void => {
    disarm();
    due = Date.now() + ms;
    if (alone && core.alarm) {
      disarm = core.alarm(ms, ring);
    } else {
      const timer = setTimeout(ring, ms);
      disarm = () => clearTimeout(timer);
    }
  };

  /** A socket's beats speak for the client: the heartbeat is only published. */
  const beat = (): void => {
    arm(delay);
    lead("heartbeat", { heartbeatDelay: delay / 1000, timestamp: core.clock.now() });
  };

  /** Sends a heartbeat and publishes the answer. What it tells of the end waits for the answer to a request, as messages do. */
  const ask = async (): Promise<void> => {
    if (!led || asking) return;
    asking = true;
    arm(delay);
    const request = core.rest.ask<HeartbeatResponse>(sessionGone, line`POST tenants/${tenant}/presence/${user}/heartbeat`, { body: { sessionId: id }, single: true, signal: life.signal });
    const heartbeat = await request.catch((cause: MusterError) => cause);
    asking = false;
    if (!led) return;
    if (heartbeat instanceof MusterError) {
      const refusal = answerOf(heartbeat);
      if ((refusal.status === 404 || refusal.status === 409) && failureOf(heartbeat) !== "error") return later(() => lead("gone", refusal));
      return arm(Math.min(delay, Math.max(heartbeat.retryAfter, jitter(failures++, firstPause, longestPause))));
    }
    asked = true;
    failures = 0;
    delay = Math.min(longestDelay, Math.max(shortestDelay, heartbeat.heartbeatDelay * 1000 || 0));
    arm(delay);
    lead("heartbeat", heartbeat);
  };

  const later = (then: () => void): void => {
    if (holding) heldEnd ??= then;
    else then();
  };

  /** The session as it is now, for a tab that takes part in it. */
  const shared = (): Session => ({ ...began, ...judge.shown(), direction: judge.direction() }) as Session;

  const session = (): Session => {
    if (!judge.shown()) return began;
    const { causeCode: _of, ...rest } = shared(); // it tells of a change that is past
    return rest;
  };

  const run = (): void => {
    if (over) return; // whoever was told that it has begun may have left at once
    led = new AbortController();
    share?.lead(() => ({
      session: shared(),
      row: { ...session(), work: judge.open(), monitoredInteractionId: monitoring?.monitored() as string | null, timestamp: core.clock.now() },
      cursor: cursor ?? "",
      lost,
      away,
    }));
    if (lost && !away) giveTime(); // the tab that led has been waiting for it
    if (led) connect();
  };

  const rest = (): void => {
    led?.abort();
    led = undefined;
    socket = alone = false;
    clearTimeout(grace);
    grace = undefined;
    clearTimeout(probe);
    disarm();
  };

  const live: Live = {
    id,
    tenant,
    silent: began.silentMonitoring,
    signal: life.signal,
    settled,
    hold: () => void holding++,
    release,
    judge: (error) => {
      if (failureOf(error) === "session_superseded") lead("gone", answerOf(error));
    },
    answered: (state, asked) => lead("answer", state, asked),
    ended: (how) => {
      flush(); // what came before the end
      lead("ended", how);
    },
    stop: () => void stop(),
    session,
    shown: judge.shown,
    open: judge.open,
    run,
    rest,
    cursor: () => cursor,
    told: (...told) => {
      if (over) return;
      if (told[0] === "ended" || told[0] === "gone") later(() => perform(told));
      else perform(told);
    },
  };
  return live;
};

/** The presence state of a session. */
export const presenceOf = ({ metadata: _metadata, startedAt: _startedAt, silentMonitoring: _silent, tenantId: _tenant, ...state }: Session): PresenceState => state;
