import type { AllModules } from "./client.js";
import { type Feature, renewal, resume, serverSentEvents, tabs, uploads, worker } from "./features.js";
import { type MadeOf, type Module, changes, entrance, events, floor, identities, login, originals, present, readings, reporting, voice } from "./modules.js";

/** All features of a client. */
export const allFeatures: readonly Feature[] = [worker, tabs, resume, renewal, uploads, serverSentEvents];

const all = [login, identities, entrance, changes, present, readings, originals, voice, reporting, floor, events] as const;

/** All of them together make what AllModules says; none does alone. */
const allModules = all as readonly Module[] as readonly Module<MadeOf<(typeof all)[number]>>[];

/** All modules and features, for the options of createClient. */
export const everything: { readonly modules: readonly Module<AllModules>[]; readonly features: readonly Feature[] } = { modules: allModules, features: allFeatures };
