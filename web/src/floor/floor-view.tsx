import { useEffect, useRef, useState } from "preact/hooks";
import { useCell } from "../app/cell.js";
import { AgentPanel } from "./agent-panel.js";
import { LostBanner } from "./connection.js";
import { CountBar } from "./count-bar.js";
import { CurveView } from "./curve-view.js";
import { Grid } from "./grid.js";
import { useModel } from "./model.js";
import { MonitorBanner } from "./monitor-banner.js";
import { OrderDialog } from "./order-dialog.js";
import { type Act, SelectionBar } from "./selection-bar.js";
import { t } from "./texts.js";
import { Toolbar } from "./toolbar.js";
import { SupersedeDialog, WorkPanel } from "./work-panel.js";

interface Listen {
  interactionId: string;
  extension: string | null;
}

const Nobody = () => {
  const model = useModel();
  const loaded = useCell(model.roster.loaded);
  const { shown } = useCell(model.roster.arrangement);
  const { all } = useCell(model.roster.tally);
  if (!loaded || shown > 0) return null;
  return <p class="calm nothing">{t(all === 0 ? "empty" : "noneShown")}</p>;
};

/** Gives the keyboard back to the floor when what stood beside it is closed. */
const toGrid = (): void => document.querySelector<HTMLElement>('.grid [tabindex="0"]')?.focus({ preventScroll: true });

/** The floor of a tenant. */
export const FloorView = () => {
  const model = useModel();
  const view = useCell(model.view);
  const loaded = useCell(model.roster.loaded);
  const selection = useCell(model.selection);
  const listening = useCell(model.monitor.listening);
  const [order, setOrder] = useState<{ act: Act; ids: readonly string[] } | null>(null);
  const [asked, setAsked] = useState<Listen | null>(null);

  useEffect(() => {
    if (loaded) void model.monitor.resume();
  }, [loaded]);

  // Whoever has come in by the keyboard finds it here; and when what had it is gone: the row of an order, a filter, a banner.
  const main = useRef<HTMLElement>(null);
  useEffect(() => {
    if (document.activeElement === document.body) main.current?.focus({ preventScroll: true });
  }, []);
  useEffect(() => {
    if (loaded && !order && !asked && document.activeElement === document.body) toGrid();
  }, [order, asked, view, selection, listening]);

  const act = (which: Act): void => {
    const ids = [...model.selection.value.ids];
    const allowed = which === "direction" ? model.may("MANAGE_ALL_USERS_DIRECTION") : model.may("MANAGE_ALL_USER_STATE");
    if (ids.length > 0 && allowed) setOrder({ act: which, ids });
  };
  const listen = (interactionId: string, extension: string | null): void => {
    const own = model.roster.agents.get(model.identity.userId);
    if (own && own.row.sessionId !== null) setAsked({ interactionId, extension });
    else void model.monitor.start(interactionId, extension);
  };
  const closePanel = (): void => {
    model.look(view.agent ? { agent: null } : { work: false });
    toGrid();
  };

  return (
    <main ref={main} id="content" tabIndex={-1} class="floor-main">
      <h1 class="heard-only">{t("title")}</h1>
      <div class="overview">
        <CountBar />
        <CurveView />
      </div>
      <LostBanner />
      <MonitorBanner />
      <div class="floor-work">
        <div class="floor-list">
          <Toolbar />
          {/* With the keyboard the row at hand is meant, until somebody is selected. */}
          <Grid onAct={act} />
          <Nobody />
          <SelectionBar onAct={act} />
        </div>
        {view.agent ? (
          <AgentPanel key={view.agent} id={view.agent} onAct={(which) => setOrder({ act: which, ids: [view.agent!] })} onClose={closePanel} />
        ) : (
          view.work && <WorkPanel onListen={listen} onClose={closePanel} />
        )}
      </div>
      {order && <OrderDialog act={order.act} ids={order.ids} onClose={() => setOrder(null)} />}
      {asked && (
        <SupersedeDialog
          onGo={() => {
            setAsked(null);
            void model.monitor.start(asked.interactionId, asked.extension);
          }}
          onClose={() => setAsked(null)}
        />
      )}
    </main>
  );
};
