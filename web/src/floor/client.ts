import { createClient, floor, renewal, resume, serverSentEvents, uploads, voice } from "../../../sdk/js/src/index.js";
import { type PageClientOptions, pageModules } from "../app/client.js";

/**
 * The floor's client: it watches, and listens in. Its session is its tab's own, and nobody is offered work by it: one heartbeat a minute,
 * which is what a hidden page's timers give, keeps it.
 */
export const createFloorClient = (options: PageClientOptions) =>
  createClient({ ...options, modules: [...pageModules, floor, voice], features: [resume, renewal, uploads, serverSentEvents] });

export type FloorClient = ReturnType<typeof createFloorClient>;
