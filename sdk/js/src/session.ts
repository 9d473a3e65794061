import { configUnread, directionUnchanged, extensionUnknown, extensionsUnread, presenceStateUnchanged, reasonUnknown, runningStateUnread, stateUnchanged, tenantDetailsUnread, userConfigUnread } from "./codes.js";
import { type Asked, type Call, definer } from "./call.js";
import { copy, pick } from "./copy.js";
import { type Core, ownSessionId, whoAndWhere } from "./core.js";
import { type SetActiveTenantParams, enter } from "./enter.js";
import { MusterError } from "./error.js";
import { type Own, change, endedBy, findExtension, inTurn, offline, publishExtensions, readConfig, saveExtension } from "./own.js";
import { line } from "./rest.js";
import type { Over } from "./topics.js";
import { type Check, fields, flag, id, oneOf, optionalId, reason, reasonInfo, text } from "./validate.js";
import type { Config, Direction, Extension, Member, PresenceState, State, TenantDetails } from "./wire.js";

/** A reason of the user's lists; all three fields are needed. */
export interface ReasonInfo {
  reason: string;
  reasonId: string;
  reasonListId: string;
}

type Reasons = { [K in keyof ReasonInfo]?: string | null | undefined };

export interface SetPresenceStateParams {
  state: State;
  /** The agent; oneself without it. */
  agentId?: string | null | undefined;
  /** That agent's session; the live one without it. */
  sessionId?: string | null | undefined;
  reason?: string | null | undefined;
  reasonId?: string | null | undefined;
  reasonListId?: string | null | undefined;
  /** Ends the session whatever work is open. */
  forceLogout?: boolean | null | undefined;
}

export interface SetDirectionParams {
  direction: Direction;
  /** The agent; oneself without it. */
  agentId?: string | null | undefined;
  /** That agent's session; the live one without it. */
  sessionId?: string | null | undefined;
}

export interface SessionModule {
  /** Goes into a tenant: reads tenant, region and configuration, and begins a session. A callback comes when tenant and region are known; the promise settles when the agent is in. */
  setActiveTenant: Call<SetActiveTenantParams, { tenantId: string }>;
  /** Makes the agent ready at an extension, named by its value or its id. Another one than the active one is saved first. */
  goReady: Call<{ extensionValue: string }, PresenceState>;
  /** Makes the agent not ready, with a reason of the user's lists or without one. */
  goNotReady: Call<{ reasonInfo?: ReasonInfo | null | undefined }, PresenceState>;
  /** Chooses what work is wanted: for oneself, or with the right to for another agent. */
  setDirection: Call<SetDirectionParams, { direction: Direction; sessionId: string | null }>;
  /** Changes the state, for oneself, or with the right to for another agent. `offline` ends the session. */
  setPresenceState: Call<SetPresenceStateParams, PresenceState | Over>;
  /** Reads the user's tenants with how one logs in to them. */
  getTenantDetails: Call<Record<never, never>, { details: TenantDetails[] }>;
  /** Reads the state that the server has for the user in the active tenant. */
  getRunningSessionState: Call<Record<never, never>, { state: State; sessionId: string | null }>;
  /** Reads the configuration anew. */
  getUserConfig: Call<Record<never, never>, { result: Config }>;
  /** The user's id, null before log-in. */
  getActiveUserId: () => string | null;
  /** The active tenant's id, null before setActiveTenant. */
  getActiveTenantId: () => string | null;
  /** The present token, null before log-in. */
  getToken: () => string | null;
  /** Takes a fresh token in the place of the present one. Without one it forgets the present one. */
  setToken: (token?: string | null) => string | null;
  /** Null, as long as there is no single sign-on. */
  getSSOToken: () => string | null;
  /** The same as getSSOToken. */
  getSsoToken: () => string | null;
  /** Says whose token was brought by setToken, for pages that do not log in. Another than before is another person: the client leaves session and tenant of the one before, as `login` does, and keeps the token. */
  setUserIdentity: (userId?: string | null) => string | null;
  /** Sets the locale. Without one it answers with the present one. */
  setLocale: (locale?: string | { locale: string } | null) => string;
  /** The first extension, null before the configuration has been read. */
  getDefaultExtension: () => Extension | null;
  /** The extensions, null before the configuration has been read. */
  getExtensions: () => Extension[] | null;
  /** The interaction that is silently monitored, null for none. */
  getMonitoredInteraction: () => string | null;
  /** Forgets the interaction that is silently monitored. */
  clearMonitoredInteraction: () => null;
}

