import { Banner } from "../app/banner.js";
import { Button } from "../app/button.js";
import { spokenText } from "../app/duration.js";
import type { Link } from "../app/light.js";
import { locale } from "../app/locale.js";
import { t as app } from "../app/words.js";
import type { ZonedTime } from "../app/zone.js";
import { sayState } from "../presence/said.js";
import type { Desk, Notice, Presence } from "./desk.js";
import { t } from "./texts.js";

/** What a notice says. */
export const sayNotice = (notice: Notice, zone: ZonedTime): string => {
  const time = zone.exact(new Date(notice.at));
  switch (notice.kind) {
    case "state":
      return t("notice.state", { who: notice.by, state: sayState(notice.state, notice.reason), time });
    case "direction":
      return t("notice.direction", { who: notice.by, direction: app(`direction.${notice.direction}`), time });
    case "held":
      return t("notice.held", { time });
    case "released":
      return t("notice.released", { state: sayState(notice.state, notice.reason) });
    case "back":
      return t("notice.back", { time: spokenText(notice.away, locale.value, "long") });
  }
};

/** What is said of a log-out that waits. */
export const sayPending = ({ byId, byName, since }: NonNullable<Presence["pending"]>, userId: string, zone: ZonedTime): string => {
  const time = zone.exact(since);
  return byId === userId ? t("logOut.pendingOwn", { time }) : t("logOut.pending", { who: byName, time });
};

/** What is wrong with the connection. */
export const sayAway = (link: "lost" | "offline", since: number, zone: ZonedTime): string => t(`notice.${link}`, { time: zone.exact(new Date(since)) });

interface NoticesProps {
  desk: Desk;
  link: Link;
  userId: string;
  zone: ZonedTime;
  busy: string | null;
  onDismiss: (notice: Notice) => void;
  onStay: () => void;
  onLogOut: () => void;
}

const PendingBanner = ({ said, busy, onStay, onLogOut }: { said: string } & Pick<NoticesProps, "busy" | "onStay" | "onLogOut">) => (
  <Banner
    kind="warning"
    icon="clock"
    actions={
      <>
        <Button busy={busy === "stay"} onClick={onStay}>
          {t("logOut.stay")}
        </Button>
        <Button kind="danger" busy={busy === "logOut"} onClick={onLogOut}>
          {t("logOut.now")}
        </Button>
      </>
    }
  >
    {said}
  </Banner>
);

/** What waits, what is wrong with the connection, and what others did. */
export const Notices = ({ desk, link, userId, zone, busy, onDismiss, onStay, onLogOut }: NoticesProps) => {
  const { notices, presence, hearing } = desk;
  const pending = presence?.pending ?? null;
  const away = link === "lost" || link === "offline";
  const shown = notices.filter(({ kind }) => kind !== "back" || !away);
  return (
    <>
      {away && <Banner kind="danger">{sayAway(link, hearing.since, zone)}</Banner>}
      {pending?.state === "offline" && <PendingBanner said={sayPending(pending, userId, zone)} busy={busy} onStay={onStay} onLogOut={onLogOut} />}
      {shown.map((notice) => (
        <Banner
          key={notice.kind}
          kind={notice.kind === "held" ? "warning" : "info"}
          icon={notice.kind === "state" || notice.kind === "direction" ? "person" : notice.kind === "held" ? "warning" : "check"}
          onDismiss={() => onDismiss(notice)}
        >
          {sayNotice(notice, zone)}
        </Banner>
      ))}
    </>
  );
};
