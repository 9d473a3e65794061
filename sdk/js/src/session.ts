import { type Call, type Callback, Refused, define, defineSync } from "./call.js";
import { type Core, ask, ownSession, refusedBy, whoAndWhere } from "./core.js";
import { type SetActiveTenantParams, enter } from "./enter.js";
import { newError } from "./error.js";
import { type Own, change, findExtension, inTurn, noSuchExtension, offline, readConfig, readMember, saveExtension } from "./own.js";
import { all, flag, id, nothing, oneOf, optionalId, reason, text } from "./validate.js";
import type { Config, Direction, Extension, PresenceState, State, TenantDetails } from "./wire.js";

/** A reason of the user's lists; all three fields are needed. */
export interface ReasonInfo {
  reason: string;
  reasonId: string;
  reasonListId: string;
}

export interface SetPresenceStateParams {
  state: State;
  /** The agent; oneself without it. */
  agentId?: string | null;
  /** That agent's session; the live one without it. */
  sessionId?: string | null;
  reason?: string | null;
  reasonId?: string | null;
  reasonListId?: string | null;
  /** Ends the session whatever work is open. */
  forceLogout?: boolean | null;
}

type Getter<R> = (callback?: Callback<R>) => R;

export interface SessionModule {
  setActiveTenant: Call<SetActiveTenantParams, { tenantId: string }>;
  goReady: Call<{ extensionValue: string }, PresenceState>;
  goNotReady: Call<{ reasonInfo?: ReasonInfo | null }, PresenceState>;
  setDirection: Call<{ direction: Direction; agentId?: string | null; sessionId?: string | null }, { direction: Direction; sessionId: string | null }>;
  setPresenceState: Call<SetPresenceStateParams, PresenceState>;
  getActiveUserId: Getter<string | null>;
  getActiveTenantId: Getter<string | null>;
  getToken: Getter<string | null>;
  setToken: (token?: string | null, callback?: Callback<string | null>) => string | null;
  getSSOToken: Getter<string | null>;
  getSsoToken: Getter<string | null>;
  setUserIdentity: (userId?: string | null, callback?: Callback<string | null>) => string | null;
  setLocale: (locale?: string | { locale: string } | null, callback?: Callback<string>) => string;
  getDefaultExtension: Getter<Extension | null>;
  getExtensions: Getter<Extension[] | null>;
  getTenantDetails: Call<Record<string, never>, { details: TenantDetails[] }>;
  getRunningSessionState: Call<Record<string, never>, { state: State; sessionId: string | null }>;
  getUserConfig: Call<Record<string, never>, { result: Config }>;
  getMonitoredInteraction: Getter<string | null>;
  clearMonitoredInteraction: Getter<null>;
}

const topic = "cxengage/session/";
const acknowledged = topic + "state-change-request-acknowledged";

