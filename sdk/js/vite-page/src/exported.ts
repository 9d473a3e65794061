// A project that exports its client writes declarations, in which each type of the client needs a name: tsc says where the package has none.

import * as muster from "muster-sdk";

const options = { baseUrl: "http://127.0.0.1:8080/v1/", features: muster.allFeatures };

export const whole = muster.createClient({ ...options, ...muster.everything });
export const agents = muster.createClient({ ...options, modules: [muster.login, muster.entrance, muster.changes] });
export const desk = muster.createClient({ ...options, modules: [muster.identities, muster.present, muster.readings, muster.originals, muster.events] });
export const supervisors = muster.createClient({ ...options, modules: [muster.floor, muster.voice, muster.reporting] });
export const sometimes = (supervisor: boolean) => muster.createClient({ ...options, modules: [muster.login, ...(supervisor ? [muster.floor, muster.changes] : [])] });
export const deskModules = [muster.login, muster.changes] as const;
export const { login, logout } = agents.authentication;
