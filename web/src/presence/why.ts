import type { Why, WhyStep, WhyTimer } from "../app/wire.js";
import { t as app } from "../app/words.js";
import { sayChannel, sayState } from "./said.js";
import { t } from "./texts.js";

/**
 * What somebody is told of a step: the change, and below it the evidence. `foreign`: the sentence is the server's own, in English, because
 * the change is of a kind that is not known here.
 */
export interface Told {
  text: string;
  evidence: string[];
  foreign: boolean;
}

/** To whom it is told: the agent, or somebody else of the agent. */
export type Listener = "own" | "other";

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

const repeatable = ({ repeated }: WhyStep, said: string): string => (repeated ? `${said} ${t("why.repeated")}` : said);

const sentence = (step: WhyStep, listener: Listener): string | null => {
  const who = step.byName ?? t("why.system");
  switch (step.change) {
    case "session_started":
      return t(`why.started.${listener}`);
    case "state_set":
      return step.state && repeatable(step, t(`why.set.${actor(step, listener)}`, { who, state: sayState(step.state, step.reason) }));
    case "logout_deferred":
      return repeatable(step, step.cause === "agent" && listener === "own" ? t("why.deferred.own") : t("why.deferred.other", { who }));
    case "direction_set":
      return step.direction && repeatable(step, t(`why.direction.${actor(step, listener)}`, { who, direction: app(`direction.${step.direction}`) }));
    case "work_reported":
    case "work_ended":
      return step.work && t(`why.work.${step.work.state}`, { channel: sayChannel(step.work.channel) });
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
export const tellNow = (why: Pick<Why, "state" | "reason" | "since" | "offerable" | "connection">, listener: Listener, time: (moment: string) => string, lasted: string): string => {
  const state = sayState(why.state, why.reason);
  const said = [why.since ? t("why.nowSince", { state, time: time(why.since), lasted }) : t("why.nowOnly", { state })];
  if (why.state !== "offline") said.push(t(`why.connection.${why.connection}`), t(`why.${why.offerable ? "offerable" : "notOfferable"}.${listener}`));
  return said.join(" ");
};
