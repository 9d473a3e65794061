import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { EndResult } from "../../../sdk/js/src/index.js";
import type { Account, Identity } from "../app/account.js";
import { announce } from "../app/announce.js";
import { Banner } from "../app/banner.js";
import { Button } from "../app/button.js";
import { useCell } from "../app/cell.js";
import { Frame } from "../app/frame.js";
import { ConnectionLight, type Hearing, type Link, lasted, linkOf } from "../app/light.js";
import { useLocale } from "../app/locale.js";
import type { Refusal } from "../app/refusal.js";
import { mayIn } from "../app/tenant.js";
import { useNow } from "../app/ticker.js";
import type { TenantMembership, Work } from "../app/wire.js";
import { sayRefusal, t as app } from "../app/words.js";
import { zonedTime } from "../app/zone.js";
import { DayCard } from "./day-card.js";
import type { Desk } from "./desk.js";
import { useAnnouncements } from "./desk-announcements.js";
import { DirectionCard } from "./direction-card.js";
import { KeysDialog } from "./keys-dialog.js";
import { LogOutDialog } from "./log-out-dialog.js";
import { Notices } from "./notices.js";
import { OverCard } from "./over-card.js";
import { ReasonPicker } from "./reason-picker.js";
import { useRequests } from "./request.js";
import { keysOf, useShortcuts } from "./shortcuts.js";
import type { Sitting } from "./sitting.js";
import { StateCard } from "./state-card.js";
import { t } from "./texts.js";
import { WhyDialog } from "./why-dialog.js";
import { WorkCard } from "./work-card.js";

const LightOf = ({ hearing }: { hearing: Hearing }) => {
  const now = useNow().getTime();
  const link = linkOf(hearing, now);
  return <ConnectionLight link={link} lastedMs={lasted(hearing, link, now)} />;
};

/** The link without its seconds: it changes seldom. */
const useLink = (hearing: Hearing): Link => linkOf(hearing, useNow().getTime());

/** So long good news is shown, in milliseconds. */
const passingTime = 20_000;

/** What opens over the desk. */
type Open = { kind: "reasons" } | { kind: "why" } | { kind: "keys" } | { kind: "work"; work: readonly Work[] } | null;

interface DeskViewProps {
  account: Account;
  identity: Identity;
  tenant: TenantMembership;
  sitting: Sitting;
  /** Leads back to the choice of tenants; null where there is none. */
  onTenant: (() => void) | null;
}

const Failed = ({ refusal, onRetry, onTenant }: { refusal: Refusal; onRetry: () => void; onTenant: (() => void) | null }) => (
  <main class="card" id="content">
    <h1>{t("begin.failed")}</h1>
    <p>{refusal.status === 403 ? t("begin.noAgent") : sayRefusal(refusal)}</p>
    <div class="over-acts">
      <Button kind="primary" onClick={onRetry}>
        {app("retry")}
      </Button>
      {onTenant && <Button onClick={onTenant}>{t("over.tenant")}</Button>}
    </div>
  </main>
);

