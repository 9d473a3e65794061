import { useCell } from "../app/cell.js";
import { Icon } from "../app/icon.js";
import { locale } from "../app/locale.js";
import { t as app } from "../app/words.js";
import { sayReason } from "../presence/said.js";
import { useModel } from "./model.js";
import { Popover } from "./popover.js";
import { sayCount } from "./saying.js";
import { t } from "./texts.js";
import { type View, directions, hearings, isFiltered, states, toggled, withoutFilters } from "./view.js";

interface Choice {
  key: string;
  name: string;
  count?: number | undefined;
  checked: boolean;
  onToggle: () => void;
}

const Choices = ({ title, choices }: { title: string; choices: readonly Choice[] }) => (
  <fieldset class="filter-choices">
    <legend>{title}</legend>
    {choices.map(({ key, name, count, checked, onToggle }) => (
      <label key={key} class="check">
        <input type="checkbox" checked={checked} onChange={onToggle} />
        <span class="filter-name">{name}</span>
        {count !== undefined && <span class="calm numeric">{sayCount(count)}</span>}
      </label>
    ))}
  </fieldset>
);

/** What is there to choose from, and what is chosen and not there any more, in the language's order. */
const namesOf = (there: ReadonlyMap<string, number>, chosen: readonly string[]): string[] =>
  [...new Set([...there.keys(), ...chosen])].sort((a, b) => Number(a === "") - Number(b === "") || a.localeCompare(b, locale.value));

/** All filters that are no counts. */
export const FilterBox = () => {
  const model = useModel();
  const view = useCell(model.view);
  const tally = useCell(model.roster.tally);
  const offerable = (value: boolean): Choice => ({
    key: String(value),
    name: t(value ? "yes" : "no"),
    count: value ? tally.offerable : tally.all - tally.offerable,
    checked: view.offerable === value,
    onToggle: () => model.look({ offerable: view.offerable === value ? null : value }),
  });
  return (
    <Popover label={t("filter")} title={t("filter")} wide>
      <div class="filter-box">
        <Choices
          title={t("column.reason")}
          choices={namesOf(tally.reasons, view.reasons).map((name) => ({
            key: name,
            name: sayReason(name),
            count: tally.reasons.get(name) ?? 0,
            checked: view.reasons.includes(name),
            onToggle: () => model.look({ reasons: toggled(view.reasons, name) }),
          }))}
        />
        <Choices
          title={t("filter.group")}
          choices={namesOf(tally.groups, view.groups).map((name) => ({
            key: name,
            name,
            count: tally.groups.get(name) ?? 0,
            checked: view.groups.includes(name),
            onToggle: () => model.look({ groups: toggled(view.groups, name) }),
          }))}
        />
        <div>
          <Choices
            title={t("column.direction")}
            choices={directions.map((name) => ({
              key: name,
              name: app(`direction.${name}`),
              count: tally.directions.get(name) ?? 0,
              checked: view.directions.includes(name),
              onToggle: () => model.look({ directions: toggled(view.directions, name) }),
            }))}
          />
          <Choices
            title={t("column.connection")}
            choices={hearings.map((name) => ({
              key: name,
              name: t(`connection.${name}`),
              count: tally[name],
              checked: view.hearings.includes(name),
              onToggle: () => model.look({ hearings: toggled(view.hearings, name) }),
            }))}
          />
          <Choices title={t("count.offerable")} choices={[offerable(true), offerable(false)]} />
        </div>
      </div>
    </Popover>
  );
};

interface Chip {
  key: string;
  text: string;
  without: Partial<View>;
}

const chipsOf = (view: View): Chip[] => [
  ...states.filter((state) => view.states.includes(state)).map((state) => ({ key: `state ${state}`, text: app(`state.${state}`), without: { states: toggled(view.states, state) } })),
  ...view.reasons.map((name) => ({ key: `reason ${name}`, text: sayReason(name), without: { reasons: toggled(view.reasons, name) } })),
  ...view.groups.map((name) => ({ key: `group ${name}`, text: name, without: { groups: toggled(view.groups, name) } })),
  ...view.directions.map((name) => ({ key: `direction ${name}`, text: app(`direction.${name}`), without: { directions: toggled(view.directions, name) } })),
  ...view.hearings.map((name) => ({ key: `connection ${name}`, text: t("filter.some", { name: t("column.connection"), count: t(`connection.${name}`) }), without: { hearings: toggled(view.hearings, name) } })),
  ...(view.offerable === null ? [] : [{ key: "offerable", text: t("filter.some", { name: t("count.offerable"), count: t(view.offerable ? "yes" : "no") }), without: { offerable: null } }]),
  ...(view.long ? [{ key: "long", text: t("count.long"), without: { long: false } }] : []),
];

/** The filters that are set, each with what takes it away. */
export const FilterChips = () => {
  const model = useModel();
  const view = useCell(model.view);
  const chips = chipsOf(view);
  if (!isFiltered(view)) return null;
  return (
    <div class="chips" role="group" aria-label={t("filter")}>
      {chips.map(({ key, text, without }) => (
        <button key={key} type="button" class="chip" aria-label={t("filter.without", { name: text })} onClick={() => model.look(without)}>
          {text}
          <Icon name="close" size={12} />
        </button>
      ))}
      <button type="button" class="chip plain" onClick={() => model.look(withoutFilters(view))}>
        {t("filter.clear")}
      </button>
    </div>
  );
};
