import { pick } from "./copy.js";
import { sessionTopic } from "./hub.js";
import type { Monitoring } from "./monitoring.js";
import { isOlderSession } from "./uuid.js";
import type { AgentNotificationMessage, Direction, PresenceState, SelfRow, Session, StateChangeMessage, Work, WorkChangeMessage } from "./wire.js";
import type { DirectionChange, Ended, StateChange } from "./topics.js";

/** Is told what messages mean. */
export interface Verdicts {
  publish: (topic: string, response: unknown) => void;
  /** Who tells of silent monitoring, if anybody does. */
  monitoring: Monitoring | undefined;
  /** A message that cannot be read; it is passed over. */
  unknown: (message: unknown) => void;
  /** Somebody ended the own session. */
  ended: (how: Ended) => void;
  /** The session is gone without anybody's doing: 404, or 409 where a newer one lives. */
  gone: (status: 404 | 409) => void;
  /** The server may not know the session: ask. */
  doubt: () => void;
}

/** What is published of a presence state. */
export const changeOf = (state: StateChange): StateChange =>
  pick(state, "state", "availableStates", "direction", "reason", "reasonId", "reasonListId", "supervisorId", "supervisorName", "stateSince", "pending", "cause");

const same = <T extends object>(a: T | undefined, b: T, ...fields: (keyof T)[]): boolean =>
  !!a && JSON.stringify(pick(a, ...fields)) === JSON.stringify(pick(b, ...fields));

export type Judge = ReturnType<typeof createJudge>;

/**
 * Decides what the messages and snapshots of the own view mean for one session. It knows what was published last and reads no clock.
 */
export const createJudge = (user: string, own: string, began: Session, tell: Verdicts) => {
  let shown: StateChange | undefined;
  /** What an answer has told and the stream has not. */
  let kept: StateChange | undefined = changeOf(began);
  let { direction } = began;
  const work = new Map<string, Work>();

  const show = (change: StateChange): void => {
    if (!(kept && change.stateSince! < kept.stateSince!)) kept = undefined; // what waited for the answer may be older than that
    shown = change;
    direction = change.direction;
    tell.publish(sessionTopic + "state-change-response", change);
  };

  const turn = (change: DirectionChange): void => {
    direction = change.direction;
    const turned = pick(change, "availableStates", "direction");
    if (shown) shown = { ...shown, ...turned };
    if (kept) kept = { ...kept, ...turned };
    tell.publish(sessionTopic + "direction-change-response", pick(change, "state", "availableStates", "direction", "supervisorId", "supervisorName"));
  };

  /** Tells an end that somebody wanted from one that happened to the session. */
  const ending = ({ endCode, supervisorId, supervisorName }: Omit<Ended, "state">): void => {
    if (endCode === "superseded") tell.gone(409);
    else if (endCode === "lease_expired") tell.gone(404);
    else tell.ended({ state: "offline", supervisorId, supervisorName, endCode });
  };

  const worked = (m: WorkChangeMessage): void => {
    if (m.state === "ended") work.delete(m.interactionId);
    else work.set(m.interactionId, pick(m, "interactionId", "channel", "direction", "state", "since") as Work);
    tell.publish(sessionTopic + "work-change", m);
  };

  /** By type, what happened in a message of the own session. */
  const happened = new Map<unknown, (message: never) => unknown>([
    ["resource-state-change", (m: StateChangeMessage) => (m.state === "offline" ? ending(m) : show(changeOf(m)))],
    ["resource-direction-change", turn],
    ["resource-work-change", worked],
    ["agent-notification", (m: AgentNotificationMessage) => tell.monitoring?.notified(m) === false && tell.unknown(m)],
  ]);

  /** Tells of the present state what differs from what was published last, and what was asked for always, and says whether it told anything. */
  const compare = (now: StateChange, asked?: "state" | "direction"): boolean => {
    kept = undefined;
    const turned = asked === "direction" || now.direction !== direction;
    const changed = asked === "state" || !same(shown, now, "state", "reason", "reasonId", "reasonListId", "stateSince", "pending");
    if (changed) show(now);
    if (turned) turn(now);
    return changed || turned;
  };

  /** What is, in a snapshot. */
  const differs = (row: SelfRow): void => {
    const { timestamp } = row;
    const about = { ...pick(row, "tenantId", "resourceId", "timestamp"), sessionId: own };
    compare(changeOf(row));
    const change = (w: Work, state: WorkChangeMessage["state"], since: string): void => worked({ type: "resource-work-change", ...about, ...w, state, since });
    const open = row.work.map((w) => w.interactionId);
    for (const [id, w] of [...work].sort(([a], [b]) => (a < b ? -1 : 1))) if (!open.includes(id)) change(w, "ended", timestamp);
    for (const w of row.work) if (!same(work.get(w.interactionId), w, "channel", "direction", "state", "since")) change(w, w.state, w.since);
    tell.monitoring?.differs(row);
  };

  return {
    message(message: unknown): void {
      const m = message as { type?: unknown; resourceId?: unknown; sessionId?: unknown } | null;
      const act = happened.get(m?.type);
      if (!m || !act) return tell.unknown(message);
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

    /** Keeps what an answer says, which the stream is to tell. */
    keep: (state: PresenceState): void => void (kept = changeOf(state)),

    /** Tells what is kept without the stream, and says whether it told anything. */
    tellKept: (asked?: "state" | "direction"): boolean => !!kept && compare(kept, asked),

    shown: (): StateChange | undefined => shown,
    direction: (): Direction => direction,
    /** The work that the agent has, oldest first. */
    open: (): Work[] => [...work.values()].sort((a, b) => (a.since < b.since ? -1 : 1)),
  };
};
