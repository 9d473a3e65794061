import { isOlderSession } from "./uuid.js";
import type { AgentNotificationMessage, Direction, SelfRow, StateChangeMessage, Work, WorkChangeMessage } from "./wire.js";
import type { DirectionChange, Ended, StateChange } from "./topics.js";

/** Is told what messages mean. */
export interface Verdicts {
  publish: (topic: string, response: unknown) => void;
  /** Which interaction the user listens to, null for none. */
  monitors: (interactionId: string | null) => void;
  /** A message that cannot be read; it is passed over. */
  unknown: (message: unknown) => void;
  /** Somebody ended the own session. */
  ended: (how: Ended) => void;
  /** The session is gone without anybody's doing: 404, or 409 where a newer one lives. */
  gone: (status: 404 | 409) => void;
  /** The server may not know the session: ask. */
  doubt: () => void;
}

const session = "cxengage/session/";

/** What is published of a presence state. */
export const changeOf = ({ state, availableStates, direction, reason, reasonId, reasonListId, supervisorId, supervisorName, stateSince, pending, cause }: StateChange): StateChange => ({
  state,
  availableStates,
  direction,
  reason,
  reasonId,
  reasonListId,
  supervisorId,
  supervisorName,
  stateSince,
  pending,
  cause,
});

const sameState = (a: StateChange, b: StateChange): boolean =>
  (["state", "reasonId", "reasonListId", "reason", "stateSince", "pending"] as const).every((field) => JSON.stringify(a[field]) === JSON.stringify(b[field]));

const sameWork = (a: Work | undefined, b: Work): boolean => (["state", "since", "channel", "direction"] as const).every((field) => a?.[field] === b[field]);

export type Judge = ReturnType<typeof createJudge>;

/**
 * Decides what the messages and snapshots of the own view mean for one session. It knows what was published last and reads no clock.
 */
export const createJudge = (user: string, own: string, began: Direction, tell: Verdicts) => {
  let shown: StateChange | undefined;
  let direction = began;
  const work = new Map<string, Work>();
  let monitored: string | null = null;

  const show = (change: StateChange): void => {
    shown = change;
    direction = change.direction;
    tell.publish(session + "state-change-response", change);
  };

  const turn = ({ state, availableStates, direction: now, supervisorId, supervisorName }: DirectionChange): void => {
    direction = now;
    if (shown) shown = { ...shown, direction, availableStates };
    tell.publish(session + "direction-change-response", { state, availableStates, direction, supervisorId, supervisorName });
  };

  /** Tells an end that somebody wanted from one that happened to the session. */
  const ending = ({ endCode, supervisorId, supervisorName }: Omit<Ended, "state">): void => {
    if (endCode === "superseded") tell.gone(409);
    else if (endCode === "lease_expired") tell.gone(404);
    else tell.ended({ state: "offline", supervisorId, supervisorName, endCode });
  };

  const worked = (m: WorkChangeMessage): void => {
    const { interactionId, channel, direction, state, since } = m;
    if (state === "ended") work.delete(interactionId);
    else work.set(interactionId, { interactionId, channel, direction, state, since });
    tell.publish(session + "work-change", m);
  };

  const notified = (m: AgentNotificationMessage): void => {
    monitored = m.notificationType === "silent-monitor-end" ? null : m.interactionId;
    tell.publish("cxengage/interactions/voice/" + m.notificationType, m);
    tell.monitors(monitored);
  };

  /** By type, what happened in a message of the own session. */
  const happened = new Map<unknown, (message: never) => void>([
    ["resource-state-change", (m: StateChangeMessage) => (m.state === "offline" ? ending(m) : show(changeOf(m)))],
    ["resource-direction-change", turn],
    ["resource-work-change", worked],
    ["agent-notification", notified],
  ]);

  /** What is, in a snapshot: it tells what differs from what was published last. */
  const differs = (row: SelfRow): void => {
    const { tenantId, resourceId, timestamp } = row;
    const about = { tenantId, resourceId, sessionId: own, timestamp };
    const now = changeOf(row);
    const turned = now.direction !== direction;
    if (!shown || !sameState(shown, now)) show(now);
    if (turned) turn(now);
    const change = (w: Work, state: WorkChangeMessage["state"], since: string): void => worked({ type: "resource-work-change", ...about, ...w, state, since });
    const open = row.work.map((w) => w.interactionId);
    for (const [id, w] of [...work].sort(([a], [b]) => (a < b ? -1 : 1))) if (!open.includes(id)) change(w, "ended", timestamp);
    for (const w of row.work) if (!sameWork(work.get(w.interactionId), w)) change(w, w.state, w.since);
    const listens = row.monitoredInteractionId ?? null;
    if (listens !== monitored) {
      const notificationType = listens ? "silent-monitor-start" : "silent-monitor-end";
      notified({ type: "agent-notification", notificationType, interactionId: listens ?? monitored ?? "", resourceId, sessionId: own, timestamp });
    }
  };

  return {
    message(message: unknown): void {
      const m = message as { type?: unknown; resourceId?: unknown; sessionId?: unknown; notificationType?: unknown } | null;
      const act = happened.get(m?.type);
      if (!m || !act || (act === notified && !/^silent-monitor-(start|end)$/.test(String(m.notificationType)))) return tell.unknown(message);
      if (m.resourceId !== user) return;
      if (m.sessionId === own) act(m as never);
      else if (!isOlderSession(String(m.sessionId), own)) tell.gone(409);
    },

    snapshot(row: SelfRow): void {
      const { sessionId } = row;
      if (!sessionId || isOlderSession(sessionId, own)) tell.doubt();
      else if (sessionId !== own) tell.gone(409);
      else if (row.state === "offline") ending(row);
      else differs(row);
    },

    shown: (): StateChange | undefined => shown,
    direction: (): Direction => direction,
    monitored: (): string | null => monitored,
    /** The work that the agent has, oldest first. */
    open: (): Work[] => [...work.values()].sort((a, b) => (a.since < b.since ? -1 : 1)),
  };
};
