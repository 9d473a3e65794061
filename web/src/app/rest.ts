import type { PageClient } from "./client.js";
import { RefusedError } from "./refusal.js";
import type { ErrorResponse } from "./wire.js";

/** The documented REST that the SDK has no function for, with the client's token. */
export interface Rest {
  get: <T>(path: string, signal?: AbortSignal) => Promise<T>;
}

/** A path of ids, such as path`tenants/${id}`. What is put in is escaped. */
export const path = (parts: TemplateStringsArray, ...ids: string[]): string => String.raw({ raw: parts }, ...ids.map(encodeURIComponent));

/** How long an answer may take, in milliseconds. */
const patience = 10_000;

const refusedBy = async (response: Response): Promise<RefusedError> => {
  const body = (await response.json().catch(() => null)) as ErrorResponse | null;
  return new RefusedError({
    status: response.status,
    code: body?.error?.code ?? "error",
    said: body?.error?.message ?? "",
    retryAfter: Number(response.headers.get("Retry-After")) || 0,
  });
};

/** Fetches, and rejects with a RefusedError for whatever is no success; with the signal's reason when that aborts. */
export const ask = async (address: string | URL, init: RequestInit): Promise<Response> => {
  const time = AbortSignal.timeout(patience);
  let response: Response;
  try {
    response = await fetch(address, { ...init, cache: "no-store", signal: init.signal ? AbortSignal.any([init.signal, time]) : time });
  } catch (cause) {
    if (init.signal?.aborted) throw cause;
    throw new RefusedError(time.aborted ? { status: -1, code: "timeout" } : { status: 0, code: "network" });
  }
  if (!response.ok) throw await refusedBy(response);
  return response;
};

/** `refresh` brings a fresh token where the present one is refused. */
export const createRest = (baseUrl: string, client: PageClient, refresh: () => Promise<string>): Rest => {
  const get = async <T>(route: string, token: string, signal: AbortSignal | undefined): Promise<T> => {
    const response = await ask(new URL(route, baseUrl), { headers: { Authorization: `Token ${token}` }, ...(signal && { signal }) });
    return ((await response.json()) as { result: T }).result;
  };
  return {
    async get<T>(route: string, signal?: AbortSignal) {
      try {
        return await get<T>(route, client.session.getToken() ?? "", signal);
      } catch (cause) {
        if (!(cause instanceof RefusedError) || cause.refusal.status !== 401) throw cause;
        const fresh = await refresh();
        client.session.setToken(fresh);
        return get<T>(route, fresh, signal);
      }
    },
  };
};
