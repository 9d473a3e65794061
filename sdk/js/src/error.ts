import { type Code, type Context, type Level, contextOf, levelOf, messageOf } from "./codes.js";
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

/** What is known beside the code. Each code uses some of these. */
export interface ErrorData {
  apiResponse?: ApiResponse;
  /** 1000, 1003: which fields are wrong and what they should be; never a value. */
  problems?: string;
  validExtensions?: Extension[];
  validReasons?: ReasonList[];
  activeInteractions?: Work[];
  interactionId?: string;
  extensions?: Extension[];
  notificationReceived?: unknown;
  logs?: LogLine[];
}

/** An error as callbacks and subscribers get it: a plain object that survives structured clone. */
export interface SdkError {
  code: Code;
  context: Context;
  data: ErrorData;
  level: Level;
  message: string;
}

export const newError = (code: Code, data: ErrorData = {}): SdkError => ({
  code,
  context: contextOf(code),
  data,
  level: levelOf(code),
  message: messageOf(code),
});

/** An error as promises reject with it: the same fields on an `Error`. */
export class MusterError extends Error implements SdkError {
  readonly code: Code;
  readonly context: Context;
  readonly data: ErrorData;
  readonly level: Level;

  constructor(error: SdkError) {
    super(error.message);
    this.name = "MusterError";
    this.code = error.code;
    this.context = error.context;
    this.data = error.data;
    this.level = error.level;
  }
}

/** Tells a MusterError from other errors, whichever copy of the SDK it is from. */
export const isMusterError = (error: unknown): error is MusterError => error instanceof Error && error.name === "MusterError" && "code" in error;
