import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { OpenFloor } from "../../../sdk/js/src/index.js";
import type { Account, Identity } from "../app/account.js";
import { type Cell, cell } from "../app/cell.js";
import { locale } from "../app/locale.js";
import { mayIn } from "../app/tenant.js";
import type { Permission, Tenant } from "../app/wire.js";
import { type ZonedTime, zonedTime } from "../app/zone.js";
import { parseView, printView } from "./address.js";
import type { FloorClient } from "./client.js";
import { type Extensions, createExtensions } from "./extensions.js";
import { type History, createHistory } from "./history.js";
import { type Monitor, createMonitor } from "./monitor.js";
import { type Roster, createRoster } from "./roster.js";
import { type Selection, nobody } from "./selection.js";
import type { View } from "./view.js";

/** A floor that is looked at, and everything that can be done about it. */
export interface Model {
  readonly account: Account<FloorClient>;
  readonly client: FloorClient;
  readonly identity: Identity;
  readonly tenant: Tenant;
  readonly open: OpenFloor;
  readonly roster: Roster;
  readonly history: History;
  readonly extensions: Extensions;
  readonly monitor: Monitor;
  readonly view: Cell<View>;
  readonly selection: Cell<Selection>;
  readonly now: () => number;
  /** Times in the tenant's zone and the page's language. */
  readonly zone: () => ZonedTime;
  readonly may: (permission: Permission) => boolean;
  /** Looks in another way, and writes it into the address: as a step to come back to, unless it goes on from the same change. */
  readonly look: (change: Partial<View>) => void;
  readonly close: () => void;
}

/** Changes that follow each other as quickly as this are one step: typing, mostly. */
const sameStep = 1_500;

const currentQuery = (): string => window.location.search;

export const createModel = (account: Account<FloorClient>, identity: Identity, tenant: Tenant): Model => {
  const { client, rest } = account;
  const tenantId = tenant.id;
  const life = new AbortController();
  const now = (): number => client.now().getTime();
  const view = cell(parseView(currentQuery()));
  const open = client.floor.open({ tenantId });
  const roster = createRoster(open, view.value, new Intl.Collator(locale.value, { numeric: true }), {
    now,
    frame: (run) => void requestAnimationFrame(run),
    after: (milliseconds, run) => {
      const timer = setTimeout(run, milliseconds);
      return () => clearTimeout(timer);
    },
  });
  const history = createHistory(rest, tenantId, now, life.signal);
  const monitor = createMonitor(client, tenantId, now);
  let step = { keys: "", at: 0 };
  let zoned: { language: string; zone: ZonedTime } | undefined;

  const takeBack = (): void => {
    step = { keys: "", at: 0 };
    view.set(parseView(currentQuery()));
    roster.look(view.value);
  };
  window.addEventListener("popstate", takeBack, { signal: life.signal });
  // Back in sight, the page has a frame to catch up with; hidden, it has none, and the curve goes on.
  const sampling = setInterval(() => {
    if (document.hidden) roster.settle();
    if (roster.loaded.value && open.connected) history.see(roster.tally.value);
  }, 5_000);
  const stopReading = open.on("reset", () => void history.read());
  const stopTurning = locale.watch(() => roster.look(view.value)); // what is searched for is in the page's language

  return {
    account,
    client,
    identity,
    tenant,
    open,
    roster,
    history,
    extensions: createExtensions(rest, tenantId, life.signal),
    monitor,
    view,
    selection: cell<Selection>(nobody),
    now,
    zone() {
      const language = locale.value;
      if (zoned?.language !== language) zoned = { language, zone: zonedTime(tenant.timezone, language) };
      return zoned.zone;
    },
    may: (permission) => mayIn(identity, tenantId, permission),
    look(change) {
      const keys = Object.keys(change).join(" ");
      const at = Date.now();
      const next = { ...view.value, ...change };
      const address = window.location.pathname + printView(next, currentQuery()) + window.location.hash;
      if (keys === step.keys && keys === "search" && at - step.at < sameStep) window.history.replaceState(window.history.state, "", address);
      else window.history.pushState(null, "", address);
      step = { keys, at };
      view.set(next);
      roster.look(next);
    },
    close() {
      life.abort();
      clearInterval(sampling);
      stopReading();
      stopTurning();
      monitor.close();
      roster.close();
      open.close();
    },
  };
};

export const ModelContext = createContext<Model | null>(null);

/** The floor that the page shows. */
export const useModel = (): Model => {
  const model = useContext(ModelContext);
  if (!model) throw new Error("there is no floor here");
  return model;
};
