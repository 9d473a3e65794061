import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { StateBadge, badgeOf } from "../app/badge.js";
import { Button } from "../app/button.js";
import { clockText, sinceThen } from "../app/duration.js";
import { useNow } from "../app/ticker.js";
import type { Extension } from "../app/wire.js";
import type { ZonedTime } from "../app/zone.js";
import { sayState } from "../presence/said.js";
import type { Desk, Presence } from "./desk.js";
import { keysOf } from "./shortcuts.js";
import { t } from "./texts.js";

/** A running time. It is not read out every second: the state's begin stands beside it. */
export const Timer = ({ since, label, large = false }: { since: string | null; label: string; large?: boolean }) => {
  const now = useNow();
  return (
    <span class={large ? "timer large" : "timer"} role="timer" aria-label={label} aria-live="off">
      {clockText(sinceThen(since, now))}
    </span>
  );
};

const byWhom = ({ cause, by }: Presence): string | null => {
  if (by) return t("state.by", { who: by });
  if (cause === "supervisor") return t("state.bySupervisor");
  return cause === "system" ? t("state.bySystem") : null;
};

export const extensionName = ({ description, value, type }: Extension): string => (description ? `${description} – ${value}` : `${value} (${type})`);

interface StateCardProps {
  desk: Desk;
  /** Whether the server hears this page: otherwise nobody vouches for what is shown. */
  heard: boolean;
  presence: Presence;
  zone: ZonedTime;
  busy: string | null;
  onReady: (extension: string) => void;
  onNotReady: () => void;
  onWhy: () => void;
  /** The extension that ready would take, for the shortcut. */
  onExtension: (extension: string) => void;
  /** The button that ends the session. */
  logOut: ComponentChildren;
}

/** The state, since when, and what can be done about it. */
export const StateCard = ({ desk, heard, presence, zone, busy, onReady, onNotReady, onWhy, onExtension, logOut }: StateCardProps) => {
  const extensions = desk.config?.extensions ?? [];
  const active = (desk.config?.activeExtension ?? extensions[0])?.value ?? "";
  const [chosen, setChosen] = useState<string | null>(null);
  const extension = extensions.some(({ value }) => value === chosen) && chosen !== null ? chosen : active;
  useEffect(() => onExtension(extension), [extension]);

  // The button that was pressed may go with the state that it led out of: the next one has the keyboard then.
  const acts = useRef<HTMLDivElement>(null);
  const hadKeyboard = acts.current?.contains(document.activeElement) ?? false;
  useLayoutEffect(() => {
    if (hadKeyboard && document.activeElement === document.body) acts.current?.querySelector("button")?.focus();
  });

  const { state, reason, since } = presence;
  const kind = badgeOf(state, desk.work.length);
  const ready = state === "ready";
  const by = byWhom(presence);
  return (
    <section class={`card state-card ${kind}${heard ? "" : " unheard"}`} aria-labelledby="state-title">
      <h1 id="state-title" class="heard-only">
        {t("state.title")}
      </h1>
      <div class="state-head">
        <StateBadge kind={kind} text={sayState(state, reason)} size="large" />
        <Button icon="question" class="why-button" shortcut={keysOf("why")} onClick={onWhy}>
          {t("why")}
        </Button>
      </div>
      <p class="state-time">
        <Timer since={since} label={t("state.running")} large />
        <span class="calm">{[since && t("state.since", { time: zone.exact(since) }), kind === "busy" && t("state.work"), by].filter(Boolean).join(" · ")}</span>
      </p>
      <div class="state-acts" ref={acts}>
        {!ready && (
          <Button kind="primary" icon="ready" shortcut={keysOf("ready")} busy={busy === "ready"} disabled={extensions.length === 0} onClick={() => onReady(extension)}>
            {t("go.ready")}
          </Button>
        )}
        <Button kind={ready ? "primary" : "plain"} icon="notready" shortcut={keysOf("notReady")} busy={busy === "notReady"} onClick={onNotReady}>
          {ready ? t("go.notReady") : t("go.reason")}
        </Button>
        {logOut}
      </div>
      {extensions.length === 0 ? (
        <p class="calm">{t("extension.none")}</p>
      ) : (
        <div class="extension">
          <label class="extension-field">
            <span>{t("extension")}</span>
            <select class="select" value={extension} onChange={(event) => setChosen(event.currentTarget.value)}>
              {extensions.map((e) => (
                <option key={e.value} value={e.value} selected={e.value === extension}>
                  {extensionName(e)}
                </option>
              ))}
            </select>
          </label>
          {ready && extension !== active && (
            <Button busy={busy === "ready"} onClick={() => onReady(extension)}>
              {t("go.useExtension")}
            </Button>
          )}
        </div>
      )}
    </section>
  );
};
