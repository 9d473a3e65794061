/** What the SDK takes from the browser beside timers and the clock. Tests and other runtimes give their own. */
export interface Environment {
  fetch: typeof fetch;
  WebSocket: new (address: string) => WebSocket;
  BroadcastChannel?: (new (name: string) => BroadcastChannel) | undefined;
  locks?: LockManager | undefined;
  /** It may be forbidden, and then merely looking at it may throw. */
  sessionStorage?: Pick<Storage, "getItem" | "setItem" | "removeItem"> | undefined;
}

/** The page's own. */
export const browserEnvironment = (): Environment => ({
  fetch: (input, init) => globalThis.fetch(input, init),
  WebSocket: globalThis.WebSocket,
  BroadcastChannel: globalThis.BroadcastChannel,
  locks: globalThis.navigator?.locks,
  get sessionStorage() {
    return globalThis.sessionStorage; // which throws where storage is forbidden
  },
});
