import { changes, renewal, resume, serverSentEvents, tabs, uploads, worker } from "../../../sdk/js/src/compose.js";
import { type ClientOptions, createPageClient, pageSession } from "../app/client.js";

/** The desk's client: an agent's session, with its state and direction. */
export const createDeskClient = (options: ClientOptions) =>
  createPageClient({ ...options, features: [worker, tabs, resume, renewal, uploads, serverSentEvents] }, (base) => ({ session: { ...pageSession(base), ...changes(base) } }));

export type DeskClient = ReturnType<typeof createDeskClient>;
