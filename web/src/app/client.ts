import { type Base, type ClientOptions, type ComposeOptions, composeClient, entrance, login, originals } from "../../../sdk/js/src/compose.js";

export type { ClientOptions };

/** What all pages do with a session. */
export const pageSession = (base: Base) => ({ ...entrance(base), ...originals(base) });

/** The SDK's client as pages have it: of its modules those that all of them use, and those that a page adds. */
export const createPageClient = <Added extends object>(options: ComposeOptions, add: (base: Base) => Added) =>
  composeClient(options, (base) => ({ authentication: login(base), session: pageSession(base), ...add(base) }));

/** What all pages' clients can do. */
export type PageClient = ReturnType<typeof createPageClient<object>>;
