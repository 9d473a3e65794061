import { type SdkError, newError } from "./error.js";
import { isOlderSession } from "./uuid.js";
import type {
  AgentNotificationMessage,
  Direction,
  DirectionChangeMessage,
  EndCode,
  SelfRow,
  StateChangeMessage,
  Work,
  WorkChangeMessage,
} from "./wire.js";
import type { DirectionChange, Ended, StateChange } from "./topics.js";

/** Something that a message means. */
export type Finding =
  | { kind: "publish"; topic: string; response: unknown }
  | { kind: "error"; topic: string; error: SdkError }
  /** Somebody ended the own session. */
  | { kind: "ended"; how: Ended }
  /** The session is gone without anybody's doing: 404, or 409 where a newer one lives. */
  | { kind: "gone"; status: 404 | 409 }
  /** The server may not know the session: ask. */
  | { kind: "doubt" };

const session = "cxengage/session/";
const voice = "cxengage/interactions/voice/";

export const unknownMessage = (what: unknown): Finding => ({
  kind: "error",
  topic: "cxengage/errors/error/unknown-agent-notification-type",
  error: newError(1005, { notificationReceived: what }),
});

export const sameState = (a: StateChange, b: StateChange): boolean =>
  a.state === b.state &&
  a.reasonId === b.reasonId &&
  a.reasonListId === b.reasonListId &&
  a.reason === b.reason &&
  a.stateSince === b.stateSince &&
  JSON.stringify(a.pending) === JSON.stringify(b.pending);

type StateFields = Pick<SelfRow, "state" | "availableStates" | "direction" | "reason" | "reasonId" | "reasonListId" | "stateSince" | "pending" | "cause"> & {
  supervisorId?: string;
  supervisorName?: string;
};

export const changeOf = (s: StateFields): StateChange => ({
  state: s.state,
  availableStates: s.availableStates,
  direction: s.direction,
  reason: s.reason,
  reasonId: s.reasonId,
  reasonListId: s.reasonListId,
  stateSince: s.stateSince,
  pending: s.pending,
  cause: s.cause,
  ...supervisor(s),
});

const supervisor = (s: { supervisorId?: string; supervisorName?: string }): { supervisorId?: string; supervisorName?: string } => ({
  ...(s.supervisorId ? { supervisorId: s.supervisorId } : {}),
  ...(s.supervisorName ? { supervisorName: s.supervisorName } : {}),
});

export type Judge = ReturnType<typeof createJudge>;

/**
 * Decides what the messages and snapshots of the own view mean for one session. It knows what was published last and reads no clock.
 */
