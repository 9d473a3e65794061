import type { Extension } from "../../../sdk/js/src/index.js";
import { type Cell, cell } from "../app/cell.js";
import { type Refusal, refusalOf } from "../app/refusal.js";
import { ofTab } from "../app/shelf.js";
import type { FloorClient } from "./client.js";

/** How it stands with listening in. */
export type Listening =
  | { readonly kind: "none" }
  | { readonly kind: "starting"; readonly interactionId: string }
  | { readonly kind: "on"; readonly interactionId: string; readonly extension: string; readonly since: number }
  | { readonly kind: "stopping"; readonly interactionId: string }
  /** It has ended without being asked to. */
  | { readonly kind: "over"; readonly why: "workEnded" | "sessionEnded" }
  | { readonly kind: "failed"; readonly refusal: Refusal };

/** Silent monitoring: a session of its own that nobody sees, for as long as somebody listens. */
export interface Monitor {
  readonly listening: Cell<Listening>;
  /** The interaction that is listened to, or about to be. */
  readonly target: () => string | null;
  start: (interactionId: string, extension: string | null) => Promise<void>;
  stop: () => Promise<void>;
  /** Goes on with what was listened to before the page was loaded anew. */
  resume: () => Promise<void>;
  /** Takes the last word, such as a failure, away. */
  dismiss: () => void;
  close: () => void;
}

const shelf = "monitor";

interface Kept {
  tenantId: string;
  interactionId: string;
  extension: string;
  since: number;
}

const kept = (tenantId: string): Kept | null => {
  try {
    const found = JSON.parse(ofTab.get(shelf) ?? "null") as Kept | null;
    return found?.tenantId === tenantId ? found : null;
  } catch {
    return null;
  }
};

const nameOf = ({ description, value }: Extension): string => (description ? `${description} (${value})` : value);

export const createMonitor = (client: FloorClient, tenantId: string, now: () => number): Monitor => {
  const listening = cell<Listening>({ kind: "none" });
  const voice = client.interactions.voice;
  let silent = false;

  const target = (): string | null => {
    const { value } = listening;
    return value.kind === "starting" || value.kind === "on" || value.kind === "stopping" ? value.interactionId : null;
  };

  /** The silent session is only for listening, so it ends with that. */
  const leave = async (): Promise<void> => {
    ofTab.put(shelf, null);
    if (!silent) return;
    silent = false;
    await client.authentication.logout().catch(() => {}); // its lease ends it
  };

  const on = (interactionId: string, extension: string, since: number): void => {
    ofTab.put(shelf, JSON.stringify({ tenantId, interactionId, extension, since } satisfies Kept));
    listening.set({ kind: "on", interactionId, extension, since });
  };

  const ends = [
    client.subscribe("cxengage/interactions/voice/silent-monitor-end", ({ response }) => {
      if (listening.value.kind !== "on" || (response && response.interactionId !== target())) return;
      listening.set({ kind: "over", why: "workEnded" });
      void leave();
    }),
    client.subscribe("cxengage/session/ended", () => sessionEnded()),
    client.subscribe("cxengage/session/heartbeat-response", ({ error }) => error && sessionEnded()),
  ];

  const sessionEnded = (): void => {
    if (!silent || target() === null || listening.value.kind === "stopping") return;
    silent = false;
    ofTab.put(shelf, null);
    listening.set({ kind: "over", why: "sessionEnded" });
  };

  const enter = async (resume: boolean): Promise<void> => {
    if (silent) return;
    await client.session.setActiveTenant({ tenantId, silentMonitoring: true, ...(resume && { resume }) });
    silent = true;
  };

  return {
    listening,
    target,
    async start(interactionId, chosenExtension) {
      const before = target();
      if (before === interactionId) return;
      listening.set({ kind: "starting", interactionId });
      try {
        await enter(false);
        if (before) await voice.resourceRemove({ interactionId: before }).catch(() => {});
        const { activeExtension } = await voice.silentMonitor({ interactionId, chosenExtension });
        on(interactionId, nameOf(activeExtension), now());
      } catch (cause) {
        listening.set({ kind: "failed", refusal: refusalOf(cause) });
        await leave();
      }
    },
    async stop() {
      const interactionId = target();
      if (!interactionId) return;
      listening.set({ kind: "stopping", interactionId });
      await voice.resourceRemove({ interactionId }).catch(() => {}); // leaving the session takes the listener out as well
      await leave();
      listening.set({ kind: "none" });
    },
    async resume() {
      const before = kept(tenantId);
      if (!before) return;
      listening.set({ kind: "starting", interactionId: before.interactionId });
      try {
        await enter(true);
        // What the server still knows, it may be asked for again without harm; and it says where the work has ended meanwhile.
        await voice.silentMonitor({ interactionId: before.interactionId });
        on(before.interactionId, before.extension, before.since);
      } catch {
        listening.set({ kind: "over", why: "workEnded" });
        await leave();
      }
    },
    dismiss: () => target() === null && listening.set({ kind: "none" }),
    close() {
      for (const end of ends) end();
    },
  };
};
