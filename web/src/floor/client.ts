import { floor, voice } from "../../../sdk/js/src/compose.js";
import { type ClientOptions, createPageClient } from "../app/client.js";

/** The floor's client: it watches, and listens in. */
export const createFloorClient = (options: ClientOptions) => createPageClient(options, (base) => ({ floor: floor(base), interactions: { voice: voice(base) } }));

export type FloorClient = ReturnType<typeof createFloorClient>;
