import type { Direction, PresenceState } from "../app/wire.js";
import type { Agent } from "./agent.js";

/** A reason as requests name it. */
export interface OrderReason {
  readonly reason: string;
  readonly reasonId: string;
  readonly reasonListId: string;
}

/** What a supervisor wants of agents. */
export type Order =
  | { readonly kind: "state"; readonly state: "ready" }
  | { readonly kind: "state"; readonly state: "notready"; readonly reason: OrderReason | null }
  | { readonly kind: "direction"; readonly direction: Direction }
  /** `now`: without waiting for open work. */
  | { readonly kind: "logout"; readonly now: boolean };

/** What is known of an agent beside the row; undefined is not known. */
export interface Known {
  /** What becomes of a log-out while work is open. */
  readonly offlineWithWork?: "refuse" | "wait";
  /** Whether there is an active extension. */
  readonly extension?: boolean | undefined;
  /** The ids of the reasons that the agent may have. */
  readonly reasons?: ReadonlySet<string> | undefined;
}

/** What an order will do to an agent, and why. */
export interface Fate {
  /** `wait`: it may wait for something; `same`: it changes nothing; `refuse`: it cannot be done. */
  readonly kind: "change" | "wait" | "same" | "refuse";
  readonly why?: "offline" | "noExtension" | "noReason" | "already" | "workOpen" | "workLeft" | "held";
}

const already: Fate = { kind: "same", why: "already" };

/** Whether the system, and not the agent, made them not ready. Then what is asked for shows when the connection is back. */
const isHeld = ({ row, hearing }: Agent): boolean => row.state === "notready" && hearing !== "live" && row.reason === "Connection lost";

const stateFate = (order: Extract<Order, { kind: "state" }>, agent: Agent, known: Known): Fate => {
  const { row } = agent;
  if (order.state === "ready" && known.extension === false) return { kind: "refuse", why: "noExtension" };
  if (order.state === "notready" && order.reason && known.reasons && !known.reasons.has(order.reason.reasonId)) return { kind: "refuse", why: "noReason" };
  if (isHeld(agent)) return { kind: "wait", why: "held" };
  const reasonId = order.state === "notready" ? (order.reason?.reasonId ?? null) : null;
  if (row.state === order.state && row.reasonId === reasonId && row.pending === null) return already;
  return { kind: "change" };
};

/** What will become of an order, as far as it can be known here. The server has the last word. */
export const foresee = (order: Order, agent: Agent, known: Known = {}): Fate => {
  const { row } = agent;
  if (row.sessionId === null) return { kind: "refuse", why: "offline" };
  switch (order.kind) {
    case "state":
      return stateFate(order, agent, known);
    case "direction":
      return row.direction === order.direction ? already : { kind: "change" };
    case "logout":
      if (row.work.length === 0) return { kind: "change" };
      return order.now ? { kind: "change", why: "workLeft" } : { kind: known.offlineWithWork ?? "wait", why: "workOpen" };
  }
};

/** The request of an order: where it goes, below the agent's presence, and what it says. */
export const requestOf = (order: Order, sessionId: string | null): { route: "" | "/direction"; body: object } => {
  switch (order.kind) {
    case "state":
      return { route: "", body: { sessionId, state: order.state, ...(order.state === "notready" && order.reason) } };
    case "direction":
      return { route: "/direction", body: { sessionId, direction: order.direction } };
    case "logout":
      return { route: "", body: { sessionId, state: "offline", ...(order.now && { forceLogout: true }) } };
  }
};

/** What the answer says has become of it. */
export type Outcome = "done" | "waits" | "held";

export const outcomeOf = (order: Order, answer: PresenceState): Outcome => {
  if (order.kind === "logout") return answer.state === "offline" ? "done" : "waits";
  if (order.kind === "state" && answer.state !== order.state) return "held";
  return "done";
};
