import { isMusterError } from "../../../sdk/js/src/index.js";
import type { Work } from "./wire.js";

/** How something that was asked of the server came to nothing, wherever it was asked. */
export interface Refusal {
  /** The server's error code, or `network`, `timeout`, `error`, or the SDK's number where nothing was sent: `sdk_2007`. */
  code: string;
  /** 0 for a network failure, -1 for a timeout. */
  status: number;
  /** The server's own sentence, in English; "" without one. */
  said: string;
  /** How long the server asks to be left alone, in seconds. */
  retryAfter: number;
  /** The work that stands in the way. */
  work: readonly Work[];
}

/** What REST and sign-in reject with. */
export class RefusedError extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Partial<Refusal> & Pick<Refusal, "code" | "status">) {
    super(`${refusal.status} ${refusal.code}`);
    this.name = "RefusedError";
    this.refusal = { said: "", retryAfter: 0, work: [], ...refusal };
  }
}

const bodyOf = (response: unknown): { message?: string; work?: Work[] } => {
  const { error } = (response ?? {}) as { error?: { message?: string; work?: Work[] } };
  return error ?? {};
};

/** Any error as a refusal. */
export const refusalOf = (cause: unknown): Refusal => {
  if (cause instanceof RefusedError) return cause.refusal;
  if (!isMusterError(cause)) return { code: "error", status: 0, said: cause instanceof Error ? cause.message : "", retryAfter: 0, work: [] };
  const { apiResponse, activeInteractions = [], problems } = cause.data;
  if (!apiResponse) {
    return { code: cause.code === 4000 || cause.code === 2100 ? "work_open" : `sdk_${cause.code}`, status: 0, said: problems ?? cause.message, retryAfter: 0, work: activeInteractions };
  }
  const { message = "", work = activeInteractions } = bodyOf(apiResponse.apiResponse.response);
  return { code: apiResponse.apiResponse.failure, status: apiResponse.status, said: message, retryAfter: 0, work };
};
