import { type Call, Refused, define } from "./call.js";
import { type Core, answerOf, ask, refusedBy } from "./core.js";
import { newError } from "./error.js";
import { holdUntilAnswered, offline } from "./own.js";
import type { LoggedIn } from "./topics.js";
import { flag, id, nothing, optionalId, text } from "./validate.js";
import type { AuthInfo, PresenceState, TokenResponse, User, UserIdentity } from "./wire.js";

export interface LoginParams {
  username?: string;
  password?: string;
  /** Asks for a token that lives so many seconds; the server clamps it to 60 s to 7 days. */
  ttl?: number | null;
  /** Fetches a fresh token for whoever is logged in, and leaves all else as it is. */
  noStateReset?: boolean | null;
  /** Logs in by a token in the place of user name and password. */
  token?: string;
}

export interface Authentication {
  login: Call<LoginParams, LoggedIn | { ttl: number }>;
  logout: Call<Record<string, never>, PresenceState>;
  getAuthInfo: Call<{ username?: string; tenantId?: string; idpId?: string | null }, { result: AuthInfo }>;
  popIdentityPage: Call<Record<string, never>, boolean>;
  updateDefaultTenant: Call<{ tenantId: string }, { result: User }>;
}

const prefix = "cxengage/authentication/";

export const createAuthentication = (core: Core): Authentication => {
  /** Forgets whoever was logged in and stops what ran for them, without a word to the server. */
  const forget = (): void => {
    core.live?.stop();
    core.user = core.identity = core.tenant = null;
    core.last = undefined;
    core.credentials.set(null);
  };

  const identify = async (token: string, auth: LoggedIn["auth"]): Promise<LoggedIn> => {
    const identity = await ask<UserIdentity>(core, 3002, { method: "POST", path: ["login"], token });
    core.credentials.set(token);
    core.identity = identity;
    core.user = identity.userId;
    core.publish("cxengage/session/tenant-list", identity.tenants);
    return { ...identity, auth };
  };

  const login = define<LoginParams, LoggedIn | { ttl: number }>(
    core,
    prefix + "login-response",
    (p, problems) => {
      const token = p["token"];
      if (token !== undefined && token !== null) {
        if (typeof token !== "string" || !/^[!-~]+$/.test(token)) problems.push("token must be a string of one word of plain letters");
        else if (p["username"] || p["password"]) problems.push("token goes without username and password");
        return;
      }
      text("username")(p, problems);
      text("password")(p, problems);
      flag("noStateReset")(p, problems);
      const ttl = p["ttl"];
      if (ttl !== undefined && ttl !== null && !(typeof ttl === "number" && ttl > 0)) problems.push("ttl must be a number of seconds above 0");
    },
    async (p, asked) => {
      if (p.token) return identify(p.token, "token");
      if (!p.noStateReset) forget();
      const body = { username: p.username, password: p.password, ...(p.ttl ? { ttl: p.ttl } : {}) };
      let got: TokenResponse;
      try {
        got = (await core.rest.send({ method: "POST", path: ["tokens"], body, token: null })) as TokenResponse;
      } catch (cause) {
        throw refusedBy(3000, cause);
      }
      if (!p.noStateReset) return identify(got.token, "username");
      core.credentials.set(got.token);
      const fresh = { ttl: got.ttl };
      asked.answer(fresh, "cxengage/sessions/get-new-token-response");
      return fresh;
    },
  );

  const logout = define<Record<string, never>, PresenceState>(core, "cxengage/session/state-change-request-acknowledged", nothing, async (_p, asked) => {
    const live = core.live;
    if (!core.user || !core.tenant) return { state: "offline", sessionId: null, resourceId: core.user, reason: null, reasonId: null, reasonListId: null } as PresenceState;
    const open = live?.open() ?? [];
    if (open.length) throw new Refused(newError(4000, { activeInteractions: open }));
    holdUntilAnswered(live, asked);
    try {
      const state = await offline(core, {}, core.user, core.tenant, live, true);
      asked.answer(state);
      if (state.state === "offline") live?.ended({ state: "offline", endCode: state.endCode ?? "logged_out" });
      return state;
    } catch (cause) {
      throw refusedBy(answerOf(cause).code === "work_open" ? 4000 : 3001, cause);
    }
  });

  return {
    login,
    logout,
    getAuthInfo: define(
      core,
      prefix + "auth-info-response",
      (p, problems) => {
        if (p["username"] && (p["tenantId"] || p["idpId"])) problems.push("username goes without tenantId and idpId");
        else if (p["username"]) text("username")(p, problems);
        else if (p["tenantId"] === undefined || p["tenantId"] === null) problems.push("username must be a string, or tenantId a uuid");
        else {
          id("tenantId")(p, problems);
          optionalId("idpId")(p, problems);
        }
      },
      async (p) => {
        const path = p.username ? [p.username] : [p.tenantId!, ...(p.idpId ? [p.idpId] : [])];
        return { result: await ask<AuthInfo>(core, 3005, { method: "GET", path: ["auth-info", ...path], token: null }) };
      },
    ),
    popIdentityPage: define(core, prefix + "identity-window-response", nothing, async () => {
      throw new Refused(newError(3004, { problems: "single sign-on is not there yet: log in by user name and password, or by a token" }));
    }),
    updateDefaultTenant: define(core, prefix + "update-default-tenant-response", id("tenantId"), async (p) => {
      if (!core.user) throw new Refused(newError(1003, { problems: "nobody is logged in: call authentication.login first" }));
      return { result: await ask<User>(core, 3006, { method: "PUT", path: ["users", core.user], body: { defaultTenant: p.tenantId } }) };
    }),
  };
};
