import { floor, resume, serverSentEvents, uploads, voice, worker } from "../../../sdk/js/src/compose.js";
import { type ClientOptions, createPageClient } from "../app/client.js";

/** The floor's client: it watches, and listens in. Its session is its tab's own. */
export const createFloorClient = (options: ClientOptions) =>
  createPageClient({ ...options, features: [worker, resume, uploads, serverSentEvents] }, (base) => ({ floor: floor(base), interactions: { voice: voice(base) } }));

export type FloorClient = ReturnType<typeof createFloorClient>;
