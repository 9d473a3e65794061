import type { Asked } from "./call.js";
import { pick } from "./copy.js";
import { type Fault, extensionNotSaved } from "./codes.js";
import { type Core, ownSessionId, whoAndWhere } from "./core.js";
import type { Live } from "./live.js";
import type { Over } from "./topics.js";
import { type Request, answerOf, failureOf, line } from "./rest.js";
import type { Config, Extension, PresenceState } from "./wire.js";

/** The agent that the client is, in a tenant. */
export interface Own {
  user: string;
  tenant: string;
}

/**
 * Runs a request of the own agent's when its turn has come. Meanwhile the stream's messages are held: what the agent asked for is
 * answered before it is told to have happened.
 */
export const inTurn = async <R>(core: Core, asked: Asked<R>, run: (own: Own) => Promise<R>): Promise<R> => {
  asked.after(await core.turn());
  asked.still();
  const own = whoAndWhere(core);
  holdUntilAnswered(core.live, asked);
  return run(own);
};

/** Holds the stream's messages until the answer, or the refusal, has been published. */
export const holdUntilAnswered = (live: Live | undefined, asked: Asked<never>): void => {
  live?.hold();
  if (live) asked.after(live.release);
};

/** Changes an agent's state or direction; refused with the fault. */
export const change = async (core: Core, asked: Asked<never>, fault: Fault, { user, tenant }: Own, agent: string, body: object, what: "state" | "direction" = "state"): Promise<PresenceState> => {
  const state = await asked.ask<PresenceState>(fault, line`POST tenants/${tenant}/presence/${agent}` + (what === "state" ? "" : "/direction"), { body, once: true }, agent !== user);
  core.live?.answered(state, what);
  return state;
};

/** Asks for the end of the own session, and publishes it. That it is over already is a success. A log-out outlives the page. */
export const offline = async (core: Core, asked: Asked<never>, fault: Fault, { user, tenant }: Own, more: { sessionId?: string | undefined; [field: string]: unknown } = {}, how: Request = {}): Promise<PresenceState | Over> => {
  const { live } = core;
  const body = { sessionId: ownSessionId(core), state: "offline", ...more };
  try {
    return await asked.ask<PresenceState>(fault, line`POST tenants/${tenant}/presence/${user}`, { body, once: true, ...how });
  } catch (cause) {
    if (answerOf(cause).status !== 404 && (live || failureOf(cause) !== "session_superseded")) throw cause;
    return over(user, body.sessionId);
  }
};

/** What is said of an agent whose session is over already. */
export const over = (resourceId: string | null, sessionId: string | null = null): Over => ({ state: "offline", sessionId, resourceId, reason: null, reasonId: null, reasonListId: null });

/** Publishes the end of a session that the own agent ended, or that the end waits. */
export const endedBy = (live: Live | undefined, now: PresenceState | Over): void => {
  if (now.state === "offline") live?.ended({ state: now.state, endCode: now.endCode ?? "logged_out" });
  else live?.answered(now, "state");
};

export const readConfig = (asked: Asked<never>, fault: Fault, { user, tenant }: Own, silent = false, topic?: string): Promise<Config> =>
  asked.ask(fault, line`GET tenants/${tenant}/users/${user}/config` + (silent ? "?silent-monitor=true" : ""), { topic });

/** What requests say of an extension. */
export const extensionBody = (extension: Extension) => ({ activeExtension: pick(extension, "id", "type", "value") });

export const saveExtension = (asked: Asked<never>, { user, tenant }: Own, extension: Extension): Promise<unknown> =>
  asked.ask(extensionNotSaved, line`PUT tenants/${tenant}/users/${user}`, { body: extensionBody(extension) });

/** Finds an extension by its value, then by its id. */
export const findExtension = (extensions: Extension[], valueOrId: string): Extension | undefined =>
  extensions.find((e) => e.value === valueOrId) ?? extensions.find((e) => e.id === valueOrId);

/** Publishes what the configuration says of extensions. */
export const publishExtensions = (core: Core, config: Config): void => core.publish("cxengage/session/extension-list", pick(config, "activeExtension", "extensions"));
