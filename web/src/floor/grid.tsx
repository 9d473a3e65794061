import { useEffect, useLayoutEffect, useMemo, useReducer, useRef, useState } from "preact/hooks";
import { useCell } from "../app/cell.js";
import { useLocale } from "../app/locale.js";
import { AgentLine } from "./agent-line.js";
import { GridHead, SectionHead } from "./grid-head.js";
import { type Line, type Lines, findPlace, idAt, keyAt, layLines, move, placeKey, scrollTo, windowOf } from "./lines.js";
import { useModel } from "./model.js";
import { type Standing, extend, toggle, toggleAll } from "./selection.js";
import { t } from "./texts.js";
import { toggled } from "./view.js";

const headHeight = 36;
const rowHeight = 38;
const narrowRowHeight = 60;
const tileHeight = 128;
const tileWidth = 232;
const gridHeadHeight = 34;
/** Below this width a row takes two lines; the columns' least widths in floor-grid.css add up to it. */
const narrow = 940;
/** Below this width it says the direction and a live connection by their drawings only, and no extension. */
const slim = 520;
const columnCount = 9;

const actKeys: Readonly<Record<string, "state" | "direction" | "logout">> = { s: "state", d: "direction", x: "logout" };

/** Everybody who is shown, in order. */
const standings = (lines: Lines): Standing[] =>
  lines.all.flatMap((line) => (line.kind === "agents" ? line.agents.map((agent) => ({ key: placeKey(line.section, agent), id: agent.id })) : []));

interface GridProps {
  onAct: (act: "state" | "direction" | "logout") => void;
}

