import { type Asked, Refused } from "./call.js";
import { type Core, ask, refusedBy } from "./core.js";
import { newError } from "./error.js";
import { changeOf, createLive, type Live } from "./live.js";
import { change, holdUntilAnswered, offline, readConfig, saveExtension } from "./own.js";
import { recall, remember } from "./resume.js";
import { type Share, type Shared, createShare } from "./tabs.js";
import type { StateChange } from "./topics.js";
import { sessionStart } from "./uuid.js";
import type { PresenceState, Region, Session, Tenant } from "./wire.js";

export interface SetActiveTenantParams {
  tenantId: string;
  /** Reads configuration only: for supervisors and wallboards. */
  noSession?: boolean | null;
  /** Starts a session that nobody else sees. */
  silentMonitoring?: boolean | null;
  /** Takes up the session that this tab had before it was loaded anew, if it still lives. */
  resume?: boolean | null;
}

const topic = "cxengage/session/";

type Entering = Asked<{ tenantId: string }>;

/** Goes into a tenant. The answer is given when tenant and region are known; it is done when the agent really is in. */
export const enter = async (core: Core, p: SetActiveTenantParams, asked: Entering): Promise<{ tenantId: string }> => {
  const user = core.user;
  if (!user) throw new Refused(newError(1003, { problems: "nobody is logged in: call authentication.login, or session.setToken and session.setUserIdentity" }));
  const own = { user, tenant: p.tenantId };
  const give = await core.turn();
  let live: Live | undefined;
  try {
    await leaveOther(core, user, p.tenantId, asked);
    await look(core, p.tenantId);
    asked.answer({ tenantId: p.tenantId });
    await configure(core, own, !!p.silentMonitoring);
    if (!p.noSession) live = await begin(core, own, p, asked);
  } catch (cause) {
    asked.after(give);
    throw cause;
  }
  give();
  await live?.settled;
  return { tenantId: p.tenantId };
};

/** Logs out of another tenant's session. While work is open there, nothing changes. */
const leaveOther = async (core: Core, user: string, tenantId: string, asked: Entering): Promise<void> => {
  const live = core.live;
  if (!live || live.tenant === tenantId) return;
  const open = live.open();
  if (open.length) throw new Refused(newError(2100, { activeInteractions: open }));
  // The session is over when it is left, and what was held with it; if it is not, it goes on when the refusal has been published.
  holdUntilAnswered(live, asked);
  let state: PresenceState;
  try {
    state = await offline(core, {}, user, live.tenant, live);
  } catch (cause) {
    throw refusedBy(2100, cause);
  }
  if (state.state !== "offline") {
    // The log-out waits for work that was not known here. Asking for the state that there is takes it back.
    const { reason, reasonId, reasonListId } = state;
    await change(core, 2100, { user, tenant: live.tenant, live }, user, { sessionId: live.id, state: state.state, ...(reasonId ? { reason, reasonId, reasonListId } : {}) });
    throw new Refused(newError(2100));
  }
  live.ended({ state: "offline", endCode: state.endCode ?? "logged_out" });
};

const look = async (core: Core, tenantId: string): Promise<void> => {
  const tenant = await ask<Tenant>(core, 2010, { method: "GET", path: ["tenants", tenantId] });
  await ask<Region>(core, 2011, { method: "GET", path: ["regions", tenant.regionId] });
  if (core.tenant !== tenantId) {
    core.tenant = tenantId;
    core.config = null;
  }
};

/** Reads the configuration. An agent without an active extension gets the first one. */
const configure = async (core: Core, own: { user: string; tenant: string }, silent: boolean): Promise<void> => {
  const config = await readConfig(core, 2001, own, silent, topic + "config-details");
  core.config = config;
  core.publish(topic + "config-details", config);
  core.publish(topic + "extension-list", { activeExtension: config.activeExtension, extensions: config.extensions });
  const [first] = config.extensions;
  if (config.activeExtension || !first) return;
  try {
    await saveExtension(core, own, first);
    core.config = { ...config, activeExtension: first };
  } catch (cause) {
    core.publishError(topic + "config-details", (cause as Refused).error);
  }
};

/** Keeps the session that there is, takes part in another tab's, takes up the one that is remembered, or starts one. */
const begin = async (core: Core, own: { user: string; tenant: string }, p: SetActiveTenantParams, asked: Entering): Promise<Live> => {
  const silentMonitoring = !!p.silentMonitoring;
  const running = core.live;
  if (running && running.silent === silentMonitoring) {
    announce(core, running.session());
    const shown = running.shown();
    if (shown) core.publish(topic + "state-change-response", shown);
    return running;
  }
  holdUntilAnswered(running, asked);
  let share: Share | undefined;
  try {
    let live: Live | undefined;
    // A silent session is its tab's own: it would end what the other tabs share.
    if (!silentMonitoring) {
      share = createShare({
        environment: core.environment,
        name: `muster/1/${core.options.base}/${own.tenant}/${own.user}`,
        told: (told) => live?.told(told),
        promoted: () => live?.promoted(),
      });
    }
    const shared = running ? undefined : await share?.join();
    const { session, first, cursor } = shared ? { session: shared.session, first: undefined, cursor: undefined } : await take(core, own, p, running);
    running?.stop();
    live = createLive(core, session, share);
    core.live = live;
    start(core, live, session, shared, cursor, first);
    return live;
  } catch (cause) {
    share?.leave();
    throw cause;
  }
};

const start = (core: Core, live: Live, session: Session, shared: Shared | undefined, cursor: string | undefined, first: StateChange | undefined): void => {
  remember(core, { tenantId: live.tenant, sessionId: live.id, ...(cursor ? { cursor } : {}) });
  announce(core, session);
  live.run(shared, cursor, first);
};

/** Takes up the session that is remembered, if the server still names it, or starts one. */
const take = async (
  core: Core,
  own: { user: string; tenant: string },
  p: SetActiveTenantParams,
  running: Live | undefined,
): Promise<{ session: Session; cursor: string | undefined; first: StateChange | undefined }> => {
  const silentMonitoring = !!p.silentMonitoring;
  const point = p.resume ? recall(core, own.tenant) : undefined;
  if (point) {
    try {
      const state = await core.rest.result<PresenceState>({ method: "GET", path: ["tenants", own.tenant, "presence", own.user] });
      if (state.sessionId === point.sessionId && state.state !== "offline") {
        const session: Session = { ...state, tenantId: own.tenant, startedAt: sessionStart(point.sessionId), silentMonitoring, metadata: null };
        return { session, cursor: point.cursor, first: changeOf(state) };
      }
    } catch {
      // A session is started in its place.
    }
  }
  try {
    const body = silentMonitoring ? { silentMonitoring } : null;
    const session = await core.rest.result<Session>({ method: "POST", path: ["tenants", own.tenant, "presence", own.user, "session"], body, once: true });
    return { session, cursor: undefined, first: undefined };
  } catch (cause) {
    running?.judge(cause);
    throw refusedBy(2002, cause, topic + "started");
  }
};

const announce = (core: Core, session: Session): void => {
  core.publish(topic + "started", session);
  const { metadata: _metadata, startedAt: _startedAt, silentMonitoring: _silent, tenantId: _tenant, ...state } = session;
  core.publish(topic + "state-change-request-acknowledged", state);
};
