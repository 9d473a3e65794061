import { useEffect, useMemo, useState } from "preact/hooks";
import { Banner } from "../app/banner.js";
import { Button } from "../app/button.js";
import { Frame } from "../app/frame.js";
import type { MenuGroup } from "../app/menu.js";
import { rightOf } from "../app/page-name.js";
import type { PageProps } from "../app/page.js";
import { type Refusal, refusalOf } from "../app/refusal.js";
import { path } from "../app/rest.js";
import { keepTenant, namedTenant, obviousTenant, tenantsFor } from "../app/tenant.js";
import { TenantChoice } from "../app/tenant-choice.js";
import type { Tenant, TenantMembership } from "../app/wire.js";
import { sayRefusal, t as app } from "../app/words.js";
import type { FloorClient } from "./client.js";
import { FloorLight } from "./connection.js";
import { FloorView } from "./floor-view.js";
import { type Model, ModelContext, createModel } from "./model.js";
import { t } from "./texts.js";

/** Goes into the tenant without a session, and opens its floor. */
const useFloor = ({ account, identity }: PageProps<FloorClient>, tenantId: string | null) => {
  const [model, setModel] = useState<Model | null>(null);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [turn, setTurn] = useState(0);

  useEffect(() => {
    if (!tenantId) return;
    const life = new AbortController();
    let opened: Model | undefined;
    const enter = async (): Promise<void> => {
      const [tenant] = await Promise.all([
        account.rest.get<Tenant>(path`tenants/${tenantId}`, life.signal),
        account.client.session.setActiveTenant({ tenantId, noSession: true }),
      ]);
      if (life.signal.aborted) return;
      keepTenant(tenantId);
      opened = createModel(account, identity, tenant);
      opened.open.closed.catch((cause: unknown) => life.signal.aborted || setRefusal(refusalOf(cause)));
      setModel(opened);
    };
    setRefusal(null);
    enter().catch((cause: unknown) => life.signal.aborted || setRefusal(refusalOf(cause)));
    return () => {
      life.abort();
      opened?.close();
      setModel(null);
    };
  }, [account, identity.userId, tenantId, turn]);

  return { model, refusal, retry: () => setTurn(turn + 1) };
};

/** The floor of whoever is signed in: first the tenant, then everybody in it. */
export const FloorPage = ({ account, identity }: PageProps<FloorClient>) => {
  const tenants = useMemo(() => tenantsFor(identity, rightOf.floor), [identity]);
  const [tenant, setTenant] = useState<TenantMembership | null>(() => obviousTenant(tenants, namedTenant()) ?? null);
  const { model, refusal, retry } = useFloor({ account, identity }, tenant?.tenantId ?? null);

  const signOut = async (): Promise<void> => {
    await model?.monitor.stop();
    await account.signOut().catch(() => window.location.reload());
  };
  const change = async (): Promise<void> => {
    await model?.monitor.stop();
    keepTenant(null);
    window.history.pushState(null, "", window.location.pathname); // filters are of the tenant that is left
    setTenant(null);
  };
  const entries: MenuGroup[] = [
    {
      items: [
        ...(tenant && tenants.length > 1 ? [{ label: app("tenant.change"), icon: "right" as const, act: () => void change() }] : []),
        { label: app("signOut"), icon: "leave", act: () => void signOut() },
      ],
    },
  ];

  if (!tenant) {
    return (
      <Frame page="floor" identity={identity} tenant={null} entries={entries}>
        <TenantChoice identity={identity} tenants={tenants} onChoose={setTenant} />
      </Frame>
    );
  }
  const named = { tenantId: tenant.tenantId, name: tenant.tenantName };
  if (!model || refusal) {
    return (
      <Frame page="floor" identity={identity} tenant={named} entries={entries}>
        <main id="content" tabIndex={-1} class="card">
          {refusal ? (
            <>
              <h1>{t("refused")}</h1>
              <Banner kind="danger" actions={<Button onClick={retry}>{app("retry")}</Button>}>
                {sayRefusal(refusal)}
              </Banner>
            </>
          ) : (
            <p class="calm">{t("entering", { tenant: tenant.tenantName })}</p>
          )}
        </main>
      </Frame>
    );
  }
  return (
    <ModelContext.Provider value={model}>
      <Frame page="floor" identity={identity} tenant={named} aside={<FloorLight />} entries={entries}>
        <FloorView />
      </Frame>
    </ModelContext.Provider>
  );
};
