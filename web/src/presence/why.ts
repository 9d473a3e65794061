import type { Why, WhyStep, WhyTimer } from "../app/wire.js";
import { t as app } from "../app/words.js";
import { sayChannel, sayState } from "./said.js";
import { t } from "./texts.js";

/** What somebody is told of a step: the change, and below it the evidence. `foreign`: the sentence is the server's own, in English. */
export interface Told {
  text: string;
  evidence: string[];
  foreign: boolean;
}

/** To whom it is told: the agent, or somebody else of the agent. */
export type Listener = "own" | "other";

interface SetState {
  state: "ready" | "notready";
  reason: string | null;
  repeated: boolean;
}

/**
 * State, direction and work of a step stand in the server's sentence only. Where a sentence is not as expected, it is shown as it is.
 */
export const stateIn = (text: string): SetState | null => {
  const found = /^The state was set to (ready|not ready)(?: with the reason (.+?))?(, which it was already)?\.$/.exec(text);
  return found ? { state: found[1] === "ready" ? "ready" : "notready", reason: found[2] ?? null, repeated: !!found[3] } : null;
};

export const directionIn = (text: string): "inbound" | "outbound" | "agent-initiated" | null =>
  (/^The direction was set to (inbound|outbound|agent-initiated)\.$/.exec(text)?.[1] as "inbound" | "outbound" | "agent-initiated" | undefined) ?? null;

export const workIn = (text: string): { channel: string; state: "offered" | "active" | "wrapup" | "ended" } | null => {
  const found = /^An interaction \((.+)\) (?:was reported as (offered|active|wrapup)|(ended))\.$/.exec(text);
  return found ? { channel: found[1]!, state: (found[2] ?? found[3]) as "offered" | "active" | "wrapup" | "ended" } : null;
};

const textOf = (evidence: WhyStep["evidence"], field: string): string | null => {
  const value = evidence?.[field];
  return typeof value === "string" && value ? value : null;
};

const evidenceOf = ({ evidence }: WhyStep, time: (moment: string) => string): string[] => {
  const told: string[] = [];
  const heard = textOf(evidence, "lastHeard");
  const beat = textOf(evidence, "beatSent");
  const closed = textOf(evidence, "socketClosed");
  const by = textOf(evidence, "closedBy");
  const taken = evidence?.["workTakenOver"];
  if (typeof taken === "number") told.push(t("why.takenOver", { count: taken }));
  if (heard) told.push(t("why.evidence.heard", { time: time(heard) }));
  if (beat) told.push(t("why.evidence.beat", { time: time(beat) }));
  if (closed && (by === "client" || by === "network" || by === "server")) told.push(t(`why.evidence.closed.${by}`, { time: time(closed) }));
  return told;
};

/** Who acted, as a part of the keys of texts: the listener, the agent, a supervisor, or the system. */
const actor = ({ cause }: WhyStep, listener: Listener): "own" | "agent" | "supervisor" | "system" => (cause === "agent" && listener === "own" ? "own" : cause);

const sentence = (step: WhyStep, listener: Listener): string | null => {
  const who = step.byName ?? t("why.system");
  switch (step.change) {
    case "session_started":
      return t(`why.started.${listener}`);
    case "state_set": {
      const set = stateIn(step.text);
      if (!set) return null;
      const said = t(`why.set.${actor(step, listener)}`, { who, state: sayState(set.state, set.reason) });
      return set.repeated ? `${said} ${t("why.repeated")}` : said;
    }
    case "logout_deferred":
      return step.cause === "agent" && listener === "own" ? t("why.deferred.own") : t("why.deferred.other", { who });
    case "direction_set": {
      const direction = directionIn(step.text);
      return direction && t(`why.direction.${actor(step, listener)}`, { who, direction: app(`direction.${direction}`) });
    }
    case "work_reported":
    case "work_ended": {
      const work = workIn(step.text);
      return work && t(`why.work.${work.state}`, { channel: sayChannel(work.channel) });
    }
    case "connection_changed":
      if (step.rule === "heard") return t("why.heard");
      if (step.rule === "socket_closed") return t("why.closed");
      return textOf(step.evidence, "beatSent") ? t("why.unanswered") : t("why.silent");
    case "held":
      return t("why.held");
    case "released":
      return t("why.released");
    case "lease_taken":
      return t("why.restarted");
    case "session_ended":
      if (step.rule === "session_superseded") return t("why.ended.superseded");
      if (step.rule === "access_revoked") return t("why.ended.revoked");
      if (step.rule === "lease_expired") return t("why.ended.expired");
      return step.cause === "supervisor" ? t("why.ended.supervisor", { who }) : t(`why.ended.loggedOut.${listener}`);
  }
  return null;
};

/** Tells a step in the page's language. */
export const tellStep = (step: WhyStep, listener: Listener, time: (moment: string) => string): Told => {
  const own = sentence(step, listener);
  return { text: own ?? step.text, evidence: evidenceOf(step, time), foreign: own === null };
};

export const tellTimer = ({ rule, effect }: WhyTimer): string => {
  if (rule === "socket_closed" || rule === "connection_silent") return t("why.timer.offer");
  if (rule === "connection_lost") return t("why.timer.held");
  return rule === "lease_expired" ? t("why.timer.end") : effect;
};

/** How things stand, in sentences. */
export const tellNow = (why: Pick<Why, "state" | "since" | "offerable" | "connection" | "chain">, listener: Listener, time: (moment: string) => string, lasted: string): string => {
  const set = [...why.chain].reverse().find(({ change }) => change === "state_set" || change === "session_started");
  const reason = set ? (stateIn(set.text)?.reason ?? null) : null;
  const state = sayState(why.state, why.state === "notready" ? reason : null);
  const said = [why.since ? t("why.nowSince", { state, time: time(why.since), lasted }) : t("why.nowOnly", { state })];
  if (why.state !== "offline") said.push(t(`why.connection.${why.connection}`), t(`why.${why.offerable ? "offerable" : "notOfferable"}.${listener}`));
  return said.join(" ");
};
