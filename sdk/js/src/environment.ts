/** What the SDK takes from the browser beside timers and the clock: the page itself. Tests and other runtimes give their own. */
export interface Environment {
  fetch: typeof fetch;
  WebSocket: new (address: string) => WebSocket;
  BroadcastChannel?: (new (name: string) => BroadcastChannel) | undefined;
  navigator?: { locks?: LockManager | undefined } | undefined;
  /** It may be forbidden, and then merely looking at it may throw. */
  sessionStorage?: Pick<Storage, "getItem" | "setItem" | "removeItem"> | undefined;
}
