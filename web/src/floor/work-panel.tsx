import { useEffect, useLayoutEffect, useMemo, useReducer, useRef, useState } from "preact/hooks";
import { Button } from "../app/button.js";
import { useCell } from "../app/cell.js";
import { Dialog } from "../app/dialog.js";
import { SearchField } from "../app/search-field.js";
import { t as app } from "../app/words.js";
import { sayChannel } from "../presence/said.js";
import { Lasting } from "./lasting.js";
import { useModel } from "./model.js";
import { type OpenWork, isCall, openWork } from "./open-work.js";
import { t } from "./parts-texts.js";
import { sayCount, sayExtension, sayWork } from "./saying.js";
import { t as floor } from "./texts.js";
import { ChannelIcon } from "./work-chips.js";

const entryHeight = 56;
const step = 6;

interface EntryProps {
  entry: OpenWork;
  at: number;
  all: number;
  listened: boolean;
  busy: boolean;
  onListen: (() => void) | null;
}

const Entry = ({ entry: { work, agent }, at, all, listened, busy, onListen }: EntryProps) => {
  const model = useModel();
  const { work: limit } = useCell(model.view).limits;
  const { name } = agent.row;
  return (
    <li class={listened ? "open-work listened" : "open-work"} aria-posinset={at + 1} aria-setsize={all} style={{ transform: `translateY(${at * entryHeight}px)` }}>
      <ChannelIcon channel={work.channel} />
      <div class="open-work-text">
        <button type="button" class="link-button" aria-label={t("agent.open", { name })} onClick={() => model.look({ agent: agent.id })}>
          {name}
        </button>
        <span class="calm">
          {sayWork(work)}
        </span>
      </div>
      <Lasting since={Date.parse(work.since)} limit={limit * 60_000} />
      {onListen && (
        <Button kind={listened ? "danger" : "quiet"} icon="listen" busy={busy} aria-label={listened ? floor("listen.stop") : t("listen.one", { name, channel: sayChannel(work.channel) })} title={listened ? floor("listen.stop") : t("listen")} onClick={onListen} />
      )}
    </li>
  );
};

/** Which entries are in sight, of a list whose entries are all as high. */
const useWindow = (count: number) => {
  const box = useRef<HTMLDivElement>(null);
  const [, redraw] = useReducer((n: number) => n + 1, 0);
  const drawn = useRef(0);
  const first = (): number => Math.max(0, Math.floor((box.current?.scrollTop ?? 0) / entryHeight / step) * step - step);
  const [height, setHeight] = useState(600);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setHeight(element.clientHeight));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  drawn.current = first();
  const end = Math.min(count, drawn.current + Math.ceil(height / entryHeight) + 3 * step);
  return { box, from: Math.min(drawn.current, count), end, scrolled: () => first() !== drawn.current && redraw(undefined) };
};

/** The open work of the floor; whoever may, can listen in. */
export const WorkPanel = ({ onListen, onClose }: { onListen: (interactionId: string, extension: string | null) => void; onClose: () => void }) => {
  const model = useModel();
  const arrangement = useCell(model.roster.arrangement);
  const tally = useCell(model.roster.tally);
  const listening = useCell(model.monitor.listening);
  const [search, setSearch] = useState("");
  const [extension, setExtension] = useState<string | null>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const all = useMemo(() => openWork(model.roster.agents.values(), search), [arrangement, tally.work, search]);
  const { box, from, end, scrolled } = useWindow(all.length);
  const mayListen = model.may("MONITOR_ALL_CALLS");
  const extensions = model.client.session.getExtensions() ?? [];
  const target = model.monitor.target();

  useEffect(() => heading.current?.focus({ preventScroll: true }), []);

  return (
    <aside class="panel work-panel" aria-labelledby="work-panel-name" onKeyDown={(event) => event.key === "Escape" && onClose()}>
      <header>
        <h2 id="work-panel-name" ref={heading} tabIndex={-1}>
          {t("open.title")} <span class="calm numeric">{sayCount(tally.work)}</span>
        </h2>
        <Button kind="quiet" icon="close" aria-label={app("close")} onClick={onClose} />
      </header>
      <div class="work-panel-head">
        {!mayListen && <p class="calm">{t("open.forbidden")}</p>}
        {mayListen && extensions.length === 0 && <p class="calm">{t("open.noExtension")}</p>}
        {mayListen && extensions.length > 0 && (
          <label class="listen-at">
            <span>{t("open.at")}</span>
            <select class="select" value={extension ?? ""} onChange={(event) => setExtension(event.currentTarget.value || null)}>
              {extensions.map((each, at) => (
                <option key={each.id} value={at === 0 ? "" : each.value}>
                  {sayExtension(each)}
                </option>
              ))}
            </select>
          </label>
        )}
        <SearchField value={search} label={t("open.search")} onWords={setSearch} />
      </div>
      <div ref={box} class="work-list" tabIndex={0} role="region" aria-label={t("open.title")} onScroll={scrolled}>
        {all.length === 0 && <p class="calm nothing">{t("open.none")}</p>}
        <ul style={{ height: `${all.length * entryHeight}px` }}>
          {all.slice(from, end).map((entry, at) => {
            const { interactionId } = entry.work;
            const mine = target === interactionId;
            return (
              <Entry
                key={interactionId}
                entry={entry}
                at={from + at}
                all={all.length}
                listened={mine && listening.kind === "on"}
                busy={mine && listening.kind !== "on"}
                onListen={mayListen && extensions.length > 0 && (mine || isCall(entry.work)) ? () => (mine ? void model.monitor.stop() : onListen(interactionId, extension)) : null}
              />
            );
          })}
        </ul>
      </div>
    </aside>
  );
};

/** Listening takes the place of the user's own session as an agent: that is asked first. */
export const SupersedeDialog = ({ onGo, onClose }: { onGo: () => void; onClose: () => void }) => (
  <Dialog
    title={t("listen.supersedes")}
    onClose={onClose}
    foot={
      <>
        <Button onClick={onClose}>{app("cancel")}</Button>
        <Button kind="danger" onClick={onGo}>
          {t("listen.supersedesGo")}
        </Button>
      </>
    }
  >
    <p>{t("listen.supersedesMore")}</p>
  </Dialog>
);
