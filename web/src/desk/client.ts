import { allFeatures, changes, createClient } from "../../../sdk/js/src/index.js";
import { type PageClientOptions, pageModules } from "../app/client.js";

/** The desk's client: an agent's session, with its state and direction. */
export const createDeskClient = (options: PageClientOptions) => createClient({ ...options, modules: [...pageModules, changes], features: allFeatures });

export type DeskClient = ReturnType<typeof createDeskClient>;
