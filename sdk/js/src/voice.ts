import { type Fault, monitoringExtensionUnknown, monitoringNotStarted, resourceNotRemoved } from "./codes.js";
import { type Asked, type Call, definer } from "./call.js";
import { type Core, whoAndWhere } from "./core.js";
import { MusterError } from "./error.js";
import { createMonitoring } from "./monitoring.js";
import { extensionBody, findExtension } from "./own.js";
import { line } from "./rest.js";
import { field, fields, id } from "./validate.js";
import type { Extension } from "./wire.js";

export interface SilentMonitorParams {
  interactionId: string;
  /** Where to listen: an extension of the user's, or its value or id; the active one without it. */
  chosenExtension?: string | { id?: string; value?: string } | null | undefined;
}

interface ResourceRemoveParams {
  interactionId: string;
}

export interface Voice {
  /** Listens to an interaction unheard, at an extension of one's own. */
  silentMonitor: Call<SilentMonitorParams, { interactionId: string; resourceId: string; activeExtension: Extension; sessionId: string | null }>;
  /** Leaves an interaction that one listens to. */
  resourceRemove: Call<ResourceRemoveParams, { interactionId: string; resourceId: string; targetResource: string }>;
}

export const createVoice = (core: Core): Voice => {
  const interrupt = async (asked: Asked<never>, fault: Fault, interactionId: string, interruptType: string, more: object): Promise<{ user: string; sessionId: string | null }> => {
    const { user, tenant } = whoAndWhere(core);
    const { live } = core;
    const body = { source: "client", interruptType, interrupt: { resourceId: user, sessionId: live?.id, ...more } };
    await asked.ask(fault, line`POST tenants/${tenant}/interactions/${interactionId}/interrupts`, { body, data: { interactionId }, expects: null });
    return { user, sessionId: live?.id ?? null };
  };

  /** The chosen extension; without one the active one, or the first. */
  const listeningAt = (chosen: SilentMonitorParams["chosenExtension"], extensions: Extension[]): Extension | undefined => {
    const wanted = typeof chosen === "object" ? (chosen?.value ?? chosen?.id) : chosen;
    return wanted ? findExtension(extensions, wanted) : (core.config?.activeExtension ?? extensions[0]);
  };

  core.createMonitoring = createMonitoring(core);
  const define = definer(core, "interactions/voice");

  return {
    silentMonitor: define(
      "silent-monitoring-start-acknowledged",
      async ({ interactionId, chosenExtension }: SilentMonitorParams, asked) => {
        whoAndWhere(core);
        const extensions = core.config?.extensions ?? [];
        const activeExtension = listeningAt(chosenExtension, extensions);
        if (!activeExtension) throw new MusterError(monitoringExtensionUnknown, { interactionId, extensions });
        const { user, sessionId } = await interrupt(asked, monitoringNotStarted, interactionId, "silent-monitoring", extensionBody(activeExtension));
        core.monitored = interactionId;
        return { interactionId, resourceId: user, activeExtension, sessionId };
      },
      fields({ interactionId: id, chosenExtension: field("a string or an extension", (v) => typeof v === "string" || typeof v === "object", true) }),
    ),
    resourceRemove: define(
      "resource-removed-acknowledged",
      async ({ interactionId }: ResourceRemoveParams, asked) => {
        const { user } = await interrupt(asked, resourceNotRemoved, interactionId, "remove-resource", { targetResource: core.user });
        return { interactionId, resourceId: user, targetResource: user };
      },
      fields({ interactionId: id }),
    ),
  };
};
