import type { Config, Direction, EndCode, Ended, Event, Session, StateChange, WorkChangeMessage } from "../../../sdk/js/src/index.js";
import type { Hearing } from "../app/light.js";
import type { PresenceState, Work } from "../app/wire.js";

/** What an agent sees of their presence. */
export interface Presence {
  state: "ready" | "notready";
  reason: string | null;
  reasonId: string | null;
  reasonListId: string | null;
  since: string | null;
  direction: Direction;
  pending: PresenceState["pending"];
  cause: PresenceState["cause"];
  /** The supervisor who brought it about, if one did. */
  by: string | null;
}

/** Something that others did, which the agent should know until they have seen it. */
export type Notice =
  | { kind: "state"; at: number; by: string; state: Presence["state"]; reason: string | null }
  | { kind: "direction"; at: number; by: string; direction: Direction }
  /** The system holds the agent not ready. */
  | { kind: "held"; at: number }
  /** It does no longer, and what was chosen before is in force again. */
  | { kind: "released"; at: number; state: Presence["state"]; reason: string | null }
  /** The connection is back. */
  | { kind: "back"; at: number; away: number };

/** How a session came to its end. */
export interface Over {
  how: EndCode;
  by: string | null;
  at: number;
}

export interface Desk {
  session: { id: string; startedAt: string } | null;
  presence: Presence | null;
  config: Config | null;
  work: readonly Work[];
  hearing: Hearing;
  notices: readonly Notice[];
  over: Over | null;
}

/** How quiet the server may be before its first word about that, in milliseconds, and how late its word may come. */
const firstPatience = 30_000;
const lateness = 2.5;

export const emptyDesk = (now: number, online: boolean): Desk => ({
  session: null,
  presence: null,
  config: null,
  work: [],
  hearing: { connected: null, since: now, heard: now, patience: firstPatience, online },
  notices: [],
  over: null,
});

type Change = Pick<StateChange, "state" | "reason" | "reasonId" | "reasonListId" | "direction" | "stateSince" | "pending" | "cause" | "supervisorName">;

const presenceOf = (change: Change, before: Presence | null): Presence => {
  const { reason, reasonId, reasonListId, direction, pending, cause, stateSince, supervisorName } = change;
  const state = change.state === "ready" ? "ready" : "notready";
  const same = before !== null && before.state === state && before.reasonId === reasonId && before.since === stateSince;
  return { state, reason, reasonId, reasonListId, since: stateSince, direction, pending, cause, by: supervisorName ?? (same && cause === before.cause ? before.by : null) };
};

/** A notice in the place of the one of its kind. */
const withNotice = (notices: readonly Notice[], notice: Notice): Notice[] => {
  // What is held or back, is not at the same time released or away.
  const replaced: readonly Notice["kind"][] = notice.kind === "held" || notice.kind === "released" ? ["held", "released"] : [notice.kind];
  return [...notices.filter(({ kind }) => !replaced.includes(kind)), notice];
};

/** Whether the two show the same state. */
const sameState = (a: Presence, b: Presence): boolean => a.state === b.state && a.reasonId === b.reasonId && a.since === b.since;

const isHeld = ({ state, cause }: Presence): boolean => state === "notready" && cause === "system";

/** What a change of state is to be told as, beside being shown; null for the agent's own. */
const noticeOf = (before: Presence | null, after: Presence, at: number): Notice | null => {
  if (before === null || sameState(before, after)) return null;
  const { state, reason, by } = after;
  if (isHeld(after)) return { kind: "held", at };
  if (after.cause === "supervisor" && by !== null) return { kind: "state", at, by, state, reason };
  return isHeld(before) ? { kind: "released", at, state, reason } : null;
};

const began = (desk: Desk, session: Session, now: number): Desk => ({
  ...emptyDesk(now, desk.hearing.online),
  config: desk.config,
  session: { id: session.sessionId ?? "", startedAt: session.startedAt },
  presence: presenceOf(session, null),
});

const stated = (desk: Desk, change: StateChange, now: number): Desk => {
  const presence = presenceOf(change, desk.presence);
  const notice = noticeOf(desk.presence, presence, now);
  const own = presence.cause === "agent" && desk.presence !== null && !sameState(desk.presence, presence);
  // Who chooses anew has seen what was chosen for them.
  const seen = own ? desk.notices.filter(({ kind }) => kind !== "state") : desk.notices;
  const heard: Hearing = { ...desk.hearing, connected: desk.hearing.connected ?? true, heard: now };
  return { ...desk, presence, hearing: heard, notices: notice ? withNotice(seen, notice) : seen };
};

const worked = (work: readonly Work[], { interactionId, channel, direction, state, since }: WorkChangeMessage): Work[] => {
  const others = work.filter((w) => w.interactionId !== interactionId);
  if (state === "ended") return others;
  const changed: Work = { interactionId, channel, direction, state, since };
  return work.length === others.length ? [...others, changed] : work.map((w) => (w.interactionId === interactionId ? changed : w));
};

const linked = (desk: Desk, connected: boolean, since: number, now: number): Desk => {
  const { hearing, notices } = desk;
  const back = connected && hearing.connected === false;
  return {
    ...desk,
    hearing: { ...hearing, connected, since, heard: connected ? now : hearing.heard },
    notices: back ? withNotice(notices, { kind: "back", at: now, away: now - hearing.since }) : notices,
  };
};

const endedBy = ({ endCode = "logged_out", supervisorName }: Ended, now: number): Over => ({ how: endCode, by: supervisorName ?? null, at: now });

/** The desk after an event of the SDK. `now` is the server's time in milliseconds. */
export const afterEvent = (desk: Desk, event: Event, now: number): Desk => {
  if (event.error) {
    if (event.topic !== "cxengage/session/heartbeat-response" || event.error.code !== 2003) return desk;
    return { ...desk, over: { how: event.error.data.apiResponse?.status === 409 ? "superseded" : "lease_expired", by: null, at: now } };
  }
  switch (event.topic) {
    case "cxengage/session/started":
      return began(desk, event.response, now);
    case "cxengage/session/config-details":
      return { ...desk, config: event.response };
    case "cxengage/session/extension-list":
      return desk.config ? { ...desk, config: { ...desk.config, extensions: event.response.extensions, activeExtension: event.response.activeExtension } } : desk;
    case "cxengage/session/state-change-response":
      return stated(desk, event.response, now);
    case "cxengage/session/direction-change-response": {
      const { direction, supervisorName: by } = event.response;
      const presence = desk.presence && { ...desk.presence, direction };
      const turned = desk.presence?.direction !== direction;
      return { ...desk, presence, notices: by && turned ? withNotice(desk.notices, { kind: "direction", at: now, by, direction }) : desk.notices };
    }
    case "cxengage/session/work-change":
      return { ...desk, work: worked(desk.work, event.response) };
    case "cxengage/session/connection":
      return linked(desk, event.response.connected, Date.parse(event.response.since) || now, now);
    case "cxengage/session/heartbeat-response": {
      const { heartbeatDelay } = event.response;
      return { ...desk, hearing: { ...desk.hearing, heard: now, patience: heartbeatDelay * 1000 * lateness } };
    }
    case "cxengage/session/ended":
      return { ...desk, over: endedBy(event.response, now) };
  }
  return desk;
};

export const withoutNotice = (desk: Desk, notice: Notice): Desk => ({ ...desk, notices: desk.notices.filter((other) => other !== notice) });

export const withNetwork = (desk: Desk, online: boolean, now: number): Desk => ({ ...desk, hearing: { ...desk.hearing, online, since: now } });
