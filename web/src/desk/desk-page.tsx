import { useEffect, useMemo, useState } from "preact/hooks";
import type { Account, Identity } from "../app/account.js";
import { Frame } from "../app/frame.js";
import { locale } from "../app/locale.js";
import type { PageProps } from "../app/page.js";
import { rightOf } from "../app/page-name.js";
import { path } from "../app/rest.js";
import { TenantChoice } from "../app/tenant-choice.js";
import { keepTenant, namedTenant, obviousTenant, tenantsFor } from "../app/tenant.js";
import type { PresenceState, TenantMembership } from "../app/wire.js";
import { t as app } from "../app/words.js";
import { zonedTime } from "../app/zone.js";
import { sayState } from "../presence/said.js";
import type { DeskClient } from "./client.js";
import { DeskView } from "./desk-view.js";
import { createSitting } from "./sitting.js";
import { t } from "./texts.js";

type Running = Readonly<Record<string, PresenceState>>;

/** Where sessions of the user run already: whoever chooses that tenant shares it, or takes it over. */
const useRunning = ({ rest }: Account, { userId }: Identity, tenants: readonly TenantMembership[]): Running => {
  const [running, setRunning] = useState<Running>({});
  useEffect(() => {
    const life = new AbortController();
    for (const { tenantId } of tenants) {
      rest.get<PresenceState>(path`tenants/${tenantId}/presence/${userId}`, life.signal).then(
        (state) => life.signal.aborted || setRunning((known) => ({ ...known, [tenantId]: state })),
        () => {}, // it is said beside the choice only, and does not matter for it
      );
    }
    return () => life.abort();
  }, []);
  return running;
};

const sayRunning = (state: PresenceState | undefined): string | undefined => {
  if (!state) return undefined;
  if (!state.sessionId || state.state === "offline") return t("choice.free");
  const zone = zonedTime(Intl.DateTimeFormat().resolvedOptions().timeZone, locale.value);
  return t("choice.running", { state: sayState(state.state, state.reason), time: state.stateSince ? zone.short(state.stateSince) : "–" });
};

const Choice = ({ account, identity, tenants, onChoose }: PageProps & { tenants: readonly TenantMembership[]; onChoose: (tenant: TenantMembership) => void }) => {
  const running = useRunning(account, identity, tenants);
  const signOut = (): void => void account.signOut().catch(() => window.location.reload());
  return (
    <Frame page="desk" identity={identity} tenant={null} entries={[{ items: [{ label: app("signOut"), icon: "leave", act: signOut }] }]}>
      <TenantChoice identity={identity} tenants={tenants} onChoose={onChoose} about={({ tenantId }) => sayRunning(running[tenantId])} />
    </Frame>
  );
};

/** The desk of whoever is signed in: first the tenant, then the session in it. */
export const DeskPage = ({ account, identity }: PageProps<DeskClient>) => {
  const tenants = useMemo(() => tenantsFor(identity, rightOf.desk), [identity]);
  const [tenant, setTenant] = useState<TenantMembership | null>(() => obviousTenant(tenants, namedTenant()) ?? null);
  const sitting = useMemo(() => tenant && createSitting(account, identity, tenant), [account, identity.userId, tenant]);
  useEffect(() => () => sitting?.leave(), [sitting]);

  if (!tenant || !sitting) return <Choice account={account} identity={identity} tenants={tenants} onChoose={setTenant} />;
  const back = (): void => {
    keepTenant(null);
    const address = new URL(window.location.href);
    address.searchParams.delete("tenant");
    window.history.replaceState(null, "", address);
    setTenant(null);
  };
  return <DeskView account={account} identity={identity} tenant={tenant} sitting={sitting} onTenant={tenants.length > 1 ? back : null} />;
};