const acknowledged = "state-change-request-acknowledged";

/** A session's functions that every agent's client needs: entering a tenant, and who and where the client is. */
export type Entrance = Omit<SessionModule, keyof Changes | keyof Readings | keyof Originals>;

/** Those that change an agent's state or direction. */
export type Changes = Pick<SessionModule, "goReady" | "goNotReady" | "setDirection" | "setPresenceState">;

/** Those that the original's desktops ask for, and few others. */
export type Originals = Pick<SessionModule, "getSSOToken" | "getSsoToken" | "setLocale" | "getMonitoredInteraction" | "clearMonitoredInteraction">;

/** Those that read anew what the server has. */
export type Readings = Pick<SessionModule, "getTenantDetails" | "getRunningSessionState" | "getUserConfig">;

// Apart from each other, so that a bundler can leave out what a page does not use.

export const createEntrance = (core: Core): Entrance => ({
  setActiveTenant: definer(core, "session")(
    "set-active-tenant-response",
    (p: SetActiveTenantParams, asked) => enter(core, p, asked),
    fields({ tenantId: id, noSession: flag, silentMonitoring: flag, resume: flag }),
  ),

  getActiveUserId: () => core.user,
  getActiveTenantId: () => core.tenant,
  getToken: core.credentials.token,
  setToken: (token) => (core.credentials.set(token || null), token || null),
  setUserIdentity: (userId) => {
    const user = userId ? `${userId}`.toLowerCase() : null; // as the server writes it, for whatever it is compared with
    if (core.user !== user) core.forget();
    return (core.user = user);
  },
  getDefaultExtension: () => copy(core.config?.extensions[0] ?? null),
  getExtensions: () => copy(core.config?.extensions ?? null),
});

export const createOriginals = (core: Core): Originals => {
  const none = (): null => null;
  return {
    getSSOToken: none,
    getSsoToken: none,
    setLocale: (locale) => (core.locale = (typeof locale === "string" ? locale : locale?.locale) || core.locale),
    getMonitoredInteraction: () => core.monitored,
    clearMonitoredInteraction: () => (core.monitored = null),
  };
};

