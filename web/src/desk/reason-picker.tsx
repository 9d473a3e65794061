import { useEffect, useId, useMemo, useRef, useState } from "preact/hooks";
import type { ReasonInfo } from "../../../sdk/js/src/index.js";
import { Dialog } from "../app/dialog.js";
import { Icon } from "../app/icon.js";
import { SearchField } from "../app/search-field.js";
import type { ReasonList } from "../app/wire.js";
import { t as app } from "../app/words.js";
import { type ReasonRow, reasonRows, reasonTree } from "../presence/reason-tree.js";
import { t } from "./texts.js";

interface ReasonPickerProps {
  title: string;
  lists: readonly ReasonList[];
  /** The reason that holds now; it is marked. */
  current?: string | null;
  /** Null for no reason. */
  onPick: (reason: ReasonInfo | null) => void;
  onClose: () => void;
}

/** So few reasons are seen at a glance; more can be searched. */
const glance = 6;
/** Letters that follow within so many milliseconds are one word. */
const wordPause = 700;

/** A dialog with the tree of reasons: arrow keys move, left and right close and open categories, Enter takes; the field searches. */
export const ReasonPicker = ({ title, lists, current = null, onPick, onClose }: ReasonPickerProps) => {
  const tree = useMemo(() => reasonTree(lists), [lists]);
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const [query, setQuery] = useState("");
  const [at, setAt] = useState<string | null>(null);
  const box = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const typed = useRef({ text: "", at: 0 });
  const id = useId();

  const rows = reasonRows(tree, closed, query);
  const searchable = useMemo(() => reasonRows(tree, new Set(), "").length > glance, [tree]);
  const focused = rows.some((row) => row.key === at) ? at : (rows[0]?.key ?? null);
  const none = query === "";

  useEffect(() => {
    const first = box.current?.querySelector<HTMLElement>('[role="treeitem"]');
    if (searchable) field.current?.focus();
    else first?.focus();
  }, []);

  const items = (): HTMLElement[] => [...(box.current?.querySelectorAll<HTMLElement>('[role="treeitem"]') ?? [])];
  const focus = (element: HTMLElement | undefined): void => {
    if (!element) return;
    element.focus();
    setAt(element.dataset["key"] ?? null);
  };
  const move = (step: number): void => {
    const all = items();
    const now = all.indexOf(document.activeElement as HTMLElement);
    focus(all[Math.min(all.length - 1, Math.max(0, now + step))]);
  };
  /** The next line that begins with the letters that were typed in quick succession. */
  const find = (letter: string, at: number): void => {
    const before = at - typed.current.at < wordPause ? typed.current.text : "";
    typed.current = { text: before + letter.toLocaleLowerCase(), at };
    const all = items();
    const now = all.indexOf(document.activeElement as HTMLElement);
    const first = before === "" ? now + 1 : now; // a longer word may still be this one
    focus([...all.slice(first), ...all.slice(0, first)].find((item) => item.textContent?.trim().toLocaleLowerCase().startsWith(typed.current.text)));
  };
  const fold = (key: string, open: boolean): void => {
    const next = new Set(closed);
    if (open) next.delete(key);
    else next.add(key);
    setClosed(next);
  };
  const take = (row: ReasonRow | null): void => {
    if (row === null) return onPick(null);
    if (row.node.kind === "reason") onPick(row.node.info);
    else fold(row.key, !row.open);
  };

  const press = (event: KeyboardEvent, row: ReasonRow | null): void => {
    const { key } = event;
    if (key === "ArrowDown") move(1);
    else if (key === "ArrowUp") {
      if (items()[0] === document.activeElement && searchable) field.current?.focus();
      else move(-1);
    } else if (key === "Home") focus(items()[0]);
    else if (key === "End") focus(items().at(-1));
    else if (key === "Enter" || key === " ") take(row);
    else if (key === "ArrowRight" && row?.node.kind === "category") {
      if (row.open) move(1);
      else fold(row.key, true);
    } else if (key === "ArrowLeft" && row) {
      if (row.node.kind === "category" && row.open && none) fold(row.key, false);
      else focus(items().find((item) => item.dataset["key"] === row.key.slice(0, row.key.lastIndexOf("/"))));
    } else if (key.length === 1 && !event.altKey && !event.ctrlKey && !event.metaKey) {
      if (searchable) {
        field.current?.focus(); // the letter goes there
        return;
      }
      find(key, event.timeStamp);
    } else return;
    event.preventDefault();
  };

  return (
    <Dialog title={title} onClose={onClose}>
      {searchable && (
        <SearchField
          fieldRef={field}
          value={query}
          label={t("reason.search")}
          aria-controls={id}
          onWords={setQuery}
          onKeyDown={(event) => {
            const first = rows.find((row) => row.node.kind === "reason");
            if (event.key === "ArrowDown") focus(items()[0]);
            else if (event.key === "Enter" && query && first) take(first);
            else return;
            event.preventDefault();
          }}
        />
      )}
      <div ref={box} class="reasons" role="tree" id={id} aria-label={title}>
        {none && (
          <div role="treeitem" aria-level={1} tabIndex={focused === null ? 0 : -1} data-key="" class="reason" onClick={() => take(null)} onKeyDown={(event) => press(event, null)}>
            <span class="reason-name calm">{app("reason.none")}</span>
          </div>
        )}
        {rows.map((row) => {
          const category = row.node.kind === "category";
          const chosen = row.node.kind === "reason" && row.node.info.reasonId === current;
          return (
            <div
              key={row.key}
              role="treeitem"
              aria-level={row.level}
              aria-setsize={row.siblings}
              aria-posinset={row.place}
              aria-expanded={category ? row.open : undefined}
              aria-current={chosen || undefined}
              tabIndex={row.key === focused ? 0 : -1}
              data-key={row.key}
              class={category ? "reason category" : "reason"}
              style={{ paddingInlineStart: `${(row.level - 1) * 18 + 8}px` }}
              onClick={() => take(row)}
              onFocus={() => setAt(row.key)}
              onKeyDown={(event) => press(event, row)}
            >
              {category && <Icon name={row.open ? "chevron" : "right"} />}
              <span class="reason-name">{row.node.name}</span>
              {chosen && <Icon name="check" />}
            </div>
          );
        })}
      </div>
      {rows.length === 0 && (
        <p class="calm" role="status">
          {query ? t("reason.notFound", { query }) : t("reason.empty")}
        </p>
      )}
    </Dialog>
  );
};
