import type { ReasonList } from "../app/wire.js";
import { t as app } from "../app/words.js";
import { type ReasonNode, reasonTree } from "../presence/reason-tree.js";
import type { Order, OrderReason } from "./order.js";
import { t } from "./parts-texts.js";
import { directions } from "./view.js";

/** A reason below the names that lead to it. */
interface Named {
  path: string;
  name: string;
  info: OrderReason;
}

const flat = (nodes: readonly ReasonNode[], path: readonly string[] = []): Named[] =>
  nodes.flatMap((node) => (node.kind === "reason" ? [{ path: path.join(" › "), name: node.name, info: node.info }] : flat(node.children, [...path, node.name])));

interface OrderChoiceProps {
  order: Order;
  /** All lists that one of the agents has. */
  lists: readonly ReasonList[];
  onChange: (order: Order) => void;
}

interface RadioProps {
  group: string;
  name: string;
  more?: string;
  checked: boolean;
  onChoose: () => void;
}

const Radio = ({ group, name, more, checked, onChoose }: RadioProps) => (
  <label class="radio">
    <input type="radio" name={group} checked={checked} autofocus={checked} onChange={onChoose} />
    <span>
      {name}
      {more && <span class="calm radio-more">{more}</span>}
    </span>
  </label>
);

const ReasonSelect = ({ reason, lists, onChange }: { reason: OrderReason | null; lists: readonly ReasonList[]; onChange: (reason: OrderReason | null) => void }) => {
  const all = flat(reasonTree(lists));
  const paths = [...new Set(all.map(({ path }) => path))];
  return (
    <label class="field">
      <span>{t("order.reason")}</span>
      <select class="select" value={reason?.reasonId ?? ""} onChange={(event) => onChange(all.find(({ info }) => info.reasonId === event.currentTarget.value)?.info ?? null)}>
        <option value="">{app("reason.none")}</option>
        {paths.map((path) => (
          <optgroup key={path} label={path}>
            {all
              .filter((each) => each.path === path)
              .map(({ name, info }) => (
                <option key={info.reasonId} value={info.reasonId}>
                  {name}
                </option>
              ))}
          </optgroup>
        ))}
      </select>
    </label>
  );
};

/** What exactly is wanted of the agents. */
export const OrderChoice = ({ order, lists, onChange }: OrderChoiceProps) => {
  switch (order.kind) {
    case "state":
      return (
        <>
          <fieldset class="radios" aria-label={t("order.to")}>
            <Radio group="state" name={app("state.ready")} checked={order.state === "ready"} onChoose={() => onChange({ kind: "state", state: "ready" })} />
            <Radio group="state" name={app("state.notready")} checked={order.state === "notready"} onChoose={() => onChange({ kind: "state", state: "notready", reason: null })} />
          </fieldset>
          {order.state === "notready" && <ReasonSelect reason={order.reason} lists={lists} onChange={(reason) => onChange({ ...order, reason })} />}
        </>
      );
    case "direction":
      return (
        <fieldset class="radios" aria-label={t("order.to")}>
          {directions.map((direction) => (
            <Radio key={direction} group="direction" name={app(`direction.${direction}`)} checked={order.direction === direction} onChoose={() => onChange({ kind: "direction", direction })} />
          ))}
        </fieldset>
      );
    case "logout":
      return (
        <fieldset class="radios" aria-label={t("order.to")}>
          <Radio group="logout" name={t("order.wait")} more={t("order.waitMore")} checked={!order.now} onChoose={() => onChange({ kind: "logout", now: false })} />
          <Radio group="logout" name={t("order.now")} more={t("order.nowMore")} checked={order.now} onChoose={() => onChange({ kind: "logout", now: true })} />
        </fieldset>
      );
  }
};
