import type { FloorRow, Work } from "../../src/app/wire.js";
import { type Agent, agentOf } from "../../src/floor/agent.js";

/** The moment that tests of the floor call now. */
export const now = Date.parse("2026-11-25T12:00:00.000Z");

const minute = 60_000;

/** A moment so many minutes ago. */
export const ago = (minutes: number): string => new Date(now - minutes * minute).toISOString();

export const workOf = (more: Partial<Work> = {}): Work => ({ interactionId: "i1", channel: "voice", direction: "inbound", state: "active", since: ago(3), ...more });

/** A row of somebody who is ready since five minutes. */
export const rowOf = (name: string, more: Partial<FloorRow> = {}): FloorRow => ({
  resourceId: name,
  name,
  sessionId: `session of ${name}`,
  state: "ready",
  reason: null,
  reasonId: null,
  reasonListId: null,
  direction: "inbound",
  stateSince: ago(5),
  directionSince: ago(5),
  offerable: true,
  connection: "live",
  availableStates: ["ready", "notready", "offline"],
  pending: null,
  work: [],
  groups: [],
  version: 1,
  ...more,
});

export const agent = (name: string, more: Partial<FloorRow> = {}): Agent => agentOf(rowOf(name, more));

export const away = (name: string): Agent => agent(name, { sessionId: null, state: "offline", stateSince: ago(60), offerable: false, connection: "lost", availableStates: [] });

export const onBreak = (name: string, minutes = 5, reason: string | null = "Lunch"): Agent =>
  agent(name, { state: "notready", reason, reasonId: reason && `id of ${reason}`, reasonListId: reason && "breaks", stateSince: ago(minutes), offerable: false });
