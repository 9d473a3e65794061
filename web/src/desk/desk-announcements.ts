import { useEffect, useRef } from "preact/hooks";
import { announce } from "../app/announce.js";
import { linkOf } from "../app/light.js";
import { locale } from "../app/locale.js";
import type { Work } from "../app/wire.js";
import { t as app } from "../app/words.js";
import type { ZonedTime } from "../app/zone.js";
import { sayChannel, sayState } from "../presence/said.js";
import type { Desk } from "./desk.js";
import { sayAway, sayNotice, sayPending } from "./notices.js";
import { t } from "./texts.js";

const sayWork = (before: readonly Work[], after: readonly Work[]): string[] => [
  ...after
    .filter((work) => before.find(({ interactionId }) => interactionId === work.interactionId)?.state !== work.state)
    .map(({ channel, state }) => t(state === "offered" ? "said.offered" : state === "active" ? "said.began" : "said.wrapup", { channel: sayChannel(channel) })),
  ...before.filter((work) => !after.some(({ interactionId }) => interactionId === work.interactionId)).map(({ channel }) => t("said.ended", { channel: sayChannel(channel) })),
];

/** How the connection is gone; null where it is not. */
const awayOf = ({ hearing }: Desk): "lost" | "offline" | null => {
  const link = linkOf(hearing, hearing.heard);
  return link === "lost" || link === "offline" ? link : null;
};

/** What a screen reader is told of the way from one desk to the next. `urgent`: somebody else did it, or work comes. */
export const sayChange = (before: Desk, after: Desk, userId: string, zone: ZonedTime): { text: string; urgent: boolean } | null => {
  if (before.session?.id !== after.session?.id || !after.presence || after.over) return null;
  const notices = after.notices.filter((notice) => !before.notices.includes(notice)).map((notice) => sayNotice(notice, zone));
  const work = sayWork(before.work, after.work);
  const { pending } = after.presence;
  if (pending && !before.presence?.pending) notices.push(sayPending(pending, userId, zone));
  const away = awayOf(after);
  if (away && away !== awayOf(before)) notices.push(sayAway(away, after.hearing.since, zone));
  if (notices.length > 0 || work.length > 0) return { text: [...notices, ...work].join(" "), urgent: true };
  const { state, reason, since, direction } = after.presence;
  const told: string[] = [];
  if (before.presence && (before.presence.state !== state || before.presence.since !== since)) told.push(t("said.state", { state: sayState(state, reason) }));
  if (before.presence && before.presence.direction !== direction) told.push(t("said.direction", { direction: app(`direction.${direction}`) }));
  return told.length > 0 ? { text: told.join(" "), urgent: false } : null;
};

/** Lets a screen reader say what changes at the desk, and the browser's tab show the state. */
export const useAnnouncements = (desk: Desk, userId: string, zone: ZonedTime): void => {
  const before = useRef(desk);
  useEffect(() => {
    const change = sayChange(before.current, desk, userId, zone);
    before.current = desk;
    if (change) announce(change.text, change.urgent ? "assertive" : "polite");
  }, [desk]);
  const { presence, over } = desk;
  const shown = presence && !over ? sayState(presence.state, presence.reason) : app("page.desk");
  useEffect(() => {
    document.title = `${shown} – Muster`;
  }, [shown, locale.value]);
};
