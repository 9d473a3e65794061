import { useCell } from "../app/cell.js";
import type { Limits } from "./agent.js";
import { useModel } from "./model.js";
import { Popover } from "./popover.js";
import { t } from "./texts.js";
import { plainView } from "./view.js";

const names = ["notready", "ready", "work"] as const satisfies readonly (keyof Limits)[];

const mostMinutes = 24 * 60;

/** From when on somebody is marked as long in a state. */
export const LimitsBox = () => {
  const model = useModel();
  const { limits } = useCell(model.view);
  const usual = names.every((name) => limits[name] === plainView.limits[name]);
  const set = (name: keyof Limits, text: string): void => {
    const minutes = Math.round(Number(text));
    if (text.trim() !== "" && minutes >= 0 && minutes <= mostMinutes) model.look({ limits: { ...limits, [name]: minutes } });
  };
  return (
    <Popover label={t("limits")} title={t("limits")}>
      <div class="limits-box">
        <p class="calm">{t("limits.more")}</p>
        {names.map((name) => (
          <label key={name} class="limit">
            <span>{t(`limits.${name}`)}</span>
            <input type="number" class="select" min={0} max={mostMinutes} value={limits[name]} onChange={(event) => set(name, event.currentTarget.value)} />
            <span class="calm">{t("limits.minutes")}</span>
          </label>
        ))}
        {!usual && (
          <button type="button" class="button" onClick={() => model.look({ limits: plainView.limits })}>
            {t("limits.usual")}
          </button>
        )}
      </div>
    </Popover>
  );
};