export const createJudge = (user: string, own: string, began: Direction) => {
  let shown: StateChange | undefined;
  let direction = began;
  let work = new Map<string, Work>();
  let monitored: string | null = null;

  const show = (change: StateChange): Finding => {
    shown = change;
    direction = change.direction;
    return { kind: "publish", topic: session + "state-change-response", response: change };
  };

  const turn = (m: { state: DirectionChange["state"]; availableStates: DirectionChange["availableStates"]; direction: Direction; supervisorId?: string; supervisorName?: string }): Finding => {
    direction = m.direction;
    if (shown) shown = { ...shown, direction, availableStates: m.availableStates };
    const response: DirectionChange = { state: m.state, availableStates: m.availableStates, direction, ...supervisor(m) };
    return { kind: "publish", topic: session + "direction-change-response", response };
  };

  /** Tells an end that somebody wanted from one that happened to the session. */
  const ending = (m: { endCode?: EndCode; supervisorId?: string; supervisorName?: string }): Finding => {
    if (m.endCode === "superseded") return { kind: "gone", status: 409 };
    if (m.endCode === "lease_expired") return { kind: "gone", status: 404 };
    return { kind: "ended", how: { state: "offline", ...supervisor(m), ...(m.endCode ? { endCode: m.endCode } : {}) } };
  };

  const worked = (m: WorkChangeMessage): Finding => {
    if (m.state === "ended") work.delete(m.interactionId);
    else work.set(m.interactionId, { interactionId: m.interactionId, channel: m.channel, direction: m.direction, state: m.state, since: m.since });
    return { kind: "publish", topic: session + "work-change", response: m };
  };

  const notified = (m: AgentNotificationMessage): Finding => {
    const ends = m.notificationType === "silent-monitor-end";
    monitored = ends ? null : m.interactionId;
    return { kind: "publish", topic: voice + m.notificationType, response: m };
  };

  /** What happened, in a message of the own session. */
  const happened = (m: { type: string }): Finding => {
    switch (m.type) {
      case "resource-state-change": {
        const change = m as unknown as StateChangeMessage;
        return change.state === "offline" ? ending(change) : show(changeOf(change));
      }
      case "resource-direction-change":
        return turn(m as unknown as DirectionChangeMessage);
      case "resource-work-change":
        return worked(m as unknown as WorkChangeMessage);
      default:
        return notified(m as unknown as AgentNotificationMessage);
    }
  };

  /** What is, in a snapshot: it finds what differs from what was published last. */
  const differs = (row: SelfRow): Finding[] => {
    const found: Finding[] = [];
    const now = changeOf(row);
    const turned = now.direction !== direction;
    if (!shown || !sameState(shown, now)) found.push(show(now));
    if (turned) found.push(turn(now));
    const change = (w: Work, state: WorkChangeMessage["state"], since: string): void => {
      found.push(worked({ type: "resource-work-change", tenantId: row.tenantId, resourceId: row.resourceId, sessionId: own, ...w, state, since, timestamp: row.timestamp }));
    };
    const open = new Set(row.work.map((w) => w.interactionId));
    for (const [id, w] of [...work].sort(([a], [b]) => (a < b ? -1 : 1))) if (!open.has(id)) change(w, "ended", row.timestamp);
    for (const w of row.work) {
      const before = work.get(w.interactionId);
      if (!before || before.state !== w.state || before.since !== w.since || before.channel !== w.channel || before.direction !== w.direction) change(w, w.state, w.since);
    }
    if ((row.monitoredInteractionId ?? null) !== monitored) {
      found.push(
        notified({
          type: "agent-notification",
          notificationType: row.monitoredInteractionId ? "silent-monitor-start" : "silent-monitor-end",
          interactionId: row.monitoredInteractionId ?? monitored ?? "",
          resourceId: row.resourceId,
          sessionId: own,
          timestamp: row.timestamp,
        }),
      );
    }
    return found;
  };

  return {
    message(message: unknown): Finding[] {
      const m = message as { type?: unknown; resourceId?: unknown; sessionId?: unknown; notificationType?: unknown } | null;
      const known =
        m?.type === "resource-state-change" ||
        m?.type === "resource-direction-change" ||
        m?.type === "resource-work-change" ||
        (m?.type === "agent-notification" && (m.notificationType === "silent-monitor-start" || m.notificationType === "silent-monitor-end"));
      if (!known) return [unknownMessage(message)];
      if (m.resourceId !== user) return [];
      if (m.sessionId === own) return [happened(m as { type: string })];
      return isOlderSession(String(m.sessionId), own) ? [] : [{ kind: "gone", status: 409 }];
    },

    snapshot(row: SelfRow): Finding[] {
      if (!row.sessionId || isOlderSession(row.sessionId, own)) return [{ kind: "doubt" }];
      if (row.sessionId !== own) return [{ kind: "gone", status: 409 }];
      return row.state === "offline" ? [ending(row)] : differs(row);
    },

    /** The first state where no snapshot comes: one is always published after `started`. */
    first: (state: StateChange): Finding[] => (shown ? [] : [show(state)]),

    shown: (): StateChange | undefined => shown,
    direction: (): Direction => direction,
    monitored: (): string | null => monitored,
    /** The work that the agent has, oldest first. */
    open: (): Work[] => [...work.values()].sort((a, b) => (a.since < b.since ? -1 : 1)),
  };
};
