import type { EndResult, Event, ReasonInfo, StateResult } from "../../../sdk/js/src/index.js";
import type { Account, Identity } from "../app/account.js";
import { type Cell, cell } from "../app/cell.js";
import { path } from "../app/rest.js";
import { keepTenant } from "../app/tenant.js";
import type { Direction, Intervals, Tenant, TenantMembership, Why } from "../app/wire.js";
import type { DeskClient } from "./client.js";
import { type Desk, type Notice, afterEvent, emptyDesk, withNetwork, withoutNotice } from "./desk.js";

/** An agent at the desk: the session that the SDK has, and what is asked of it. */
export interface Sitting {
  readonly tenantId: string;
  readonly desk: Cell<Desk>;
  /** What is known of the tenant; null until it has been read. */
  readonly tenant: Cell<Tenant | null>;
  /** Starts the session, or takes it up after a reload. */
  begin: () => Promise<void>;
  ready: (extension: string) => Promise<StateResult>;
  notReady: (reason: ReasonInfo | null) => Promise<StateResult>;
  turn: (direction: Direction) => Promise<unknown>;
  /** Ends the session; `force`: in spite of open work. */
  logOut: (force: boolean) => Promise<EndResult>;
  /** Takes a waiting log-out back: asks for the state that there is. */
  stay: () => Promise<EndResult>;
  why: (signal: AbortSignal) => Promise<Why>;
  day: (signal: AbortSignal) => Promise<Intervals>;
  dismiss: (notice: Notice) => void;
  /** Listens no more. The session goes on. */
  leave: () => void;
}

export const createSitting = (account: Account<DeskClient>, { userId }: Identity, { tenantId }: TenantMembership): Sitting => {
  const { client, rest } = account;
  const { session } = client;
  const now = (): number => client.now().getTime();
  const desk = cell<Desk>(emptyDesk(now(), navigator.onLine));
  const tenant = cell<Tenant | null>(null);
  const life = new AbortController();

  const unsubscribe = client.subscribe("cxengage", (event) => desk.set(afterEvent(desk.value, event as Event, now())));
  const network = (): void => desk.set(withNetwork(desk.value, navigator.onLine, now()));
  window.addEventListener("online", network, { signal: life.signal });
  window.addEventListener("offline", network, { signal: life.signal });

  const offline = async (force: boolean): Promise<EndResult> => {
    const result = await session.setPresenceState({ state: "offline", ...(force && { forceLogout: true }) });
    if (result.state === "offline") keepTenant(null);
    return result;
  };

  const notReady = (reason: ReasonInfo | null): Promise<StateResult> => session.goNotReady(reason ? { reasonInfo: reason } : {});

  return {
    tenantId,
    desk,
    tenant,
    async begin() {
      desk.set(emptyDesk(now(), navigator.onLine));
      keepTenant(tenantId);
      void rest.get<Tenant>(path`tenants/${tenantId}`, life.signal).then(tenant.set, () => {}); // the zone is the browser's until it is known
      await session.setActiveTenant({ tenantId, resume: true });
    },
    ready: (extensionValue) => session.goReady({ extensionValue }),
    notReady,
    turn: (direction) => session.setDirection({ direction }),
    logOut: offline,
    stay() {
      const { presence } = desk.value;
      if (presence?.state === "ready") return session.setPresenceState({ state: "ready" });
      const { reason, reasonId, reasonListId } = presence ?? {};
      return notReady(reason && reasonId && reasonListId ? { reason, reasonId, reasonListId } : null);
    },
    why: (signal) => rest.get<Why>(path`tenants/${tenantId}/presence/${userId}/why`, signal),
    day: (signal) => rest.get<Intervals>(path`tenants/${tenantId}/users/${userId}/intervals`, signal),
    dismiss: (notice) => desk.set(withoutNotice(desk.value, notice)),
    leave() {
      unsubscribe();
      life.abort();
    },
  };
};
