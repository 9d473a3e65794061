import { changes, entrance } from "../../../sdk/js/src/compose.js";
import { type ClientOptions, createPageClient } from "../app/client.js";

/** The desk's client: an agent's session, with its state and direction. */
export const createDeskClient = (options: ClientOptions) => createPageClient(options, (base) => ({ session: { ...entrance(base), ...changes(base) } }));

export type DeskClient = ReturnType<typeof createDeskClient>;
