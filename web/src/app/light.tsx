import { spokenText } from "./duration.js";
import { Icon } from "./icon.js";
import { locale } from "./locale.js";
import { t } from "./words.js";

/** How it stands with the connection to the server. `mute`: open, but nothing is heard. */
export type Link = "connecting" | "live" | "mute" | "lost" | "offline";

/** What a page knows of its connection. */
export interface Hearing {
  /** Null while the first connection is being made. */
  connected: boolean | null;
  /** Since when it is so, and when the server was last heard, in milliseconds by the server's clock. */
  since: number;
  heard: number;
  /** So long the server may be quiet, in milliseconds. */
  patience: number;
  /** Whether the computer has a network. */
  online: boolean;
}

export const linkOf = ({ connected, heard, patience, online }: Hearing, now: number): Link => {
  if (!online) return "offline";
  if (connected === null) return "connecting";
  if (!connected) return "lost";
  return now - heard > patience ? "mute" : "live";
};

/** For how long a link has been as it is, in milliseconds. */
export const lasted = (hearing: Hearing, link: Link, now: number): number => Math.max(0, now - (link === "mute" ? hearing.heard : hearing.since));

/** A sentence about the link. */
export const sayLink = (link: Link, lastedMs: number): string => t(`link.${link}.more`, { time: spokenText(lastedMs, locale.value) });

const icons = { connecting: "unknown", live: "ready", mute: "lost", lost: "lost", offline: "offline" } as const;

/** A light that says how the connection stands, in shape, word and colour. */
export const ConnectionLight = ({ link, lastedMs, compact = false }: { link: Link; lastedMs: number; compact?: boolean }) => (
  <span class={`light ${link}`} title={sayLink(link, lastedMs)} role="img" aria-label={t("link.label", { state: t(`link.${link}`) })}>
    <Icon name={icons[link]} size={12} />
    {!compact && <span class="label">{t(`link.${link}`)}</span>}
  </span>
);
