import { authInfoUnread, credentialsRefused, defaultTenantUnchanged, identityUnread, identityWindowFailed, logoutRefused, workActive } from "./codes.js";
import { type Abortable, type Call, definer, quiet } from "./call.js";
import { type Core, who } from "./core.js";
import { MusterError } from "./error.js";
import { endedBy, holdUntilAnswered, offline, over } from "./own.js";
import { failureOf, line } from "./rest.js";
import type { LoggedIn, Over } from "./topics.js";
import { field, fields, flag, id, optionalId, text } from "./validate.js";
import type { AuthInfo, PresenceState, TokenResponse, User, UserIdentity } from "./wire.js";

export interface PasswordParams {
  username: string;
  password: string;
  /** Asks for a token that lives so many seconds; the server clamps it to 60 s to 7 days. */
  ttl?: number | null | undefined;
  /** Fetches a fresh token for whoever is logged in, and leaves all else as it is. */
  noStateReset?: boolean | null | undefined;
  token?: undefined;
}

export interface TokenParams {
  /** Logs in by a token in the place of user name and password. */
  token: string;
  username?: undefined;
  password?: undefined;
}

export type LoginParams = PasswordParams | TokenParams;

export interface UserParams {
  /** The user that it is about. */
  username: string;
  tenantId?: undefined;
}

export interface TenantParams {
  /** The tenant that it is about. */
  tenantId: string;
  /** One of the tenant's identity providers. */
  idpId?: string | null | undefined;
  username?: undefined;
}

export type AuthInfoParams = UserParams | TenantParams;

/** What logging in answers with, where the parameters say which of the two: the identity, or how long a fresh token lives. */
export interface LoginAnswers {
  /** Fetches a fresh token for whoever is logged in, and leaves all else as it is. */
  (params: PasswordParams & Abortable & { noStateReset: true }): Promise<{ ttl: number }>;
  /** Logs in by user name and password, or by a token. By user name, or by another's token, it forgets whoever was logged in and stops what ran for them. */
  (params: ((PasswordParams & { noStateReset?: false | null | undefined }) | TokenParams) & Abortable): Promise<LoggedIn>;
}

export interface Authentication {
  /** Logs in by user name and password, or by a token. By user name, or by another's token, it forgets whoever was logged in and stops what ran for them. */
  login: LoginAnswers & Call<LoginParams, LoggedIn | { ttl: number }>;
  /** Ends the session, also one that is being started. The request is sent in the same tick and outlives the page. The token stays. */
  logout: Call<Record<never, never>, PresenceState | Over>;
  /** Reads how a user, or the members of a tenant, log in. It needs no token. */
  getAuthInfo: Call<AuthInfoParams, { result: AuthInfo }>;
  /** Fails with 3004, as long as there is no single sign-on. */
  popIdentityPage: Call<Record<never, never>, boolean>;
  /** Changes the tenant that the user's identity names as the default. */
  updateDefaultTenant: Call<{ tenantId: string }, { result: User }>;
}

const byPassword = fields({ username: text, password: text, noStateReset: flag, ttl: field("a number of seconds above 0", (v) => typeof v === "number" && v > 0, true) });
const byToken = fields({ token: field("a string of one word of plain letters", (v) => typeof v === "string" && /^[!-~]+$/.test(v)) });
const byName = /* @__PURE__ */ fields({ username: text });
const byTenant = /* @__PURE__ */ fields({ tenantId: id, idpId: optionalId });

/** How users log in, and a user's default tenant. */
export type Identities = Omit<Authentication, "login" | "logout">;

// Apart from each other, so that a bundler can leave out what a page does not use.

