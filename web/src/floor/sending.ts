import type { Account } from "../app/account.js";
import { RefusedError } from "../app/refusal.js";
import { ask, path } from "../app/rest.js";
import type { PresenceState } from "../app/wire.js";
import type { Agent } from "./agent.js";
import { type Order, requestOf } from "./order.js";

/** Sends an order to one agent and answers with what the server says; rejects with a RefusedError. */
type Send = (order: Order, agent: Agent) => Promise<PresenceState>;

const attempts = 3;
const pause = 700;

const passing = ({ refusal }: RefusedError): boolean => [0, -1, 429, 503].includes(refusal.status);

const wait = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/**
 * Orders go out by the documented REST and not by the SDK's functions, because those go one after the other, as befits one's own
 * session. The key lets the server see that a repeated request is the same one.
 */
export const createSend = ({ client, baseUrl, freshToken }: Account, tenantId: string): Send => {
  const post = async (route: string, body: object, key: string): Promise<PresenceState> => {
    const response = await ask(new URL(route, baseUrl), {
      method: "POST",
      headers: { Authorization: `Token ${client.session.getToken() ?? ""}`, "Content-Type": "application/json", "Idempotency-Key": key },
      body: JSON.stringify(body),
    });
    return ((await response.json()) as { result: PresenceState }).result;
  };

  return async (order, { id, row }) => {
    const { route, body } = requestOf(order, row.sessionId);
    const address = path`tenants/${tenantId}/presence/${id}` + route;
    const key = crypto.randomUUID();
    for (let attempt = 1; ; attempt++) {
      try {
        return await post(address, body, key);
      } catch (cause) {
        if (!(cause instanceof RefusedError) || attempt === attempts) throw cause;
        if (cause.refusal.status === 401) client.session.setToken(await freshToken());
        else if (passing(cause)) await wait(Math.max(cause.refusal.retryAfter * 1000, pause * attempt * (0.5 + Math.random())));
        else throw cause;
      }
    }
  };
};
