import { type Call, definer } from "./call.js";
import type { Core } from "./core.js";
import type { Stat } from "./topics.js";
import { randomId } from "./random.js";

export interface Reporting {
  /** The statistics that there are. */
  getAvailableStats: Call<Record<never, never>, Record<string, Stat>>;
  /** Answers with the subscription's id. No statistics are delivered yet. */
  addStatSubscription: Call<{ statistic?: string; statId?: string; resourceId?: string; queueId?: string; triggerBatch?: boolean }, { statId: string }>;
  /** Ends a subscription, also one that is not there. */
  removeStatSubscription: Call<{ statId?: string }, { statId: string | null }>;
  /** Ends subscriptions; the list may be empty. */
  bulkRemoveStatSubscription: Call<{ statIds?: string[] }, { statIds: string[] }>;
}

/** The statistics that agents' toolbars show, and those that agent-state pages read. */
const stats = (): Record<string, Stat> =>
  Object.fromEntries(
    [
      ["resourceHandleTime", "Handle time"],
      ["workAcceptedCount", "Accepted work"],
      ["customerSatisfactionScore", "Customer satisfaction"],
      ["resourceCapacity", "Capacity of agents"],
      ["resourceStateList", "States of agents"],
    ].map(([key, userFriendlyName]) => [
      key,
      { name: key!.replace(/[A-Z]/g, (c) => "-" + c.toLowerCase()), userFriendlyName: userFriendlyName!, responseKeys: ["results"], optionalFilters: ["resource-id"] },
    ]),
  );

/** Subscriptions are answered, for desktops that wait for that; statistics are not delivered yet, so there is nothing to remember. */
export const createReporting = (core: Core): Reporting => {
  const define = definer(core, "reporting");
  return {
    getAvailableStats: define("get-available-stats-response", async () => stats()),
    addStatSubscription: define("stat-subscription-added", async ({ statId = randomId() }: { statId?: string }) => ({ statId })),
    removeStatSubscription: define("stat-subscription-removed", async ({ statId = null }: { statId?: string | null }) => ({ statId })),
    bulkRemoveStatSubscription: define("bulk-stat-subscriptions-removed", async ({ statIds = [] }: { statIds?: string[] }) => ({ statIds })),
  };
};
