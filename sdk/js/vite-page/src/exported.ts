// A project that exports its client writes declarations, in which each type of the client needs a name: tsc says where the package has none.

import * as muster from "muster-sdk";

const options = { baseUrl: "http://127.0.0.1:8080/v1/", features: muster.allFeatures };

export const whole = muster.createClient({ ...options, ...muster.everything });
export const agents = muster.createClient({ ...options, modules: [muster.login, muster.entrance, muster.changes] });
export const desk = muster.createClient({ ...options, modules: [muster.identities, muster.currentState, muster.readings, muster.originals, muster.events] });
export const supervisors = muster.createClient({ ...options, modules: [muster.floor, muster.voice, muster.reporting] });
export const sometimes = (supervisor: boolean) => muster.createClient({ ...options, modules: [muster.login, ...(supervisor ? [muster.floor, muster.changes] : [])] });
export const deskModules = [muster.login, muster.changes] as const;
export const supervisorModules = [muster.voice, muster.floor, muster.reporting, muster.events] as const;
export const generic = <const M extends readonly muster.Module[]>(modules: M) => muster.createClient({ ...options, modules });
export const workOf = (error: unknown) => (muster.isMusterError(error) && error.code === 4000 ? error : null);
export const { login, logout } = agents.authentication;
