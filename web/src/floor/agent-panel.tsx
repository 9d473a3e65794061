import { useEffect, useRef, useState } from "preact/hooks";
import { StateBadge, badgeText } from "../app/badge.js";
import { Banner } from "../app/banner.js";
import { Button } from "../app/button.js";
import { useCell } from "../app/cell.js";
import { sinceThen, spokenText } from "../app/duration.js";
import { locale } from "../app/locale.js";
import { type Refusal, refusalOf } from "../app/refusal.js";
import { path } from "../app/rest.js";
import { useNow } from "../app/ticker.js";
import type { Intervals, Why } from "../app/wire.js";
import { sayRefusal, t as app } from "../app/words.js";
import { Chain, Timers } from "../presence/chain.js";
import { DayStrip } from "../presence/day-strip.js";
import { sayState } from "../presence/said.js";
import { tellNow } from "../presence/why.js";
import type { Agent } from "./agent.js";
import { Lasting } from "./lasting.js";
import { useModel } from "./model.js";
import { t } from "./parts-texts.js";
import { sayExtension } from "./saying.js";
import type { Act } from "./selection-bar.js";
import { t as floor } from "./texts.js";

/** The agent as it is now, drawn anew with every change. */
const useAgent = (id: string): Agent | undefined => {
  const { roster, extensions } = useModel();
  const [, redraw] = useState({});
  useEffect(() => {
    const ends = [roster.watch(id, () => redraw({})), extensions.watch(id, () => redraw({}))];
    redraw({});
    return () => ends.forEach((end) => end());
  }, [id]);
  return roster.agents.get(id);
};

const WhySection = ({ why }: { why: Why }) => {
  const zone = useModel().zone();
  const now = useNow();
  return (
    <>
      <section>
        <h3>{t("agent.why")}</h3>
        <p>{tellNow(why, "other", zone.exact, spokenText(sinceThen(why.since, now), locale.value, "long"))}</p>
        <Chain why={why} zone={zone} listener="other" reversed />
      </section>
      <Timers why={why} zone={zone} listener="other" />
    </>
  );
};

/** History follows the change by a moment. */
const settleTime = 700;

/** An agent's day and what led to the present state, beside the floor. It is read anew when the agent changes. */
export const AgentPanel = ({ id, onAct, onClose }: { id: string; onAct: (act: Act) => void; onClose: () => void }) => {
  const model = useModel();
  useCell(model.roster.loaded);
  const agent = useAgent(id);
  const [told, setTold] = useState<{ id: string; day: Intervals; why: Why } | null>(null);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [turn, setTurn] = useState(0);
  const heading = useRef<HTMLHeadingElement>(null);
  const version = agent?.row.version;
  const known = told?.id === id ? told : null;

  useEffect(() => heading.current?.focus({ preventScroll: true }), [id]);
  useEffect(() => {
    if (!agent) return;
    model.extensions.want([agent]);
    const life = new AbortController();
    const about = path`tenants/${model.tenant.id}/`;
    const timer = setTimeout(
      () => {
        Promise.all([
          model.account.rest.get<Intervals>(about + path`users/${id}/intervals`, life.signal),
          model.account.rest.get<Why>(about + path`presence/${id}/why`, life.signal),
        ]).then(
          ([day, why]) => {
            if (life.signal.aborted) return;
            setTold({ id, day, why });
            setRefusal(null);
          },
          (cause: unknown) => life.signal.aborted || setRefusal(refusalOf(cause)),
        );
      },
      known ? settleTime : 0,
    );
    return () => {
      clearTimeout(timer);
      life.abort();
    };
  }, [id, version, turn]);

  const extension = agent && model.extensions.of(agent);
  const here = agent?.row.sessionId != null;
  return (
    <aside class="panel agent-panel" aria-labelledby="agent-panel-name" onKeyDown={(event) => event.key === "Escape" && onClose()}>
      <header>
        <h2 id="agent-panel-name" ref={heading} tabIndex={-1}>
          {agent?.row.name ?? t("agent.gone")}
        </h2>
        <Button kind="quiet" icon="close" aria-label={app("close")} onClick={onClose} />
      </header>
      <div class="panel-body">
        {agent && (
          <>
            <p class="agent-now">
              <StateBadge kind={agent.kind} text={agent.row.reason ? sayState(agent.row.state, agent.row.reason) : badgeText(agent.kind)} />
              {here && Number.isFinite(agent.since) && <Lasting since={agent.since} />}
            </p>
            <dl class="facts">
              {agent.row.groups.length > 0 && (
                <div>
                  <dt>{t("agent.groups")}</dt>
                  <dd>{agent.row.groups.join(", ")}</dd>
                </div>
              )}
              {here && (
                <div>
                  <dt>{floor("column.direction")}</dt>
                  <dd>{app(`direction.${agent.row.direction}`)}</dd>
                </div>
              )}
              {here && extension !== undefined && (
                <div>
                  <dt>{floor("column.extension")}</dt>
                  <dd>{extension ? sayExtension(extension) : t("agent.noExtension")}</dd>
                </div>
              )}
            </dl>
            {here && (
              <div class="panel-actions">
                {model.may("MANAGE_ALL_USER_STATE") && <Button onClick={() => onAct("state")}>{floor("act.state")}</Button>}
                {model.may("MANAGE_ALL_USERS_DIRECTION") && <Button onClick={() => onAct("direction")}>{floor("act.direction")}</Button>}
                {model.may("MANAGE_ALL_USER_STATE") && (
                  <Button kind="danger" onClick={() => onAct("logout")}>
                    {floor("act.logout")}
                  </Button>
                )}
              </div>
            )}
          </>
        )}
        {refusal && (
          <Banner kind="danger" actions={<Button onClick={() => setTurn(turn + 1)}>{app("retry")}</Button>}>
            {sayRefusal(refusal)}
          </Banner>
        )}
        {agent && !known && !refusal && <p class="calm">{app("loading")}</p>}
        {known && (
          <>
            <section>
              <h3>{t("agent.today")}</h3>
              <DayStrip day={known.day} zone={model.zone()} />
              <p class="calm panel-note">{t("agent.zone", { zone: model.zone().zone })}</p>
            </section>
            <WhySection why={known.why} />
          </>
        )}
      </div>
    </aside>
  );
};
