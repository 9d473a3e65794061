import { argumentsTooMany } from "./codes.js";
import type { Arguments } from "./call.js";
import { copy } from "./copy.js";
import type { Core, Log } from "./core.js";
import { MusterError, type SdkError, problem } from "./error.js";

/** Gets how a call ended, exactly once and never before the call has returned. */
export type Callback<R> = (error: SdkError | null, topic: string, response: R | null) => void;

/** A function of the global: `(params?, callback?)` or `(callback)`, and a promise of the response. */
export interface CallbackCall<P, R> {
  (params?: P | null, callback?: Callback<R> | null): Promise<R>;
  (callback: Callback<R>): Promise<R>;
}

/** Parameters without what only the modern face takes. */
type Plain<P> = P extends object ? Omit<P, "signal"> : never;

/** A module whose functions take callbacks. */
export type CalledBack<M> = { [K in keyof M]: M[K] extends (...given: infer A) => Promise<infer R> ? CallbackCall<Plain<A[0]>, R> : M[K] };

const callbackOf = (args: unknown[]) => args.find((a) => typeof a === "function") as ((...a: unknown[]) => void) | undefined;

const callBack = (log: Log, callback: ((...a: unknown[]) => void) | undefined, error: MusterError | null, topic: string, response: unknown): void => {
  try {
    callback?.(copy(error), topic, copy(response));
  } catch (cause) {
    log.error(`the callback of ${topic} throws`, cause);
  }
};

/** Sorts out the arguments of a function of the global. */
export const sortCallback = (args: unknown[], log: Log): Arguments => {
  let callback = callbackOf(args);
  const [first] = args;
  const isObject = typeof first === "object" && first !== null;
  const isRight = isObject || first == null || typeof first === "function";
  return {
    params: isObject ? (first as Arguments["params"]) : {},
    error: args.length > 2 ? new MusterError(argumentsTooMany) : isRight ? undefined : problem("the first argument must be an object of parameters or a function"),
    tell: (topic, error, response) => {
      const once = callback;
      callback = undefined;
      callBack(log, once, error, topic, response);
    },
  };
};

/** Makes a getter or setter of the global: it acts and returns at once, and then publishes and calls back. It never fails. */
export const announced =
  <A extends unknown[], R>(core: Core, topic: string, act: (...args: A) => R): ((...args: [...A, Callback<R>?]) => R) =>
  (...args: unknown[]): R => {
    const value = act(...(args.filter((a) => typeof a !== "function") as A));
    queueMicrotask(() => {
      core.publish(topic, value);
      callBack(core.log, callbackOf(args), null, topic, value);
    });
    return copy(value);
  };
