import type { LoggedIn } from "../../../sdk/js/src/index.js";
import { type Cell, cell } from "./cell.js";
import type { PageClient, PageClientOptions } from "./client.js";
import { createDoorkeeper } from "./doorkeeper.js";
import { locale } from "./locale.js";
import type { PageName } from "./page-name.js";
import { type Refusal, refusalOf } from "./refusal.js";
import { type Rest, ask, createRest } from "./rest.js";
import { keepTenant } from "./tenant.js";

export type Identity = LoggedIn;

export type AccountState =
  /** It is being found out whether somebody is signed in. */
  | { kind: "checking" }
  /** The server does not answer; it is asked again. */
  | { kind: "unreachable"; refusal: Refusal }
  | { kind: "signedOut" }
  /** `expired`: the sign-in has run out while the page was in use; what the page shows goes on until the user has signed in again. */
  | { kind: "signedIn"; identity: Identity; expired: boolean };

/** Who uses the page, and the client that acts for them. The token is in the client's memory only. */
export interface Account<C extends PageClient = PageClient> {
  readonly client: C;
  readonly rest: Rest;
  readonly state: Cell<AccountState>;
  /** Where the server's interface is; ends with /v1/. */
  readonly baseUrl: string;
  /** A fresh token by the cookie, for clients that the page makes beside this one. */
  readonly freshToken: () => Promise<string>;
  /** Asks whether somebody is signed in. */
  check: () => Promise<void>;
  /** Rejects with a RefusedError or a MusterError; see refusalOf. */
  signIn: (username: string, password: string) => Promise<void>;
  signOut: () => Promise<void>;
}

/** Where no cookie is kept, no other token comes: this one lasts for a shift. In seconds. */
const framedTtl = 12 * 60 * 60;
/** How long the server is left alone that did not answer, in milliseconds. */
const retryPause = 3_000;

/** Whether the page is in a frame of another origin's: there the browser keeps no strict cookie. */
const isFramedAbroad = (): boolean => {
  try {
    return window.parent !== window && window.parent.location.origin !== window.location.origin;
  } catch {
    return true;
  }
};

const isRefused = (cause: unknown): boolean => [401, 403].includes(refusalOf(cause).status);

export const createAccount = <C extends PageClient>(page: PageName, connect: (options: PageClientOptions) => C): Account<C> => {
  const state = cell<AccountState>({ kind: "checking" });
  const baseUrl = new URL("/v1/", window.location.href).href;
  const doorkeeper = createDoorkeeper(page);
  const framed = isFramedAbroad();

  /** The page hears of it where the cookie is not good any more. */
  const freshToken = async (): Promise<string> => {
    const now = state.value;
    try {
      return await doorkeeper.token(now.kind === "signedIn" ? now.identity.userId : undefined);
    } catch (cause) {
      const then = state.value;
      if (isRefused(cause) && then.kind === "signedIn") state.set({ ...then, expired: true });
      throw cause;
    }
  };

  const client = connect({ baseUrl, name: `muster-${page}`, locale: locale.value, token: freshToken });
  locale.watch((chosen) => client.session.setLocale(chosen));

  const reload = (): void => {
    keepTenant(null);
    window.location.reload();
  };

  /** Finds out whose token it is, and lets them in. */
  const enter = async (token: string): Promise<void> => {
    const before = state.value;
    const identity = (await client.authentication.login({ token })) as Identity;
    if (before.kind === "signedIn" && before.identity.userId !== identity.userId) return reload(); // nothing of the other user may stay
    state.set({ kind: "signedIn", identity, expired: false });
  };

  const check = async (): Promise<void> => {
    if (state.value.kind !== "unreachable") state.set({ kind: "checking" });
    try {
      await enter(await doorkeeper.token());
    } catch (cause) {
      if (isRefused(cause)) return state.set({ kind: "signedOut" });
      state.set({ kind: "unreachable", refusal: refusalOf(cause) });
      setTimeout(() => void (state.value.kind === "unreachable" && check()), retryPause);
    }
  };

  return {
    client,
    rest: createRest(baseUrl, client, freshToken),
    state,
    baseUrl,
    freshToken,
    check,
    signIn: async (username, password) => enter(await doorkeeper.login(username, password, framed ? framedTtl : undefined)),
    async signOut() {
      const token = client.session.getToken();
      try {
        if (framed && token) await ask(new URL("tokens/current", baseUrl), { method: "DELETE", headers: { Authorization: `Token ${token}` } });
        await doorkeeper.logout();
      } catch (cause) {
        if (!isRefused(cause)) throw cause; // who is not signed in is signed out
      }
      client.close();
      reload();
    },
  };
};
