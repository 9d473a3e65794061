import { type Feature, renewal, resume, serverSentEvents, tabs, uploads, worker } from "./features.js";
import { changes, currentState, entrance, events, floor, identities, login, originals, readings, reporting, voice } from "./modules.js";

/** All features of a client. */
export const allFeatures: readonly Feature[] = [worker, tabs, resume, renewal, uploads, serverSentEvents];

/** All modules and features, for the options of createClient. */
export const everything = {
  modules: [login, identities, entrance, changes, currentState, readings, originals, voice, reporting, floor, events],
  features: allFeatures,
} as const;
