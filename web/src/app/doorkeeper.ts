import type { PageName } from "./page-name.js";
import { RefusedError } from "./refusal.js";
import { ask } from "./rest.js";

/** What the server's own pages ask of it beside the documented REST: a cookie that no script can read stands for the user. */
export interface Doorkeeper {
  /** Signs in, and keeps that in the page's cookie. `ttl` is how long the token is to live, in seconds. */
  login: (username: string, password: string, ttl?: number) => Promise<string>;
  /** A fresh token for whom the cookie stands for. Rejects with 401 where that is nobody, or another than the user named. */
  token: (userId?: string) => Promise<string>;
  /** Ends what the cookie stands for, with all tokens that came of it. */
  logout: () => Promise<void>;
}

const tokenIn = async (response: Response): Promise<string> => {
  const { token } = (await response.json().catch(() => ({}))) as { token?: unknown };
  if (typeof token !== "string" || !token) throw new RefusedError({ status: response.status, code: "error" });
  return token;
};

/** Each page has a cookie of its own, so that one browser can have an agent's desk and a supervisor's floor. */
export const createDoorkeeper = (page: PageName): Doorkeeper => {
  const post = (action: string, body: object): Promise<Response> =>
    ask(`/console/${action}`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ page, ...body }) });
  return {
    login: async (username, password, ttl) => tokenIn(await post("login", { username, password, ...(ttl && { ttl }) })),
    token: async (userId) => tokenIn(await post("token", userId ? { userId } : {})),
    logout: async () => void (await post("logout", {})),
  };
};
