import { floor, renewal, resume, serverSentEvents, uploads, voice } from "../../../sdk/js/src/compose.js";
import { type ClientOptions, createPageClient } from "../app/client.js";

/**
 * The floor's client: it watches, and listens in. Its session is its tab's own, and nobody is offered work by it: one heartbeat a minute,
 * which is what a hidden page's timers give, keeps it.
 */
export const createFloorClient = (options: ClientOptions) =>
  createPageClient({ ...options, features: [resume, renewal, uploads, serverSentEvents] }, (base) => ({ floor: floor(base), interactions: { voice: voice(base) } }));

export type FloorClient = ReturnType<typeof createFloorClient>;
