import { badgeText } from "../app/badge.js";
import { t } from "../app/words.js";

/** A reason as people know it; "" is none. The system's own two reasons are in the page's language. */
export const sayReason = (reason: string): string => {
  if (reason === "Logged in") return t("reason.loggedIn");
  return reason === "Connection lost" ? t("reason.connectionLost") : reason || t("reason.none");
};

/** The channel of work as people know it; one that is not known here is said as the server does. */
export const sayChannel = (channel: string): string => (channel === "voice" || channel === "chat" || channel === "email" ? t(`channel.${channel}`) : channel);

/** A state with its reason: "Not ready: Lunch". */
export const sayState = (state: "ready" | "notready" | "offline" | "unknown", reason?: string | null): string =>
  reason ? `${badgeText(state)}: ${sayReason(reason)}` : badgeText(state);
