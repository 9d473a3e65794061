import { type Call, Refused, define } from "./call.js";
import { type Core, refusedBy, whoAndWhere } from "./core.js";
import { newError } from "./error.js";
import { findExtension } from "./own.js";
import { all, id } from "./validate.js";
import type { Extension } from "./wire.js";

export interface SilentMonitorParams {
  interactionId: string;
  /** Where to listen: an extension of the user's, or its value or id; the active one without it. */
  chosenExtension?: string | { id?: string; value?: string } | null;
}

export interface Voice {
  silentMonitor: Call<SilentMonitorParams, { interactionId: string; resourceId: string; activeExtension: Extension; sessionId: string | null }>;
  resourceRemove: Call<{ interactionId: string }, { interactionId: string; resourceId: string; targetResource: string }>;
}

const prefix = "cxengage/interactions/voice/";

export const createVoice = (core: Core): Voice => {
  const interrupt = async (code: 7014 | 7022, interactionId: string, interruptType: string, more: object): Promise<{ user: string; sessionId: string | null }> => {
    const { user, tenant } = whoAndWhere(core);
    const live = core.live;
    const body = { source: "client", interruptType, interrupt: { resourceId: user, ...(live ? { sessionId: live.id } : {}), ...more } };
    try {
      await core.rest.send({ method: "POST", path: ["tenants", tenant, "interactions", interactionId, "interrupts"], body });
    } catch (cause) {
      live?.judge(cause);
      throw refusedBy(code, cause, undefined, { interactionId });
    }
    return { user, sessionId: live?.id ?? null };
  };

  /** The chosen extension; without one the active one, or the first. */
  const listeningAt = (chosen: SilentMonitorParams["chosenExtension"]): Extension | undefined => {
    const extensions = core.config?.extensions ?? [];
    const wanted = typeof chosen === "object" ? (chosen?.value ?? chosen?.id) : chosen;
    return wanted ? findExtension(extensions, wanted) : (core.config?.activeExtension ?? extensions[0]);
  };

  return {
    silentMonitor: define(
      core,
      prefix + "silent-monitoring-start-acknowledged",
      all(id("interactionId"), (p, problems) => {
        const chosen = p["chosenExtension"];
        if (chosen !== undefined && chosen !== null && typeof chosen !== "string" && typeof chosen !== "object") problems.push("chosenExtension must be a string or an extension");
      }),
      async (p: SilentMonitorParams) => {
        whoAndWhere(core);
        const e = listeningAt(p.chosenExtension);
        if (!e) throw new Refused(newError(7025, { interactionId: p.interactionId, extensions: core.config?.extensions ?? [] }));
        const { user, sessionId } = await interrupt(7022, p.interactionId, "silent-monitoring", { activeExtension: { id: e.id, type: e.type, value: e.value } });
        core.monitored = p.interactionId;
        return { interactionId: p.interactionId, resourceId: user, activeExtension: e, sessionId };
      },
    ),
    resourceRemove: define(core, prefix + "resource-removed-acknowledged", id("interactionId"), async (p: { interactionId: string }) => {
      const { user } = await interrupt(7014, p.interactionId, "remove-resource", { targetResource: core.user });
      return { interactionId: p.interactionId, resourceId: user, targetResource: user };
    }),
  };
};
