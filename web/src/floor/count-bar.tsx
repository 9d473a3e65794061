import type { ComponentChildren } from "preact";
import { badgeText } from "../app/badge.js";
import { useCell } from "../app/cell.js";
import { Icon, type IconName } from "../app/icon.js";
import type { State } from "../app/wire.js";
import { useModel } from "./model.js";
import { sayCount } from "./saying.js";
import { t } from "./texts.js";
import { toggled } from "./view.js";

interface CountProps {
  kind: string;
  icon: IconName;
  name: string;
  count: number;
  more?: ComponentChildren;
  pressed: boolean;
  onToggle: () => void;
}

const Count = ({ kind, icon, name, count, more, pressed, onToggle }: CountProps) => (
  <button type="button" class={`count ${kind}${count === 0 ? " zero" : ""}`} aria-pressed={pressed} onClick={onToggle}>
    <span class="count-name">
      <Icon name={icon} size={12} />
      {name}
    </span>
    <strong class="numeric">{sayCount(count)}</strong>
    <span class="count-more calm">{more ?? "\u00a0"}</span>
  </button>
);

/** How many there are of which state, and of what needs an eye. Each filters. */
export const CountBar = () => {
  const model = useModel();
  const tally = useCell(model.roster.tally);
  const { long } = useCell(model.roster.arrangement);
  const view = useCell(model.view);
  const state = (which: State, more?: string) => (
    <Count
      kind={which}
      icon={which}
      name={badgeText(which)}
      count={tally[which]}
      more={more}
      pressed={view.states.includes(which)}
      onToggle={() => model.look({ states: toggled(view.states, which) })}
    />
  );
  const trouble = view.hearings.includes("silent") && view.hearings.includes("lost");
  return (
    <div class="counts" role="group" aria-label={t("count.label")}>
      {state("ready", tally.busy > 0 ? t("count.readyMore", { count: sayCount(tally.busy) }) : undefined)}
      {state("notready")}
      {state("offline")}
      <span class="counts-gap" />
      <Count
        kind="offerable"
        icon="check"
        name={t("count.offerable")}
        count={tally.offerable}
        pressed={view.offerable === true}
        onToggle={() => model.look({ offerable: view.offerable === true ? null : true })}
      />
      <Count kind="long" icon="clock" name={t("count.long")} count={long} more={t("count.longMore")} pressed={view.long} onToggle={() => model.look({ long: !view.long })} />
      <Count
        kind="trouble"
        icon="lost"
        name={t("count.trouble")}
        count={tally.silent + tally.lost}
        more={t("count.troubleMore")}
        pressed={trouble}
        onToggle={() => model.look({ hearings: trouble ? [] : ["silent", "lost"] })}
      />
    </div>
  );
};
