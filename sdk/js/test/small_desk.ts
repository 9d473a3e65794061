import type { Environment } from "../src/index.js";
import { type Answer, SmallServer } from "./small_server.js";

// An agent in a tenant, as far as tests without a script need one.

export const tenantId = "0a8f2d60-0000-4000-8000-000000000001";
export const userId = "0a8f2d60-0000-4000-8000-000000000002";
export const otherId = "0a8f2d60-0000-4000-8000-000000000003";
export const sessionId = "b1d5a2c0-1577-11f1-8a5c-7d9e3f60a2b4";
export const presence = `tenants/${tenantId}/presence/${userId}`;
export const start = `POST ${presence}/session`;
export const began = { sessionId, tenantId, resourceId: userId, state: "notready", direction: "inbound", silentMonitoring: false, pending: null };
export const epoch = "5f0f6c1e-9d59-4a52-8a0e-0c8f3f0d7b11";

export const within = (more: Record<string, Answer> = {}): SmallServer =>
  new SmallServer({
    [`GET tenants/${tenantId}`]: { body: { result: { id: tenantId, regionId: "r1" } } },
    "GET regions/r1": { body: { result: { id: "r1" } } },
    [`GET tenants/${tenantId}/users/${userId}/config`]: { body: { result: { extensions: [], activeExtension: null, reasonLists: [] } } },
    [`POST ${presence}/heartbeat`]: { body: { result: { heartbeatDelay: 15, timestamp: "2000-01-01T00:00:00.000Z" } } },
    [start]: { body: { result: began } },
    ...more,
  });

/** An answer that comes when it is given. */
export const later = () => {
  let give!: (answer: { status?: number; body: unknown }) => void;
  return { answer: new Promise<{ status?: number; body: unknown }>((resolve) => (give = resolve)), give };
};

/** A socket that does what the test wants. */
export class Socket {
  static made: Socket[] = [];
  readyState = 0;
  readonly sent: { type: string; token?: string }[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((e: { data: string }) => void) | null = null;
  onclose: ((e: { code: number; reason: string }) => void) | null = null;

  constructor() {
    Socket.made.push(this);
  }

  open(): void {
    this.readyState = 1;
    this.onopen?.();
  }

  frame(frame: unknown): void {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }

  end(code: number): void {
    this.readyState = 3;
    this.onclose?.({ code, reason: "" });
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text) as { type: string });
  }

  close(): void {
    this.readyState = 3;
  }
}

/** An environment of such sockets. */
export const sockets = { WebSocket: Socket as unknown as Environment["WebSocket"] };

/** The agent's state, since this hundredth of a second. */
export const state = (name: string, tick: number) => ({
  sessionId, resourceId: userId, state: name, availableStates: [], direction: "inbound", stateSince: `2000-01-01T00:00:00.0${String(tick).padStart(2, "0")}Z`,
  pending: null, reason: null, reasonId: null, reasonListId: null, cause: null,
});

/** Frames that tell of it. */
export const snapshot = (seq: number, of: object) => ({ type: "snapshot", cursor: `${epoch}:${seq}`, part: 1, last: true, rows: [{ tenantId, ...of, work: [], monitoredInteractionId: null }] });
export const message = (seq: number, of: object) => ({ type: "events", events: [{ seq, prev: seq - 1, message: { type: "resource-state-change", tenantId, ...of } }] });

export const welcome = (socket: Socket, ...frames: object[]): void => {
  socket.open();
  for (const frame of [{ type: "welcome", beatMs: 4000 }, ...frames]) socket.frame(frame);
};
