import { Icon } from "./icon.js";
import { t } from "./words.js";

/** What a badge can say of somebody. `busy` is ready with work; `lost` and `silent` are of the connection. */
export type BadgeKind = "ready" | "busy" | "notready" | "offline" | "unknown" | "lost" | "silent";

export const badgeText = (kind: BadgeKind): string => t(`state.${kind}`);

/** The badge of a presence state beside the work and the connection that somebody has. */
export const badgeOf = (state: "ready" | "notready" | "offline" | "unknown", openWork = 0): BadgeKind => (state === "ready" && openWork > 0 ? "busy" : state);

/** A state as a shape, a word and a colour. */
export const StateBadge = ({ kind, text = badgeText(kind), size = "normal" }: { kind: BadgeKind; text?: string; size?: "normal" | "large" }) => (
  <span class={`badge ${kind} ${size}`}>
    <Icon name={kind === "silent" ? "lost" : kind} size={size === "large" ? 24 : 16} />
    <span class="label">{text}</span>
  </span>
);
