import { badgeText } from "../app/badge.js";
import { locale } from "../app/locale.js";
import type { Extension, Work } from "../app/wire.js";
import { t as app } from "../app/words.js";
import { sayChannel, sayReason, sayState } from "../presence/said.js";
import type { Agent } from "./agent.js";
import { t } from "./texts.js";

/** A number in the page's language: 1,234. */
export const sayCount = (count: number): string => count.toLocaleString(locale.value);

export const sayWork = ({ channel, state }: Work): string => t("work.one", { channel: sayChannel(channel), state: app(`work.${state}`) });

export const sayWorkOf = ({ row }: Agent): string => row.work.map(sayWork).join("; ");

export const sayExtension = ({ description, value }: Extension): string => (description ? `${value} (${description})` : value);

/** What the head of a section says; see arrange. */
export const saySection = (key: string): string => {
  if (key === "ready" || key === "busy" || key === "notready" || key === "offline") return badgeText(key);
  if (key === "inbound" || key === "outbound" || key === "agent-initiated") return app(`direction.${key}`);
  const [kind, name] = [key.slice(0, key.indexOf("/")), key.slice(key.indexOf("/") + 1)];
  if (kind === "reason") return sayState("notready", name || sayReason(name));
  return name || t("filter.noGroup");
};
