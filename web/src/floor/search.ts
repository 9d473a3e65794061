import { type BadgeKind, badgeText } from "../app/badge.js";
import { type Locale, locale } from "../app/locale.js";
import type { FloorRow } from "../app/wire.js";
import { t as app } from "../app/words.js";
import { sayReason } from "../presence/said.js";
import type { Agent } from "./agent.js";
import { sayWork } from "./saying.js";
import { t } from "./texts.js";

/** Letters without case and accents, so that "muller" finds "Müller". */
export const fold = (text: string): string => text.normalize("NFD").replace(/\p{M}+/gu, "").toLowerCase();

/** What is searched for, word by word. */
export const wordsOf = (search: string): string[] => fold(search).split(/\s+/).filter(Boolean);

/** What a row says beside the state. */
const said = ({ row, hearing }: Agent): string[] => [
  row.name,
  row.reason ? sayReason(row.reason) : "",
  ...row.groups,
  ...row.work.map(sayWork),
  row.sessionId === null ? "" : app(`direction.${row.direction}`),
  hearing === "silent" || hearing === "lost" ? t(`connection.${hearing}`) : "",
  row.offerable ? t("offerable") : "",
];

/** Rows are frozen, so their texts are made once a row, in one language, and only when somebody searches. */
let language: Locale | undefined;
let made = new WeakMap<FloorRow, string>();

const textOf = (agent: Agent): string => {
  if (language !== locale.value) made = new WeakMap();
  language = locale.value;
  let text = made.get(agent.row);
  if (text === undefined) made.set(agent.row, (text = fold(said(agent).join(" "))));
  return text;
};

/** The words without those that begin the state's own. "Not ready" is one thing: "ready" finds nobody who is not. */
const withoutState = (words: readonly string[], state: string): readonly string[] => {
  for (let count = words.length; count > 0; count--) {
    for (let from = 0; from + count <= words.length; from++) {
      if (state.startsWith(words.slice(from, from + count).join(" "))) return [...words.slice(0, from), ...words.slice(from + count)];
    }
  }
  return words;
};

/** Tells whether an agent's row says all that is searched for, in the page's language. */
export const seek = (search: string): ((agent: Agent) => boolean) => {
  const words = wordsOf(search);
  const left = new Map<BadgeKind, readonly string[]>();
  return (agent) => {
    let others = left.get(agent.kind);
    if (!others) left.set(agent.kind, (others = withoutState(words, fold(badgeText(agent.kind)))));
    return others.every((word) => textOf(agent).includes(word));
  };
};
