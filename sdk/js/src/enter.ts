import { configUnread, regionUnread, logoutRefused, sessionNotStarted, tenantKept, tenantUnread } from "./codes.js";
import type { Asked } from "./call.js";
import { pick } from "./copy.js";
import { type Core, who } from "./core.js";
import { sessionTopic } from "./hub.js";
import { MusterError, problem } from "./error.js";
import { type Live, createLive, presenceOf } from "./live.js";
import { type Own, change, endedBy, holdUntilAnswered, offline, publishExtensions, readConfig, saveExtension } from "./own.js";
import { line } from "./rest.js";
import type { Share, Shared } from "./tabs.js";
import type { Region, Session, Tenant } from "./wire.js";

export interface SetActiveTenantParams {
  tenantId: string;
  /** Reads configuration only: for supervisors and wallboards. */
  noSession?: boolean | null | undefined;
  /** Starts a session that nobody else sees. */
  silentMonitoring?: boolean | null | undefined;
  /** Takes up the session that this tab had before it was loaded anew, if it still lives. It needs the feature resume. */
  resume?: boolean | null | undefined;
}

type Entering = Asked<{ tenantId: string }>;

/** Goes into a tenant. The answer is given when tenant and region are known; it is done when the agent really is in. */
export const enter = async (core: Core, p: SetActiveTenantParams, call: Entering): Promise<{ tenantId: string }> => {
  const tenantId = p.tenantId.toLowerCase(); // as the server writes it, for whatever it is compared with
  const { logouts } = core;
  const asked: Entering = {
    ...call,
    still: () => {
      call.still();
      if (core.logouts !== logouts) throw problem("the agent has logged out meanwhile");
    },
  };
  const own: Own = { user: who(core), tenant: tenantId };
  const give = await core.turn();
  let live: Live | undefined;
  try {
    asked.still();
    await leaveOther(core, own, asked);
    await look(core, tenantId, asked);
    asked.answer({ tenantId });
    await configure(core, own, asked, !!p.silentMonitoring);
    if (!p.noSession) live = await begin(core, own, asked, p);
  } catch (cause) {
    asked.after(give);
    throw cause;
  }
  give();
  await live?.settled;
  return { tenantId };
};

/** Logs out of another tenant's session. While work is open there, nothing changes. */
const leaveOther = async (core: Core, { user, tenant }: Own, asked: Entering): Promise<void> => {
  const { live } = core;
  if (!live || live.tenant === tenant) return;
  const activeInteractions = live.open();
  if (activeInteractions.length) throw new MusterError(tenantKept, { activeInteractions });
  // The session is over when it is left, and what was held with it; if it is not, it goes on when the refusal has been published.
  holdUntilAnswered(live, asked);
  const there: Own = { user, tenant: live.tenant };
  const now = await offline(core, asked, tenantKept, there);
  if (now.state !== "offline") {
    // The log-out waits for work that was not known here. Asking for the state that there is takes it back.
    await change(core, asked, tenantKept, there, user, { sessionId: live.id, ...pick(now, "state", "reason", "reasonId", "reasonListId") });
    throw new MusterError(tenantKept);
  }
  endedBy(live, now);
};

const look = async (core: Core, tenantId: string, asked: Entering): Promise<void> => {
  const tenant = await asked.ask<Tenant>(tenantUnread, line`GET tenants/${tenantId}`);
  await asked.ask<Region>(regionUnread, line`GET regions/${tenant.regionId}`);
  asked.still();
  if (core.tenant !== tenantId) {
    core.tenant = tenantId;
    core.config = null;
    core.uploads?.resume();
  }
};

/** Reads the configuration. An agent without an active extension gets the first one. */
const configure = async (core: Core, own: Own, asked: Entering, silent: boolean): Promise<void> => {
  const details = sessionTopic + "config-details";
  const config = await readConfig(asked, configUnread, own, silent, details);
  asked.still();
  core.config = config;
  core.publish(details, config);
  publishExtensions(core, config);
  const [first] = config.extensions;
  if (config.activeExtension || !first) return;
  try {
    await saveExtension(asked, own, first);
    core.config = { ...config, activeExtension: first };
  } catch (cause) {
    asked.still();
    core.publishError(details, cause as MusterError);
  }
};

/** Keeps the session that there is, takes part in another tab's, takes up the one that is remembered, or starts one. */
const begin = async (core: Core, own: Own, asked: Entering, p: SetActiveTenantParams): Promise<Live> => {
  const silentMonitoring = !!p.silentMonitoring;
  const running = core.live;
  if (running?.silent === silentMonitoring) {
    announce(core, running.session());
    const shown = running.shown();
    if (shown) core.publish(sessionTopic + "state-change-response", shown);
    return running;
  }
  holdUntilAnswered(running, asked);
  let share: Share | undefined;
  try {
    let live: Live | undefined;
    // A silent session is its tab's own: it would end what the other tabs share.
    if (!silentMonitoring) {
      share = core.features.createShare?.(
        core,
        own,
        {
          told: (...told) => live?.told(...told),
          cursor: () => live?.cursor(),
          promoted: () => live?.run(),
          demoted: () => live?.rest(),
        },
      );
    }
    const shared: Shared | undefined = await share?.join();
    asked.still();
    const starting = shared ? undefined : take(core, own, asked, p, silentMonitoring);
    core.starting = starting?.catch(() => undefined); // for a log-out
    const session = shared?.session ?? (await starting!.finally(() => (core.starting = undefined)));
    asked.still();
    running?.stop();
    core.live = live = createLive(core, session, share);
    core.features.resumption?.remember(core, live.tenant, live.id);
    announce(core, session);
    if (shared) share!.follow(shared);
    else live.run();
    return live;
  } catch (cause) {
    share?.leave();
    throw cause;
  }
};

/**
 * Takes up the session that is remembered, if the server still names it, or starts one. Its stream begins with a snapshot: the page knows
 * nothing of what came before, and would be told of the past after the present.
 */
const take = async (core: Core, own: Own, asked: Entering, p: SetActiveTenantParams, silentMonitoring: boolean): Promise<Session> => {
  const remembered = p.resume && (await core.features.resumption?.takeUp(core, own, asked, silentMonitoring));
  if (remembered) return remembered;
  asked.still();
  const body = silentMonitoring ? { silentMonitoring } : null;
  // It ends with the client and not with the call: it may have started a session by then, and nobody would hear that agent.
  const { signal } = core.life;
  const path = line`POST tenants/${own.tenant}/presence/${own.user}`;
  const session = await asked.ask<Session>(sessionNotStarted, path + "/session", { body, once: true, topic: sessionTopic + "started", signal });
  if (asked.signal?.aborted && core.user === own.user) {
    const { sessionId } = session;
    core.last = { ...own, id: sessionId! };
    await core.rest.ask(logoutRefused, path, { body: { sessionId, state: "offline" }, once: true }).catch(() => {});
  }
  return session;
};

const announce = (core: Core, session: Session): void => {
  core.publish(sessionTopic + "started", session);
  core.publish(sessionTopic + "state-change-request-acknowledged", presenceOf(session));
};