export const createSession = (core: Core): SessionModule => {
  /** The session that a request about an agent names: for oneself the own one, for others the live one unless one is named. */
  const target = (own: Own, agent: string, named: string | null | undefined): { sessionId?: string } =>
    named ? { sessionId: named } : agent === own.user ? ownSession(core) : {};

  const takeExtension = async (own: Own, value: string): Promise<void> => {
    const member = await readMember(core, own);
    const wanted = findExtension(member.extensions, value);
    if (!wanted) throw noSuchExtension(member.extensions);
    const active = member.activeExtension;
    if (active && active.type === wanted.type && active.value === wanted.value) return;
    await saveExtension(core, own, wanted);
    const config = (core.config = await readConfig(core, 2001, own, own.live?.silent ?? false));
    core.publish(topic + "extension-list", { activeExtension: config.activeExtension, extensions: config.extensions });
    core.publish(topic + "config-details", config);
  };

  const hasReason = (wanted: ReasonInfo): boolean =>
    (core.config?.reasonLists ?? []).some((list) => list.id === wanted.reasonListId && list.reasons.some((r) => r.reasonId === wanted.reasonId));

  const getSSOToken = defineSync<[], string | null>(core, topic + "get-sso-token-response", () => null);

  return {
    setActiveTenant: define(core, topic + "set-active-tenant-response", all(id("tenantId"), flag("noSession"), flag("silentMonitoring"), flag("resume")), (p: SetActiveTenantParams, asked) =>
      enter(core, p, asked),
    ),

    goReady: define(core, acknowledged, text("extensionValue"), (p: { extensionValue: string }, asked) =>
      inTurn<PresenceState>(core, asked, async (own) => {
        await takeExtension(own, p.extensionValue);
        return change(core, 2004, own, own.user, { ...ownSession(core), state: "ready" });
      }),
    ),

    goNotReady: define(core, acknowledged, reason("reasonInfo"), (p: { reasonInfo?: ReasonInfo | null }, asked) =>
      inTurn<PresenceState>(core, asked, async (own) => {
        const r = p.reasonInfo;
        if (r && !hasReason(r)) throw new Refused(newError(2007, { validReasons: core.config?.reasonLists ?? [] }));
        const given = r ? { reason: r.reason, reasonId: r.reasonId, reasonListId: r.reasonListId } : {};
        return change(core, 2004, own, own.user, { ...ownSession(core), state: "notready", ...given });
      }),
    ),

    setDirection: define(
      core,
      topic + "set-direction-response",
      all(oneOf("direction", "inbound", "outbound", "agent-initiated"), optionalId("agentId"), optionalId("sessionId")),
      (p: { direction: Direction; agentId?: string | null; sessionId?: string | null }, asked) =>
        inTurn(core, asked, async (own) => {
          const agent = p.agentId ?? own.user;
          const body = { ...target(own, agent, p.sessionId), direction: p.direction, initiatorId: own.user };
          const state = await change(core, 2008, own, agent, body, "direction");
          return { direction: state.direction, sessionId: state.sessionId };
        }),
    ),

    setPresenceState: define(
      core,
      topic + "set-presence-state-response",
      all(oneOf("state", "ready", "notready", "offline"), optionalId("agentId"), optionalId("sessionId"), reason(), flag("forceLogout")),
      (p: SetPresenceStateParams, asked) =>
        inTurn<PresenceState>(core, asked, async (own) => {
          const agent = p.agentId ?? own.user;
          const more = {
            ...(p.reasonId ? { reason: p.reason, reasonId: p.reasonId, reasonListId: p.reasonListId } : {}),
            ...(p.forceLogout ? { forceLogout: true } : {}),
          };
          if (agent !== own.user || p.state !== "offline" || (p.sessionId && p.sessionId !== own.live?.id)) {
            return change(core, 2013, own, agent, { ...target(own, agent, p.sessionId), state: p.state, ...more });
          }
          try {
            const state = await offline(core, more, own.user, own.tenant, own.live);
            asked.answer(state);
            if (state.state === "offline") own.live?.ended({ state: "offline", endCode: state.endCode ?? "logged_out" });
            return state;
          } catch (cause) {
            throw refusedBy(2013, cause);
          }
        }),
    ),

    getActiveUserId: defineSync<[], string | null>(core, topic + "get-active-user-id-response", () => core.user),
    getActiveTenantId: defineSync<[], string | null>(core, topic + "get-active-tenant-id-response", () => core.tenant),
    getToken: defineSync<[], string | null>(core, topic + "get-token-response", core.credentials.token),
    setToken: defineSync(core, topic + "set-token-response", (token?: string | null) => {
      core.credentials.set(token || null);
      return token || null;
    }),
    getSSOToken,
    getSsoToken: getSSOToken,
    setUserIdentity: defineSync(core, topic + "set-user-identity-response", (userId?: string | null) => (core.user = userId || null)),
    setLocale: defineSync(core, topic + "set-locale-response", (locale?: string | { locale: string } | null) => {
      const given = typeof locale === "string" ? locale : locale?.locale;
      return (core.locale = given || core.locale);
    }),
    getDefaultExtension: defineSync<[], Extension | null>(core, topic + "get-default-extension-response", () => core.config?.extensions[0] ?? null),
    getExtensions: defineSync<[], Extension[] | null>(core, topic + "get-extensions", () => core.config?.extensions ?? null),
    getMonitoredInteraction: defineSync<[], string | null>(core, "cxengage/interactions/voice/get-monitored-interaction-response", () => core.monitored),
    clearMonitoredInteraction: defineSync<[], null>(core, "cxengage/interactions/voice/set-monitored-interaction-response", () => (core.monitored = null)),

    getTenantDetails: define(core, topic + "get-tenant-details", nothing, async () => ({ details: await ask<TenantDetails[]>(core, 2012, { method: "GET", path: ["me"] }) })),
    getRunningSessionState: define(core, topic + "get-running-session-state", nothing, async () => {
      const { user, tenant } = whoAndWhere(core);
      const { state, sessionId } = await ask<PresenceState>(core, 2014, { method: "GET", path: ["tenants", tenant, "presence", user] });
      return { state, sessionId };
    }),
    getUserConfig: define(core, topic + "get-user-config-response", nothing, async () => {
      const own = whoAndWhere(core);
      const config = await readConfig(core, 2015, own, core.live?.silent ?? false);
      if (core.tenant === own.tenant) core.config = config;
      return { result: config };
    }),
  };
};
