import type { Identity } from "./account.js";
import { ofTab } from "./shelf.js";
import type { Permission, TenantMembership } from "./wire.js";

type Rights = Pick<Identity, "tenants" | "defaultTenant" | "platformPermissions">;

/** Whether the user has the right in the tenant. */
export const mayIn = ({ tenants, platformPermissions }: Rights, tenantId: string, permission: Permission): boolean =>
  tenants.some((tenant) => tenant.tenantId === tenantId && tenant.tenantActive && [...tenant.tenantPermissions, ...platformPermissions].includes(permission));

/** The tenants in which the user has the right, the default one first. */
export const tenantsFor = (identity: Rights, permission: Permission): TenantMembership[] =>
  identity.tenants
    .filter(({ tenantId }) => mayIn(identity, tenantId, permission))
    .sort((a, b) => Number(b.tenantId === identity.defaultTenant) - Number(a.tenantId === identity.defaultTenant) || a.tenantName.localeCompare(b.tenantName));

/** The tenant to go into without asking: the one that the address names, or that there was before a reload, or the only one. */
export const obviousTenant = (tenants: readonly TenantMembership[], named: string | null): TenantMembership | undefined =>
  tenants.find(({ tenantId, tenantName }) => named !== null && (tenantId === named || tenantName === named)) ?? (tenants.length === 1 ? tenants[0] : undefined);

/** What the address says about the tenant, ?tenant= with an id or a name, or else the time before a reload. */
export const namedTenant = (): string | null => new URLSearchParams(window.location.search).get("tenant") ?? ofTab.get("tenant");

/** Remembers the tenant for the reload of this tab; null forgets it. */
export const keepTenant = (tenantId: string | null): void => ofTab.put("tenant", tenantId);
