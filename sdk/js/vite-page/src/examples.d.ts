// What the examples of the documents take for granted.

/** The elements of the pages, by their ids. */
interface Elements {
  login: HTMLFormElement;
  desk: HTMLElement;
  tenant: HTMLSelectElement;
  ready: HTMLButtonElement;
  notready: HTMLButtonElement;
  logout: HTMLButtonElement;
  state: HTMLOutputElement;
}

declare const client: import("muster-sdk").Client;
declare const username: string;
declare const password: string;
declare const tenantId: string;
declare const extensionValue: string;

declare function draw(rows: readonly import("muster-sdk").FloorRow[]): void;
declare function drawRow(row: import("muster-sdk").FloorRow): void;
declare function showDialPad(): void;
declare function showUsers(): void;

/** React's. */
declare function useSyncExternalStore<State>(subscribe: (changed: () => void) => () => void, get: () => State): State;
