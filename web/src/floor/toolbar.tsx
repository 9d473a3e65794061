import { useEffect, useRef } from "preact/hooks";
import { announce } from "../app/announce.js";
import { Button } from "../app/button.js";
import { useCell } from "../app/cell.js";
import { Icon } from "../app/icon.js";
import { Menu } from "../app/menu.js";
import { SearchField } from "../app/search-field.js";
import { FilterBox, FilterChips } from "./filters.js";
import { LimitsBox } from "./limits-box.js";
import { useModel } from "./model.js";
import { sayCount } from "./saying.js";
import { t } from "./texts.js";
import { groupings, layouts, sorts } from "./view.js";

/** Whoever changes filters has come to rest: only then it is said how many are shown. */
const restTime = 800;

const Shown = () => {
  const model = useModel();
  const { shown } = useCell(model.roster.arrangement);
  const { all } = useCell(model.roster.tally);
  const view = useCell(model.view);
  const first = useRef(true);
  useEffect(() => {
    if (first.current) return void (first.current = false);
    const timer = setTimeout(() => announce(t("shown.said", { count: model.roster.arrangement.value.shown, all: model.roster.tally.value.all })), restTime);
    return () => clearTimeout(timer);
  }, [view.search, view.states, view.reasons, view.directions, view.hearings, view.groups, view.offerable, view.long]);
  return <span class="shown-count calm numeric">{shown === all ? t("shown.all", { count: sayCount(all) }) : t("shown.some", { count: sayCount(shown), all: sayCount(all) })}</span>;
};

const AgentSearch = () => {
  const model = useModel();
  const { search } = useCell(model.view);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
      if ((event.target as HTMLElement).closest?.("input, select, textarea, dialog")) return;
      event.preventDefault();
      field.current?.focus();
      field.current?.select();
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, []);
  return (
    <SearchField fieldRef={field} value={search} label={t("search")} aria-label={t("search.more")} title={t("search.more")} aria-keyshortcuts="/" onWords={(words) => model.look({ search: words })}>
      <kbd aria-hidden="true">/</kbd>
    </SearchField>
  );
};

/** Whom to show, and how. */
export const Toolbar = () => {
  const model = useModel();
  const view = useCell(model.view);
  const tally = useCell(model.roster.tally);
  return (
    <div class="toolbar">
      <AgentSearch />
      <FilterBox />
      <Menu
        label={view.grouping === "none" ? t("grouping") : t("filter.some", { name: t("grouping"), count: t(`grouping.${view.grouping}`) })}
        groups={[{ items: groupings.map((grouping) => ({ label: t(`grouping.${grouping}`), checked: grouping === view.grouping, act: () => model.look({ grouping, closed: [] }) })) }]}
      />
      <Menu
        label={t("filter.some", { name: t("sort"), count: t(`sort.${view.sort}`) })}
        groups={[
          { items: sorts.map((sort) => ({ label: t(`sort.${sort}`), checked: sort === view.sort, act: () => model.look({ sort, reversed: false }) })) },
          { items: [{ label: t("sort.turn"), icon: view.reversed ? "down" : "up", act: () => model.look({ reversed: !view.reversed }) }] },
        ]}
      />
      <LimitsBox />
      <div class="segments" role="group" aria-label={t("layout")}>
        {layouts.map((layout) => (
          <button key={layout} type="button" class="segment" aria-pressed={layout === view.layout} aria-label={t(`layout.${layout}`)} title={t(`layout.${layout}`)} onClick={() => model.look({ layout })}>
            <Icon name={layout} />
          </button>
        ))}
      </div>
      <FilterChips />
      <div class="toolbar-end">
        <Shown />
        <Button kind="quiet" icon="listen" class="open-work-button" aria-pressed={view.work} onClick={() => model.look({ work: !view.work })}>
          {t("open.count", { count: sayCount(tally.work) })}
        </Button>
      </div>
    </div>
  );
};
