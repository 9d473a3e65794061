import { type ClientOf, type ClientOptions, entrance, login, originals } from "../../../sdk/js/src/index.js";

/** What a page's client is made with, whatever the page. */
export type PageClientOptions = Omit<ClientOptions, "modules" | "features">;

/** The SDK's modules that every page's client has. */
export const pageModules = [login, entrance, originals] as const;

/** What all pages' clients can do. */
export type PageClient = ClientOf<typeof pageModules>;
