import { useEffect, useMemo } from "preact/hooks";
import { announce } from "../app/announce.js";
import { Button } from "../app/button.js";
import { useCell } from "../app/cell.js";
import { useModel } from "./model.js";
import { sayCount } from "./saying.js";
import { nobody, prune } from "./selection.js";
import { t } from "./texts.js";

export type Act = "state" | "direction" | "logout";

/** What can be done about whoever is selected. */
export const SelectionBar = ({ onAct }: { onAct: (act: Act) => void }) => {
  const model = useModel();
  const selection = useCell(model.selection);
  const arrangement = useCell(model.roster.arrangement);
  const count = selection.ids.size;

  useEffect(() => {
    if (count > 1) announce(t("selected.said", { count: sayCount(count) }));
  }, [count]);
  useEffect(() => model.selection.set(prune(model.selection.value, (id) => model.roster.agents.has(id))), [arrangement]);

  const hidden = useMemo(() => {
    const shown = new Set(arrangement.sections.flatMap((section) => section.agents.map(({ id }) => id)));
    return [...selection.ids].filter((id) => !shown.has(id)).length;
  }, [arrangement, selection]);

  if (count === 0) return null;
  const maySetState = model.may("MANAGE_ALL_USER_STATE");
  const maySetDirection = model.may("MANAGE_ALL_USERS_DIRECTION");
  const act = (which: Act, allowed: boolean, key: string) => (
    <Button kind={which === "logout" ? "danger" : "plain"} disabled={!allowed} title={allowed ? undefined : t("act.forbidden")} aria-keyshortcuts={key} onClick={() => onAct(which)}>
      {t(`act.${which}`)}
    </Button>
  );
  return (
    <div class="selection-bar" role="region" aria-label={t("selected.bar")}>
      <span class="selection-count">
        <strong class="numeric">{t("selected", { count: sayCount(count) })}</strong>
        {hidden > 0 && <span class="calm"> {t("selected.hidden", { count: sayCount(hidden) })}</span>}
      </span>
      {act("state", maySetState, "s")}
      {act("direction", maySetDirection, "d")}
      {act("logout", maySetState, "x")}
      <Button kind="quiet" icon="close" onClick={() => model.selection.set(nobody)}>
        {t("selected.clear")}
      </Button>
    </div>
  );
};
