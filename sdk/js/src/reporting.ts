import { type Call, define } from "./call.js";
import type { Core } from "./core.js";
import type { Stat } from "./topics.js";
import { nothing } from "./validate.js";

export interface Reporting {
  getAvailableStats: Call<Record<string, never>, Record<string, Stat>>;
  addStatSubscription: Call<{ statistic?: string; statId?: string; resourceId?: string; queueId?: string; triggerBatch?: boolean }, { statId: string }>;
  removeStatSubscription: Call<{ statId?: string }, { statId: string | null }>;
  bulkRemoveStatSubscription: Call<{ statIds?: string[] }, { statIds: string[] }>;
}

const prefix = "cxengage/reporting/";

/** The statistics that agents' toolbars show, and those that agent-state pages read. */
const stats: Record<string, Stat> = Object.fromEntries(
  (
    [
      ["resourceHandleTime", "Handle time", "resource-id"],
      ["workAcceptedCount", "Accepted work", "resource-id"],
      ["customerSatisfactionScore", "Customer satisfaction", "resource-id"],
      ["resourceCapacity", "Capacity of agents", "resource-id"],
      ["resourceStateList", "States of agents", "resource-id"],
    ] as const
  ).map(([key, userFriendlyName, filter]) => [
    key,
    { name: key.replace(/[A-Z]/g, (c) => "-" + c.toLowerCase()), userFriendlyName, responseKeys: ["results"], optionalFilters: [filter] },
  ]),
);

export const createReporting = (core: Core): Reporting => {
  const subscribed = new Set<string>();
  return {
    getAvailableStats: define(core, prefix + "get-available-stats-response", nothing, async () => stats),
    addStatSubscription: define(core, prefix + "stat-subscription-added", nothing, async (p: { statId?: string }) => {
      const statId = p.statId ?? crypto.randomUUID();
      subscribed.add(statId);
      return { statId };
    }),
    removeStatSubscription: define(core, prefix + "stat-subscription-removed", nothing, async (p: { statId?: string }) => {
      if (p.statId) subscribed.delete(p.statId);
      return { statId: p.statId ?? null };
    }),
    bulkRemoveStatSubscription: define(core, prefix + "bulk-stat-subscriptions-removed", nothing, async (p: { statIds?: string[] }) => {
      const statIds = p.statIds ?? [];
      statIds.forEach((id) => subscribed.delete(id));
      return { statIds };
    }),
  };
};
