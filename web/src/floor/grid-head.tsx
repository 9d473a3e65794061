import { useEffect, useRef } from "preact/hooks";
import { useCell } from "../app/cell.js";
import { Icon } from "../app/icon.js";
import type { Section } from "./arrange.js";
import { useModel } from "./model.js";
import { saySection, sayCount } from "./saying.js";
import { t } from "./texts.js";
import type { Sort } from "./view.js";

const columns = ["name", "state", "time", "reason", "direction", "work", "extension", "connection"] as const;

const isSort = (column: (typeof columns)[number]): column is Exclude<(typeof columns)[number], "extension"> & Sort => column !== "extension";

/** Takes in everybody who is shown, or out again. */
const SelectAll = ({ all, some, onToggle }: { all: boolean; some: boolean; onToggle: () => void }) => {
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (box.current) box.current.indeterminate = some && !all;
  }, [all, some]);
  return <input ref={box} type="checkbox" tabIndex={-1} checked={all} aria-label={t("select.all")} onChange={onToggle} />;
};

/** The head of the rows. The keyboard sorts by the menu above them. */
export const GridHead = ({ all, some, onToggleAll }: { all: boolean; some: boolean; onToggleAll: () => void }) => {
  const model = useModel();
  const view = useCell(model.view);
  return (
    <div role="row" aria-rowindex={1} class="grid-head">
      <div role="columnheader" class="cell cell-choose">
        <SelectAll all={all} some={some} onToggle={onToggleAll} />
      </div>
      {columns.map((column) => {
        const name = t(`column.${column}`);
        if (!isSort(column)) {
          return (
            <div key={column} role="columnheader" class={`cell cell-${column}`}>
              <span>{name}</span>
            </div>
          );
        }
        const sorted = view.sort === column;
        return (
          <div key={column} role="columnheader" class={`cell cell-${column}`} aria-sort={sorted ? (view.reversed ? "descending" : "ascending") : undefined}>
            <button type="button" tabIndex={-1} title={t("column.sortBy", { name: t(`sort.${column}`) })} onClick={() => model.look({ sort: column, reversed: sorted && !view.reversed })}>
              {name}
              {sorted && <Icon name={view.reversed ? "up" : "down"} size={12} />}
            </button>
          </div>
        );
      })}
    </div>
  );
};

interface SectionHeadProps {
  section: Section;
  open: boolean;
  top: number;
  index: number;
  active: boolean;
  place: string;
  span: number;
}

const kinds = ["ready", "busy", "notready", "offline"] as const;

/** The head of a section, with how many of which state there are in it. Enter or a click folds it. */
export const SectionHead = ({ section, open, top, index, active, place, span }: SectionHeadProps) => {
  const counts = { ready: 0, busy: 0, notready: 0, offline: 0 };
  for (const { kind } of section.agents) counts[kind as keyof typeof counts]++;
  const name = saySection(section.key);
  const mixed = kinds.filter((kind) => counts[kind] > 0).length > 1;
  return (
    <div role="row" aria-rowindex={index} class="section-head" data-place={place} data-section={section.key} tabIndex={active ? 0 : -1} style={{ transform: `translateY(${top}px)` }}>
      <div role="gridcell" aria-colspan={span}>
        <button type="button" tabIndex={-1} aria-expanded={open} title={t(open ? "section.close" : "section.open", { name })}>
          <Icon name={open ? "chevron" : "right"} />
          <strong>{name}</strong>
        </button>
        <span class="calm numeric">{sayCount(section.agents.length)}</span>
        {mixed && (
          <span class="section-counts numeric">
            {kinds.map(
              (kind) =>
                counts[kind] > 0 && (
                  <span key={kind} class={kind}>
                    <Icon name={kind} size={12} /> {sayCount(counts[kind])}
                  </span>
                ),
            )}
          </span>
        )}
      </div>
    </div>
  );
};
