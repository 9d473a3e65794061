import { type Asked, Refused } from "./call.js";
import { type Core, answerOf, ask, ownSession, refusedBy, whoAndWhere } from "./core.js";
import type { Code } from "./codes.js";
import { newError } from "./error.js";
import type { Live } from "./live.js";
import type { Config, Extension, Member, PresenceState } from "./wire.js";

/** The agent that the client is, as of a request. */
export interface Own {
  user: string;
  tenant: string;
  live: Live | undefined;
}

/**
 * Runs a request of the own agent's when its turn has come. Meanwhile the stream's messages are held: what the agent asked for is
 * answered before it is told to have happened.
 */
export const inTurn = async <R>(core: Core, asked: Asked<R>, run: (own: Own) => Promise<R>): Promise<R> => {
  asked.after(await core.turn());
  const own: Own = { ...whoAndWhere(core), live: core.live };
  holdUntilAnswered(own.live, asked);
  return run(own);
};

/** Holds the stream's messages until the answer, or the refusal, has been published. */
export const holdUntilAnswered = <R>(live: Live | undefined, asked: Asked<R>): void => {
  live?.hold();
  if (live) asked.after(live.release);
};

const presence = (own: Pick<Own, "user" | "tenant">, ...more: string[]): string[] => ["tenants", own.tenant, "presence", own.user, ...more];

/** Changes something of an agent's presence; refused with the code. */
export const change = async (core: Core, code: Code, own: Own, agent: string, body: object, ...more: string[]): Promise<PresenceState> => {
  try {
    return await core.rest.result<PresenceState>({ method: "POST", path: presence({ ...own, user: agent }, ...more), body, once: true });
  } catch (cause) {
    if (agent === own.user) own.live?.judge(cause);
    throw refusedBy(code, cause);
  }
};

/** Asks for the end of the own session. That it is over already is a success. A log-out outlives the page. */
export const offline = async (core: Core, more: object, user: string, tenant: string, live: Live | undefined, keepalive = false): Promise<PresenceState> => {
  const named = live ? { sessionId: live.id } : ownSession(core);
  const body = { ...named, state: "offline", ...more };
  try {
    return await core.rest.result<PresenceState>({ method: "POST", path: presence({ user, tenant }), body, once: true, keepalive });
  } catch (cause) {
    const { status, code } = answerOf(cause);
    if (status !== 404 && (live || code !== "session_superseded")) {
      live?.judge(cause);
      throw cause;
    }
    return { state: "offline", sessionId: named.sessionId ?? null, resourceId: user, reason: null, reasonId: null, reasonListId: null } as PresenceState;
  }
};

export const readConfig = (core: Core, code: Code, own: Pick<Own, "user" | "tenant">, silent: boolean, topic?: string): Promise<Config> =>
  ask(core, code, { method: "GET", path: ["tenants", own.tenant, "users", own.user, "config"], query: silent ? { "silent-monitor": "true" } : undefined }, topic);

export const readMember = (core: Core, own: Own): Promise<Member> => ask(core, 2009, { method: "GET", path: ["tenants", own.tenant, "users", own.user] });

export const saveExtension = (core: Core, own: Pick<Own, "user" | "tenant">, e: Extension, topic?: string): Promise<unknown> =>
  ask(core, 2006, { method: "PUT", path: ["tenants", own.tenant, "users", own.user], body: { activeExtension: { id: e.id, type: e.type, value: e.value } } }, topic);

/** Finds an extension by its value, then by its id. */
export const findExtension = (extensions: Extension[], valueOrId: string): Extension | undefined =>
  extensions.find((e) => e.value === valueOrId) ?? extensions.find((e) => e.id === valueOrId);

export const noSuchExtension = (validExtensions: Extension[]): Refused => new Refused(newError(2005, { validExtensions }));