/** The agents, of whom only those in sight are in the page. */
export const Grid = ({ onAct }: GridProps) => {
  const model = useModel();
  const { roster } = model;
  const language = useLocale();
  const view = useCell(model.view);
  const arrangement = useCell(roster.arrangement);
  const selection = useCell(model.selection);
  const listening = useCell(model.monitor.listening);
  const box = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState({ width: 1200, height: 600 });
  const [active, setActive] = useState<string | null>(null);
  const [, redraw] = useReducer((n: number) => n + 1, 0);
  const drawn = useRef<readonly [number, number]>([0, 0]);
  const wantsFocus = useRef(false);
  const hadFocus = useRef(false);

  const tiles = view.layout === "tiles";
  const columns = tiles ? Math.max(1, Math.floor((size.width - 8) / tileWidth)) : 1;
  const agentsHeight = tiles ? tileHeight : size.width < narrow ? narrowRowHeight : rowHeight;
  const lines = useMemo(() => layLines(arrangement.sections, view.closed, { columns, headHeight, agentsHeight }), [arrangement, view.closed, columns, agentsHeight]);
  const top = tiles ? 0 : gridHeadHeight;
  const inSight = Math.max(1, size.height - top);
  const windowNow = (): [number, number] => windowOf(lines, box.current?.scrollTop ?? 0, inSight, tiles ? 2 : 8);

  const place = (active === null ? null : findPlace(lines, active)) ?? null;
  // The keyboard goes with whoever goes to another group. Its place is lost with who has gone altogether: then it is the first one.
  const activeKey = keyAt(lines, place ?? { line: 0, column: 0 });
  const activeLine = place?.line ?? 0;
  const [from, to] = (drawn.current = windowNow());

  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const measure = (): void => setSize({ width: element.clientWidth, height: element.clientHeight });
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  // Drawing may move the row that has the keyboard; the browser lets go of it then.
  useLayoutEffect(() => {
    if (!wantsFocus.current && !(hadFocus.current && document.activeElement === document.body)) return;
    wantsFocus.current = false;
    if (activeKey) box.current?.querySelector<HTMLElement>(`[data-place="${CSS.escape(activeKey)}"]`)?.focus({ preventScroll: true });
  });

  useEffect(() => {
    const seen = lines.all.slice(from, to).flatMap((line) => (line.kind === "agents" ? line.agents : []));
    model.extensions.want(seen.map((agent) => roster.agents.get(agent.id) ?? agent));
  }, [lines, from, to]);

  const scrolled = (): void => {
    const [first, end] = windowNow();
    if (first !== drawn.current[0] || end !== drawn.current[1]) redraw(undefined);
  };

  const goTo = (key: string): void => {
    const at = findPlace(lines, key);
    const line = at && lines.all[at.line];
    const element = box.current;
    if (!line || !element) return;
    element.scrollTop = scrollTo(line.top, line.kind === "head" ? headHeight : agentsHeight, element.scrollTop, inSight);
    wantsFocus.current = true;
    setActive(key);
    redraw(undefined);
  };

  const fold = (section: string): void => model.look({ closed: toggled(view.closed, section) });

  const shownIds = useMemo(() => arrangement.sections.flatMap((section) => section.agents.map(({ id }) => id)), [arrangement]);
  const allSelected = shownIds.length > 0 && shownIds.every((id) => selection.ids.has(id));
  const toggleShown = (): void => model.selection.set(toggleAll(selection, shownIds));

  const press = (event: KeyboardEvent): void => {
    if (!activeKey || event.altKey || (event.target as HTMLElement).closest(".grid-head")) return;
    const command = event.ctrlKey || event.metaKey;
    const id = idAt(activeKey);
    const line = lines.all[activeLine];
    const next = command && !["Home", "End"].includes(event.key) ? null : move(lines, place ?? { line: 0, column: 0 }, event.key, Math.max(1, Math.floor(inSight / agentsHeight) - 1));
    roster.hold();
    if (next) {
      const key = keyAt(lines, next);
      if (!key) return;
      if (event.shiftKey) {
        const all = standings(lines);
        const began = selection.anchor === null && id ? { ...selection, anchor: activeKey } : selection;
        if (idAt(key)) model.selection.set(extend(began, { key, id: idAt(key) }, all));
      }
      goTo(key);
    } else if (event.key === " " && id) model.selection.set(event.shiftKey ? extend(selection, { key: activeKey, id }, standings(lines)) : toggle(selection, { key: activeKey, id }));
    else if (command && event.key.toLowerCase() === "a") toggleShown();
    else if ((event.key === "Enter" || event.key === " ") && line?.kind === "head") fold(line.section.key);
    else if (event.key === "ArrowLeft" && line?.kind === "head" && line.open) fold(line.section.key);
    else if (event.key === "ArrowRight" && line?.kind === "head" && !line.open) fold(line.section.key);
    else if (event.key === "Enter" && id) model.look({ agent: id });
    else if (event.key === "Escape" && selection.ids.size > 0) model.selection.set({ ids: new Set(), anchor: null });
    else if (!command && actKeys[event.key] && (selection.ids.size > 0 || id)) {
      if (selection.ids.size === 0) model.selection.set(toggle(selection, { key: activeKey, id }));
      onAct(actKeys[event.key]!);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const click = (event: MouseEvent): void => {
    const target = event.target as HTMLElement;
    const head = target.closest<HTMLElement>("[data-section]");
    if (head) {
      setActive(head.dataset["place"] ?? null);
      return fold(head.dataset["section"] ?? "");
    }
    const line = target.closest<HTMLElement>("[data-id]");
    const key = line?.dataset["place"];
    const id = line?.dataset["id"];
    if (!key || !id) return;
    setActive(key);
    if (event.shiftKey) {
      event.preventDefault();
      window.getSelection()?.removeAllRanges();
      model.selection.set(extend(selection, { key, id }, standings(lines)));
    } else if (event.ctrlKey || event.metaKey || target.closest(".cell-choose, input")) model.selection.set(toggle(selection, { key, id }));
    else model.look({ agent: view.agent === id ? null : id });
  };

  const lineAt = (line: Line, at: number) => {
    if (line.kind === "head") {
      return <SectionHead key={line.key} place={line.key} section={line.section} open={line.open} top={line.top} index={at + 2} active={line.key === activeKey} span={tiles ? columns : columnCount} />;
    }
    const agents = line.agents.map((agent, column) => {
      const key = placeKey(line.section, agent);
      return (
        <AgentLine
          key={key}
          model={model}
          id={agent.id}
          place={key}
          as={tiles ? "tile" : "row"}
          top={line.top}
          index={tiles ? column + 1 : at + 2}
          selected={selection.ids.has(agent.id)}
          active={key === activeKey}
          shown={view.agent === agent.id}
          listening={listening.kind === "on" ? listening.interactionId : null}
          limits={view.limits}
          language={language}
        />
      );
    });
    if (!tiles) return agents;
    return (
      <div key={line.key} role="row" aria-rowindex={at + 2} class="tile-row" style={{ transform: `translateY(${line.top}px)`, gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` }}>
        {agents}
      </div>
    );
  };

  const drawnLines = lines.all.slice(from, to).map((line, at) => lineAt(line, from + at));
  const apart = (activeLine < from || activeLine >= to) && lines.all[activeLine];

  return (
    <div
      ref={box}
      class={`grid ${view.layout}${size.width < narrow ? " narrow" : ""}${size.width < slim ? " slim" : ""}`}
      role={view.grouping === "none" ? "grid" : "treegrid"} // heads of groups unfold
      aria-label={t("title")}
      aria-multiselectable="true"
      aria-rowcount={lines.all.length + 1}
      aria-colcount={tiles ? columns : columnCount}
      onScroll={scrolled}
      onPointerMove={roster.hold}
      onClick={click}
      onKeyDown={press}
      onFocusCapture={() => void (hadFocus.current = true)}
      onBlurCapture={(event) => void (hadFocus.current = event.relatedTarget === null && hadFocus.current)}
    >
      {!tiles && <GridHead all={allSelected} some={selection.ids.size > 0} onToggleAll={toggleShown} />}
      <div role="rowgroup" class="grid-body" style={{ height: `${lines.height}px` }}>
        {drawnLines}
        {apart && lineAt(apart, activeLine)}
      </div>
    </div>
  );
};
