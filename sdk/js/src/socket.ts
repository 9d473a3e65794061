import type { Environment } from "./environment.js";

/** What carries frames. */
export interface Link {
  send: (text: string) => void;
  close: () => void;
}

/** The link's end: a close code, or 1006 for none. */
export type Ended = (code: number, reason: string, retryAfter?: number) => void;

/** Carries frames over a WebSocket. A beat is answered from the message handler, which browsers hold back in no tab. */
export const openSocket = (environment: Environment, address: string, take: (text: string) => void, ended: Ended, hello: () => string): Link => {
  const socket = new environment.WebSocket(address);
  socket.onopen = () => socket.send(hello());
  socket.onmessage = (e: MessageEvent) => take(String(e.data));
  socket.onclose = (e: CloseEvent) => ended(e.code, e.reason);
  return {
    send: (text) => {
      if (socket.readyState === 1) socket.send(text);
    },
    close: () => {
      socket.onopen = null; // what else it still brings, nobody listens to
      socket.close(1000);
    },
  };
};
