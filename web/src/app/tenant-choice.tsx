import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Identity } from "./account.js";
import { Icon } from "./icon.js";
import type { TenantMembership } from "./wire.js";
import { t } from "./words.js";

interface TenantChoiceProps {
  identity: Identity;
  tenants: readonly TenantMembership[];
  onChoose: (tenant: TenantMembership) => void;
  /** What is known of a tenant, below its name. */
  about?: (tenant: TenantMembership) => ComponentChildren;
}

/** The tenants to choose from, as large buttons. */
export const TenantChoice = ({ identity, tenants, onChoose, about }: TenantChoiceProps) => {
  const first = useRef<HTMLButtonElement>(null);
  useEffect(() => first.current?.focus(), []);
  if (tenants.length === 0) {
    return (
      <main class="card" id="content">
        <h1>{t("tenant.none")}</h1>
        <p>{t("tenant.noneMore")}</p>
      </main>
    );
  }
  return (
    <main class="card" id="content">
      <h1>{t("tenant.title")}</h1>
      <ul class="choices">
        {tenants.map((tenant, index) => (
          <li key={tenant.tenantId}>
            <button ref={index === 0 ? first : null} type="button" class="choice" onClick={() => onChoose(tenant)}>
              <span class="choice-text">
                <strong>{tenant.tenantName}</strong>
                {tenant.tenantId === identity.defaultTenant && <span class="tag">{t("tenant.default")}</span>}
                {about && <span class="calm">{about(tenant)}</span>}
              </span>
              <Icon name="right" />
            </button>
          </li>
        ))}
      </ul>
    </main>
  );
};