export const createLogin = (core: Core): Pick<Authentication, "login" | "logout"> => {
  const forget = (): void => {
    core.forget();
    core.credentials.set(null);
  };

  const define = definer(core, "authentication");

  return {
    login: define<LoginParams, LoggedIn | { ttl: number }>(
      "login-response",
      async ({ username, password, ttl, noStateReset, token }: Pick<PasswordParams, "ttl" | "noStateReset"> & Partial<Record<"username" | "password" | "token", string | undefined>>, asked) => {
        const auth = token ? "token" : "username";
        if (!token) {
          if (!noStateReset) forget();
          const got = await asked.ask<TokenResponse>(credentialsRefused, "POST tokens", { body: { username, password, ttl: ttl ?? undefined }, token: null, expects: "token" });
          token = got.token;
          if (noStateReset) {
            core.credentials.set(token);
            const fresh = { ttl: got.ttl };
            asked.answer(fresh, "cxengage/sessions/get-new-token-response");
            return fresh;
          }
        }
        const identity = await asked.ask<UserIdentity>(identityUnread, "POST login", { token });
        if (core.user !== identity.userId) forget();
        core.credentials.set(token);
        core.identity = identity;
        core.user = identity.userId;
        core.publish("cxengage/session/tenant-list", identity.tenants);
        return { ...identity, auth };
      },
      (p, problems) => {
        if (p["token"] == null) return byPassword(p, problems);
        byToken(p, problems);
        if (p["username"] || p["password"]) problems.push("token goes without username and password");
      },
    ) as Authentication["login"],

    logout: definer(core, "session")<Record<never, never>, PresenceState | Over>("state-change-request-acknowledged", async (_p, asked) => {
      const { live, user, tenant, starting } = core;
      const activeInteractions = live?.open() ?? [];
      if (activeInteractions.length) throw new MusterError(workActive, { activeInteractions });
      core.logouts++;
      if (!user || !tenant) return over(user);
      holdUntilAnswered(live, asked);
      const leave = (single: boolean, named = {}): Promise<PresenceState | Over> => quiet(offline(core, asked, logoutRefused, { user, tenant }, named, { keepalive: true, single }));
      try {
        // It is sent at once: the page may be gone the next moment. A session that is being started may begin after it, and is ended then.
        // Until that one has a name, the request is sent once only: later it might end another.
        let sent = leave(!!starting, starting && { sessionId: undefined });
        const id = (await starting)?.sessionId;
        if (id) {
          await sent.catch(() => {});
          core.last = { user, tenant, id };
          sent = leave(false, { sessionId: id });
        }
        const state = await sent;
        asked.answer(state);
        endedBy(live, state);
        return state;
      } catch (cause) {
        throw failureOf(cause) === "work_open" ? new MusterError(workActive, (cause as MusterError).data) : cause;
      }
    }),
  };
};

export const createIdentities = (core: Core): Identities => {
  const define = definer(core, "authentication");
  return {
    getAuthInfo: define(
      "auth-info-response",
      async (p: Partial<Record<"username" | "tenantId" | "idpId", string | null | undefined>>, asked) => ({
        result: await asked.ask<AuthInfo>(authInfoUnread, line`GET auth-info/${p.username || p.tenantId!}` + (p.username || !p.idpId ? "" : line`/${p.idpId}`), { token: null }),
      }),
      (p, problems) => {
        if (p["username"]) {
          if (p["tenantId"] || p["idpId"]) problems.push("username goes without tenantId and idpId");
          else byName(p, problems);
        } else if (p["tenantId"] == null) problems.push("username must be a string, or tenantId a uuid");
        else byTenant(p, problems);
      },
    ),

    popIdentityPage: define("identity-window-response", async () => {
      throw new MusterError(identityWindowFailed, { problems: "single sign-on is not there yet: log in by user name and password, or by a token" });
    }),

    updateDefaultTenant: define(
      "update-default-tenant-response",
      async ({ tenantId }: { tenantId: string }, asked) => ({ result: await asked.ask<User>(defaultTenantUnchanged, line`PUT users/${who(core)}`, { body: { defaultTenant: tenantId } }) }),
      fields({ tenantId: id }),
    ),
  };
};

export const createAuthentication = (core: Core): Authentication => ({ ...createLogin(core), ...createIdentities(core) });
