import type { Core } from "./core.js";

/** Which session a page had, for the page that is loaded in its place. It holds no token. */
interface ResumePoint {
  baseUrl: string;
  userId: string;
  tenantId: string;
  sessionId: string;
}

const key = "muster/1/resume";

/** Storage may be full or forbidden: then nothing is remembered, and nothing else is wrong. */
const guarded = <T>(act: () => T): T | undefined => {
  try {
    return act();
  } catch {
    return undefined;
  }
};

export const remember = (core: Core, tenantId: string, sessionId: string): void => {
  const point: ResumePoint = { baseUrl: core.options.base, userId: core.user ?? "", tenantId, sessionId };
  guarded(() => core.environment.sessionStorage?.setItem(key, JSON.stringify(point)));
};

export const forget = (core: Core): void => void guarded(() => core.environment.sessionStorage?.removeItem(key));

/** The id of the session that is remembered for this user and tenant, if there is one. */
export const recall = (core: Core, tenantId: string): string | undefined => {
  const point = guarded(() => JSON.parse(core.environment.sessionStorage?.getItem(key) ?? "null") as ResumePoint | null);
  return point?.baseUrl === core.options.base && point.userId === core.user && point.tenantId === tenantId ? point.sessionId : undefined;
};