export const createChanges = (core: Core): Changes => {
  const define = definer(core, "session");

  /** Makes a function whose requests go out when the own agent's turn has come. */
  const defineInTurn = <P extends object, R>(name: string, run: (p: P, own: Own, asked: Asked<R>) => Promise<R>, check: Check): Call<P, R> =>
    define(name, (p, asked) => inTurn(core, asked, (own) => run(p, own, asked)), check);

  /** The session that a request about an agent names: for oneself the own one, for others the live one unless one is named. */
  const target = (own: Own, agent: string, named: string | null | undefined): string | undefined => named ?? (agent === own.user ? ownSessionId(core) : undefined);

  const hasReason = (wanted: Reasons): boolean =>
    !!core.config?.reasonLists.some((list) => list.id === wanted.reasonListId && list.reasons.some((r) => r.reasonId === wanted.reasonId));

  return {
    goReady: defineInTurn<{ extensionValue: string }, PresenceState>(
      acknowledged,
      async (p, own, asked) => {
        const { extensions, activeExtension } = await asked.ask<Member>(extensionsUnread, line`GET tenants/${own.tenant}/users/${own.user}`);
        const wanted = findExtension(extensions, p.extensionValue);
        if (!wanted) throw new MusterError(extensionUnknown, { validExtensions: extensions });
        if (activeExtension?.type !== wanted.type || activeExtension.value !== wanted.value) {
          await saveExtension(asked, own, wanted);
          const config = (core.config = await readConfig(asked, configUnread, own, core.live?.silent));
          publishExtensions(core, config);
          core.publish("cxengage/session/config-details", config);
        }
        return change(core, asked, stateUnchanged, own, own.user, { sessionId: ownSessionId(core), state: "ready" });
      },
      fields({ extensionValue: text }),
    ),

    goNotReady: define<{ reasonInfo?: ReasonInfo | null | undefined }, PresenceState>(
      acknowledged,
      (p, asked) => {
        const wanted = p.reasonInfo && reasonOf(p.reasonInfo); // the page may use its object again at once
        return inTurn(core, asked, async (own) => {
          if (wanted && !hasReason(wanted)) throw new MusterError(reasonUnknown, { validReasons: core.config?.reasonLists ?? [] });
          return change(core, asked, stateUnchanged, own, own.user, { sessionId: ownSessionId(core), state: "notready", ...wanted });
        });
      },
      reasonInfo,
    ),

    setDirection: defineInTurn(
      "set-direction-response",
      async (p: SetDirectionParams, own, asked) => {
        const agent = p.agentId?.toLowerCase() ?? own.user;
        const body = { sessionId: target(own, agent, p.sessionId), direction: p.direction, initiatorId: own.user };
        return pick(await change(core, asked, directionUnchanged, own, agent, body, "direction"), "direction", "sessionId");
      },
      fields({ direction: oneOf("inbound", "outbound", "agent-initiated"), agentId: optionalId, sessionId: optionalId }),
    ),

    setPresenceState: defineInTurn<SetPresenceStateParams, PresenceState | Over>(
      "set-presence-state-response",
      async (p, own, asked) => {
        const { live } = core;
        const agent = p.agentId?.toLowerCase() ?? own.user;
        const more = { ...(p.reasonId && reasonOf(p)), forceLogout: p.forceLogout || undefined };
        if (agent !== own.user || p.state !== "offline" || (p.sessionId && p.sessionId.toLowerCase() !== live?.id)) {
          return change(core, asked, presenceStateUnchanged, own, agent, { sessionId: target(own, agent, p.sessionId), state: p.state, ...more });
        }
        const state = await offline(core, asked, presenceStateUnchanged, own, more);
        asked.answer(state);
        endedBy(live, state);
        return state;
      },
      fields({ state: oneOf("ready", "notready", "offline"), agentId: optionalId, sessionId: optionalId, forceLogout: flag }, reason),
    ),
  };
};

export const createReadings = (core: Core): Readings => {
  const define = definer(core, "session");
  return {
    getTenantDetails: define("get-tenant-details", async (_p: Record<never, never>, asked) => ({ details: await asked.ask<TenantDetails[]>(tenantDetailsUnread, "GET me") })),
    getRunningSessionState: define("get-running-session-state", async (_p: Record<never, never>, asked) => {
      const { user, tenant } = whoAndWhere(core);
      return pick(await asked.ask<PresenceState>(runningStateUnread, line`GET tenants/${tenant}/presence/${user}`), "state", "sessionId");
    }),
    getUserConfig: define("get-user-config-response", async (_p: Record<never, never>, asked) => {
      const own = whoAndWhere(core);
      const result = await readConfig(asked, userConfigUnread, own, core.live?.silent);
      if (core.tenant === own.tenant) core.config = result;
      return { result };
    }),
  };
};

export const createSession = (core: Core): SessionModule => ({ ...createEntrance(core), ...createChanges(core), ...createReadings(core), ...createOriginals(core) });

const reasonOf = (from: Reasons): Reasons => pick(from, "reason", "reasonId", "reasonListId");
