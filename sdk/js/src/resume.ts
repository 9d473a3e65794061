import type { Asked } from "./call.js";
import { runningStateUnread } from "./codes.js";
import type { Core } from "./core.js";
import type { Own } from "./own.js";
import { line } from "./rest.js";
import { sessionStart } from "./uuid.js";
import type { PresenceState, Session } from "./wire.js";

/** Remembers which session a page had, for the page that is loaded in its place. */
export interface Resumption {
  remember: (core: Core, tenantId: string, sessionId: string) => void;
  forget: (core: Core) => void;
  /** The session that is remembered for this user and tenant, if the server still names it. */
  takeUp: (core: Core, own: Own, asked: Asked<never>, silentMonitoring: boolean) => Promise<Session | undefined>;
}

/** It holds no token. */
interface ResumePoint {
  baseUrl: string;
  userId: string;
  tenantId: string;
  sessionId: string;
}

const key = "muster/1/resume";

/** Storage may be full or forbidden: then nothing is remembered, and nothing else is wrong. */
const guarded = <T>(act: () => T): T | undefined => {
  try {
    return act();
  } catch {
    return undefined;
  }
};

export const resumption: Resumption = {
  remember(core, tenantId, sessionId) {
    const point: ResumePoint = { baseUrl: core.options.base, userId: core.user ?? "", tenantId, sessionId };
    guarded(() => core.environment.sessionStorage?.setItem(key, JSON.stringify(point)));
  },

  forget: (core) => void guarded(() => core.environment.sessionStorage?.removeItem(key)),

  async takeUp(core, { user, tenant }, asked, silentMonitoring) {
    const point = guarded(() => JSON.parse(core.environment.sessionStorage?.getItem(key) ?? "null") as ResumePoint | null);
    if (point?.baseUrl !== core.options.base || point.userId !== user || point.tenantId !== tenant) return undefined;
    // Where the state cannot be read, a session is started.
    const state = await asked.ask<PresenceState>(runningStateUnread, line`GET tenants/${tenant}/presence/${user}`).catch(() => undefined);
    if (state?.sessionId !== point.sessionId || state.state === "offline") return undefined;
    return { ...state, tenantId: tenant, startedAt: sessionStart(point.sessionId), silentMonitoring, metadata: null };
  },
};
