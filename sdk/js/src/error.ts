import { type Code, type Context, type Fault, type Level, contextOf, parametersInvalid } from "./codes.js";
import { copy, pick } from "./copy.js";
import type { Extension, LogLine, ReasonList, Work } from "./wire.js";

/** How a request ended: `status` is 0 for a network failure, -1 for a timeout. */
export interface ApiResponse {
  status: number;
  apiResponse: {
    statusText: string;
    /** The server's error code, or `network`, `timeout`, `error`. */
    failure: string;
    /** The server's body, null where there was none. */
    response: unknown;
  };
}

/** How a request ended that has no body to show. */
export const answer = (status: number, statusText: string, failure: string, response: unknown = null): ApiResponse => ({ status, apiResponse: { statusText, failure, response } });

/** What is known beside the code. Each code uses some of these. */
export interface ErrorData {
  apiResponse?: ApiResponse;
  /** 1000, 1003, 3004: which fields are wrong and what they should be; never a value. */
  problems?: string;
  validExtensions?: Extension[];
  validReasons?: ReasonList[];
  activeInteractions?: Work[];
  interactionId?: string;
  extensions?: Extension[];
  notificationReceived?: unknown;
  logs?: LogLine[];
}

/** What an error has of ErrorData whenever it has that code. Those that are not here are of requests: they have `apiResponse`. */
export interface DataByCode {
  1000: "problems";
  1002: never;
  1003: "problems";
  1004: never;
  1005: "notificationReceived";
  2000: never;
  2005: "validExtensions";
  2007: "validReasons";
  2100: never;
  3004: "problems";
  4000: "activeInteractions";
  7014: "apiResponse" | "interactionId";
  7022: "apiResponse" | "interactionId";
  7025: "extensions" | "interactionId";
  14000: "apiResponse" | "logs";
}

/** An error of one code. */
export interface ErrorOf<C extends Code> {
  code: C;
  context: Context;
  data: ErrorData & Required<Pick<ErrorData, C extends keyof DataByCode ? DataByCode[C] : "apiResponse">>;
  level: Level;
  message: string;
}

/** An error as callbacks and subscribers get it: a plain object that survives structured clone. Its code tells what data it has. */
export type SdkError = { [C in Code]: ErrorOf<C> }[Code];

/**
 * An error as promises reject with it: the fields of an SdkError on an `Error`. JSON makes an SdkError of it, and so does what is
 * published. What isMusterError has found to be one has data by its code.
 */
export class MusterError extends Error {
  declare readonly code: Code;
  declare readonly context: Context;
  declare readonly data: ErrorData;
  declare readonly level: Level;
  /** Where it is published if not on the function's own topic. */
  declare readonly topic: string | undefined;
  /** How long the server asks to be left alone, in milliseconds; 0 where it does not. */
  declare readonly retryAfter: number;

  constructor([code, says, more]: Fault, data: ErrorData = {}, topic?: string, retryAfter = 0) {
    super(data.problems ? `${says}: ${data.problems}` : says);
    // The data are a copy: they may come from what the client goes on working with.
    Object.assign(this, { name: "MusterError", code, context: contextOf(code), data: copy(data), level: "error", ...more, topic, retryAfter });
  }

  toJSON(): SdkError {
    return pick(this, "code", "context", "data", "level", "message") as SdkError;
  }
}

/** Parameters that are wrong, or come too early: a 1003 with what is to be done. */
export const problem = (problems: string): MusterError => new MusterError(parametersInvalid, { problems });

/** Tells a MusterError from other errors, whichever copy of the SDK and whichever frame it is from. */
export const isMusterError = (error: unknown): error is MusterError & SdkError =>
  typeof error === "object" && (error as MusterError | null)?.name === "MusterError" && typeof (error as MusterError).code === "number";
