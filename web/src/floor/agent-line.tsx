import { Component } from "preact";
import { StateBadge } from "../app/badge.js";
import { Icon } from "../app/icon.js";
import type { Locale } from "../app/locale.js";
import { t as app } from "../app/words.js";
import { sayReason } from "../presence/said.js";
import type { Agent, Limits } from "./agent.js";
import { Lasting } from "./lasting.js";
import type { Model } from "./model.js";
import { sayExtension } from "./saying.js";
import { t } from "./texts.js";
import { WorkChips } from "./work-chips.js";

interface AgentLineProps {
  model: Model;
  id: string;
  /** The place on the floor that this is: see placeKey. */
  place: string;
  as: "row" | "tile";
  top: number;
  /** Of a row: which it is. Of a tile: in which column. */
  index: number;
  selected: boolean;
  /** The one that the keyboard is at. */
  active: boolean;
  /** The one whose day is shown. */
  shown: boolean;
  listening: string | null;
  limits: Limits;
  /** The texts' language: another one draws it anew. */
  language: Locale;
}

const minute = 60_000;

const limitOf = ({ row }: Agent, limits: Limits): number => {
  if (row.state === "notready") return limits.notready;
  return row.state === "ready" && row.work.length === 0 ? limits.ready : 0;
};

const ConnectionMark = ({ agent }: { agent: Agent }) => {
  const { hearing, row } = agent;
  if (hearing === "none") return null;
  if (hearing !== "live") {
    return (
      <span class={`hearing ${hearing}`}>
        <Icon name="lost" size={14} /> {t(`connection.${hearing}`)}
      </span>
    );
  }
  return (
    <span class={row.offerable ? "hearing live offerable" : "hearing live"} title={t(row.offerable ? "row.offerableMore" : "row.notOfferableMore")}>
      <Icon name={row.offerable ? "check" : "ready"} size={row.offerable ? 14 : 8} />
      {row.offerable ? t("offerable") : <span class="calm">{t("connection.live")}</span>}
    </span>
  );
};

const DirectionMark = ({ agent: { row } }: { agent: Agent }) => (
  <>
    <Icon name={row.direction} size={14} /> <span>{app(`direction.${row.direction}`)}</span>
  </>
);

const Reason = ({ agent, model }: { agent: Agent; model: Model }) => {
  const { pending, reason } = agent.row;
  return (
    <>
      {pending && (
        <span class="tag leaving" title={t("row.pendingMore", { name: pending.byName, time: model.zone().exact(pending.since) })}>
          {t("row.leaving")}
        </span>
      )}
      {reason && <span title={sayReason(reason)}>{sayReason(reason)}</span>}
    </>
  );
};

/**
 * An agent as a row or as a tile. It is drawn anew when its own agent has changed, or when it is given something else, and not when
 * others have.
 */
export class AgentLine extends Component<AgentLineProps> {
  private ends: (() => void)[] = [];

  override componentDidMount(): void {
    this.watch();
  }

  override componentDidUpdate(before: AgentLineProps): void {
    if (before.id === this.props.id) return;
    this.rest();
    this.watch();
  }

  override componentWillUnmount(): void {
    this.rest();
  }

  override shouldComponentUpdate(next: AgentLineProps): boolean {
    for (const key in next) if (next[key as keyof AgentLineProps] !== this.props[key as keyof AgentLineProps]) return true;
    return false;
  }

  private watch(): void {
    const { model, id } = this.props;
    const redraw = (): void => this.forceUpdate();
    this.ends = [model.roster.watch(id, redraw), model.extensions.watch(id, redraw)];
  }

  private rest(): void {
    for (const end of this.ends) end();
    this.ends = [];
  }

  render({ model, id, as, place, top, index, selected, active, shown }: AgentLineProps) {
    const agent = model.roster.agents.get(id);
    if (!agent) return null;
    const look = `${agent.row.sessionId === null ? " away" : ""}${selected ? " selected" : ""}${shown ? " shown" : ""}`;
    const common = { "data-place": place, "data-id": id, tabIndex: active ? 0 : -1, "aria-selected": selected };
    if (as === "tile") {
      return (
        <div {...common} role="gridcell" aria-colindex={index} class={`tile ${agent.kind}${look}`}>
          {this.tile(agent)}
        </div>
      );
    }
    return (
      <div {...common} role="row" aria-rowindex={index} class={`agent-row ${agent.kind}${look}`} style={{ transform: `translateY(${top}px)` }}>
        {this.cells(agent)}
      </div>
    );
  }

  private choice({ row }: Agent) {
    return <input type="checkbox" tabIndex={-1} checked={this.props.selected} aria-label={t("select.one", { name: row.name })} />;
  }

  private time(agent: Agent) {
    const { limits } = this.props;
    if (agent.row.sessionId === null || !Number.isFinite(agent.since)) return null;
    const minutes = limitOf(agent, limits);
    return <Lasting since={agent.since} limit={minutes * minute} title={t("row.long", { minutes })} />;
  }

  private extension(agent: Agent) {
    const extension = this.props.model.extensions.of(agent);
    return extension ? <span title={sayExtension(extension)}>{extension.value}</span> : null;
  }

  private cells(agent: Agent) {
    const { model, limits, listening } = this.props;
    const { row } = agent;
    const here = row.sessionId !== null;
    return (
      <>
        <div role="gridcell" class="cell cell-choose">
          {this.choice(agent)}
        </div>
        <div role="gridcell" class="cell cell-name">
          <span class="agent-name" title={row.name}>
            {row.name}
          </span>
          {row.groups.length > 0 && (
            <span class="agent-groups calm" title={row.groups.join(", ")}>
              {row.groups.join(", ")}
            </span>
          )}
        </div>
        <div role="gridcell" class="cell cell-state">
          <StateBadge kind={agent.kind} />
        </div>
        <div role="gridcell" class="cell cell-time">
          {this.time(agent)}
        </div>
        <div role="gridcell" class="cell cell-reason">
          <Reason agent={agent} model={model} />
        </div>
        <div role="gridcell" class="cell cell-direction calm" title={here ? app(`direction.${row.direction}`) : undefined}>
          {here && <DirectionMark agent={agent} />}
        </div>
        <div role="gridcell" class="cell cell-work">
          <WorkChips work={row.work} limit={limits.work * minute} listening={listening} />
        </div>
        <div role="gridcell" class="cell cell-extension calm">
          {this.extension(agent)}
        </div>
        <div role="gridcell" class="cell cell-connection">
          <ConnectionMark agent={agent} />
        </div>
      </>
    );
  }

  private tile(agent: Agent) {
    const { model, limits, listening } = this.props;
    const { row } = agent;
    const here = row.sessionId !== null;
    return (
      <>
        <span class="tile-head">
          <span class="agent-name" title={row.name}>
            {row.name}
          </span>
          {this.choice(agent)}
        </span>
        <span class="tile-state">
          <StateBadge kind={agent.kind} />
          {this.time(agent)}
        </span>
        <span class="tile-doing">
          <span class="tile-why">
            <Reason agent={agent} model={model} />
            {row.work.length > 0 && <WorkChips work={row.work} limit={limits.work * minute} listening={listening} />}
          </span>
          {here && (
            <span class="tile-direction calm" title={app(`direction.${row.direction}`)}>
              <DirectionMark agent={agent} />
            </span>
          )}
        </span>
        <span class="tile-foot">
          <span class="tile-extension calm">{this.extension(agent)}</span>
          <ConnectionMark agent={agent} />
        </span>
      </>
    );
  }
}