/** The desk of an agent in a tenant, from the beginning of the session to its end. */
export const DeskView = ({ account, identity, tenant, sitting, onTenant }: DeskViewProps) => {
  const desk = useCell(sitting.desk);
  const known = useCell(sitting.tenant);
  const locale = useLocale();
  const zone = zonedTime(known?.timezone ?? Intl.DateTimeFormat().resolvedOptions().timeZone, locale);
  const begin = useRequests();
  const requests = useRequests();
  const [open, setOpen] = useState<Open>(null);
  const [heldBack, setHeldBack] = useState(false);
  const extension = useRef("");
  const link = useLink(desk.hearing);

  const start = (): void => void begin.ask("begin", sitting.begin);
  useEffect(start, [sitting]);
  useAnnouncements(desk, identity.userId, zone);

  const heard = (result: EndResult | null): void => setHeldBack(result?.status === "held");
  const ready = (value: string): void => void requests.ask("ready", () => sitting.ready(value)).then(heard);
  const stay = (): void => void requests.ask("stay", sitting.stay).then(heard);
  const logOut = (force: boolean): void => {
    setOpen(null);
    void requests.ask("logOut", () => sitting.logOut(force));
  };
  const { presence, over, notices } = desk;

  // What is well again needs no answer.
  useEffect(() => {
    const passing = notices.filter(({ kind }) => kind === "back" || kind === "released");
    if (passing.length === 0) return;
    const timer = setTimeout(() => passing.forEach(sitting.dismiss), passingTime);
    return () => clearTimeout(timer);
  }, [notices]);

  const canAct = presence !== null && over === null;

  // A log-out that is refused for the sake of open work is a question, not a mistake.
  useEffect(() => {
    if (requests.refusal?.code !== "work_open") return;
    setOpen({ kind: "work", work: requests.refusal.work.length > 0 ? requests.refusal.work : desk.work });
    requests.forget();
  }, [requests.refusal]);
  useEffect(() => {
    if (presence?.cause !== "system") setHeldBack(false);
  }, [presence?.cause]);
  // Whoever has come in by the keyboard finds it at the desk.
  const main = useRef<HTMLElement>(null);
  useEffect(() => {
    if (canAct && (document.activeElement === null || document.activeElement === document.body)) main.current?.focus({ preventScroll: true });
  }, [canAct]);
  // A banner goes with the button that was pressed in it. The keyboard stays at the desk.
  const banners = useRef<HTMLDivElement>(null);
  const hadKeyboard = banners.current?.contains(document.activeElement) ?? false;
  useLayoutEffect(() => {
    if (hadKeyboard && document.activeElement === document.body) main.current?.focus({ preventScroll: true });
  });
  useEffect(() => {
    if (over) setOpen(null);
  }, [over]);

  useShortcuts(
    canAct
      ? {
          ready: () => (presence.state === "ready" ? announce(t("go.nowReady")) : ready(extension.current)),
          notReady: () => setOpen({ kind: "reasons" }),
          why: () => setOpen({ kind: "why" }),
          logOut: () => logOut(false),
        }
      : {},
  );

  const signOut = (): void => {
    void requests.ask("signOut", async () => {
      // Signing out ends the sign-in, and with it nobody would be heard: the session is ended first.
      if (canAct && (await sitting.logOut(false)).status === "pending") return;
      await account.signOut();
    });
  };
  const changeTenant = onTenant && (canAct ? () => void requests.ask("logOut", () => sitting.logOut(false)).then((result) => result?.state === "offline" && onTenant()) : onTenant);

  return (
    <Frame
      page="desk"
      identity={identity}
      tenant={{ tenantId: tenant.tenantId, name: tenant.tenantName }}
      aside={!over && <LightOf hearing={desk.hearing} />}
      entries={[
        {
          items: [
            { label: t("keys"), icon: "keyboard", act: () => setOpen({ kind: "keys" }) },
            ...(changeTenant ? [{ label: app("tenant.change"), icon: "work" as const, act: changeTenant }] : []),
            { label: app("signOut"), icon: "leave", act: signOut },
          ],
        },
      ]}
    >
      {over && <OverCard over={over} zone={zone} onAgain={start} onTenant={onTenant} onSignOut={signOut} />}
      {!over && begin.refusal && !presence && <Failed refusal={begin.refusal} onRetry={start} onTenant={onTenant} />}
      {!over && !begin.refusal && !presence && (
        <main class="card" id="content">
          <p class="calm" role="status">
            {t("begin.busy")}
          </p>
        </main>
      )}
      {canAct && (
        <main ref={main} class="desk-main" id="content" tabIndex={-1}>
          <div ref={banners} class="desk-notices">
            {requests.refusal && (
              <Banner kind="danger" onDismiss={requests.forget}>
                {sayRefusal(requests.refusal)}
              </Banner>
            )}
            {heldBack && <Banner kind="warning">{t("held")}</Banner>}
            <Notices desk={desk} link={link} userId={identity.userId} zone={zone} busy={requests.busy} onDismiss={sitting.dismiss} onStay={stay} onLogOut={() => logOut(true)} />
          </div>
          <div class="desk-cards">
            <StateCard
              desk={desk}
              heard={link === "live" || link === "connecting"}
              presence={presence}
              zone={zone}
              busy={requests.busy}
              onReady={ready}
              onNotReady={() => setOpen({ kind: "reasons" })}
              onWhy={() => setOpen({ kind: "why" })}
              onExtension={(value) => (extension.current = value)}
              logOut={
                <Button kind="quiet" icon="leave" class="log-out" shortcut={keysOf("logOut")} busy={requests.busy === "logOut"} onClick={() => logOut(false)}>
                  {t("logOut")}
                </Button>
              }
            />
            <DirectionCard
              direction={presence.direction}
              free={mayIn(identity, tenant.tenantId, "MANAGE_MY_DIRECTION")}
              busy={requests.busy === "turn"}
              onTurn={(direction) => void requests.ask("turn", () => sitting.turn(direction))}
            />
            <WorkCard work={desk.work} ready={presence.state === "ready"} zone={zone} />
            <DayCard load={sitting.day} zone={zone} version={versionOf(desk)} startedAt={desk.session?.startedAt ?? null} />
          </div>
        </main>
      )}
      {open?.kind === "reasons" && (
        <ReasonPicker
          title={t("go.pickReason")}
          lists={desk.config?.reasonLists ?? []}
          current={presence?.state === "notready" ? presence.reasonId : null}
          onClose={() => setOpen(null)}
          onPick={(reason) => {
            setOpen(null);
            void requests.ask("notReady", () => sitting.notReady(reason)).then(heard);
          }}
        />
      )}
      {open?.kind === "why" && <WhyDialog load={sitting.why} zone={zone} onClose={() => setOpen(null)} />}
      {open?.kind === "keys" && <KeysDialog onClose={() => setOpen(null)} />}
      {open?.kind === "work" && <LogOutDialog work={open.work} zone={zone} onForce={() => logOut(true)} onClose={() => setOpen(null)} />}
    </Frame>
  );
};

/** Changes whenever the day has got another interval. */
const versionOf = ({ session, presence }: Desk): string => [session?.id, presence?.since, presence?.state, presence?.reasonId, presence?.direction].join(" ");
