import type { ComponentChildren } from "preact";
import type { Identity } from "./account.js";
import { Logo } from "./logo.js";
import type { MenuGroup } from "./menu.js";
import { type PageName, addresses, rightOf } from "./page-name.js";
import { Settings } from "./settings.js";
import { mayIn } from "./tenant.js";
import { t } from "./words.js";

interface FrameProps {
  page: PageName;
  identity: Identity;
  /** The tenant that the page is in, null before one is chosen. */
  tenant: { tenantId: string; name: string } | null;
  /** Between name and settings: the connection light, mostly. */
  aside?: ComponentChildren;
  /** Entries of the settings menu, such as signing out. */
  entries?: readonly MenuGroup[];
  children: ComponentChildren;
}

/** The other page opens beside this one: leaving the desk would let its connection go. */
const PageLink = ({ page, tenantId }: { page: PageName; tenantId: string }) => (
  <a href={`${addresses[page]}?tenant=${encodeURIComponent(tenantId)}`} target="_blank" rel="noopener">
    {t(`page.${page}`)}
  </a>
);

/** Head and content of a page of somebody who is signed in. */
export const Frame = ({ page, identity, tenant, aside, entries = [], children }: FrameProps) => {
  const other: PageName = page === "desk" ? "floor" : "desk";
  const name = `${identity.firstName} ${identity.lastName}`.trim() || identity.username;
  return (
    <div class={`frame ${page}`}>
      <a class="skip" href="#content">
        {t("page.skip")}
      </a>
      <header class="head">
        <Logo size={24} />
        <div class="head-name">
          <strong>{name}</strong>
          {tenant && <span class="calm">{tenant.name}</span>}
        </div>
        {tenant && mayIn(identity, tenant.tenantId, rightOf[other]) && (
          <nav aria-label={t("page.pages")}>
            <span aria-current="page">{t(`page.${page}`)}</span>
            <PageLink page={other} tenantId={tenant.tenantId} />
          </nav>
        )}
        <div class="head-aside">
          {aside}
          <Settings head={t("signedInAs", { name: identity.username })} more={entries} />
        </div>
      </header>
      {children}
    </div>
  );
};
