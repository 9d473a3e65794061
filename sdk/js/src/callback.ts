import { argumentsTooMany } from "./codes.js";
import type { Arguments } from "./call.js";
import { copy } from "./copy.js";
import type { Core, Log } from "./core.js";
import { MusterError, type SdkError, problem } from "./error.js";
import type { LoginParams, PasswordParams, TokenParams } from "./authentication.js";
import type { LoggedIn, Topic } from "./topics.js";

/** How a call ended: with the response, or with an error. */
export type Outcome<R> = [error: null, topic: Topic, response: R] | [error: SdkError, topic: Topic, response: null];

/** Gets how a call ended, exactly once and never before the call has returned. Where `error` is null, the response is there. */
export type Callback<R> = (...outcome: Outcome<R>) => void;

/** One that does not look at the response. To TypeScript it is no Callback, since that has to take a whole Outcome. */
export type ShortCallback = (error: SdkError | null, topic: Topic) => void;

/** A function of the global that needs parameters: `(params, callback?)`, and a promise of the response. */
export interface CallbackCall<P, R> {
  // A callback that looks at all is tried first: TypeScript gives its parameters the types of whatever is.
  (params: P, callback: Callback<R>): Promise<R>;
  (params: P, callback: ShortCallback): Promise<R>;
  (params: P, callback?: Callback<R> | null): Promise<R>;
}

/** One that needs none: `(params?, callback?)` or `(callback)`. */
export interface FreeCallbackCall<P, R> {
  // One function comes before parameters: it would pass for some of which no field is needed.
  (callback: Callback<R>): Promise<R>;
  (callback: ShortCallback): Promise<R>;
  (params: P | null | undefined, callback: Callback<R>): Promise<R>;
  (params: P | null | undefined, callback: ShortCallback): Promise<R>;
  (params?: P | null, callback?: Callback<R> | null): Promise<R>;
}

/** Log-in of the global. Its parameters say which answer comes: how long a fresh token lives, or the identity. */
export type CallbackLogin = CallbackCall<PasswordParams & { noStateReset: true }, { ttl: number }> &
  CallbackCall<(PasswordParams & { noStateReset?: false | null | undefined }) | TokenParams, LoggedIn> &
  CallbackCall<LoginParams, LoggedIn | { ttl: number }>;

/** Gets what a getter or setter has returned: these never fail. */
export type GetterCallback<R> = (error: null, topic: Topic, response: R) => void;

/** A getter or setter of the global: it returns at once, and calls back as well. */
export interface AnnouncedCall<A extends unknown[], R> {
  (callback: GetterCallback<R>): R;
  (...given: [...A, callback?: GetterCallback<R> | null]): R;
}

/** Parameters without what only the modern face takes. */
type Plain<P> = P extends object ? Omit<P, "signal"> : never;

/** A module whose functions take callbacks. */
export type CalledBack<M> = { [K in keyof M]: M[K] extends (...given: infer A) => Promise<infer R> ? CallbackCallOf<Plain<A[0]>, R> : M[K] };

type CallbackCallOf<P, R> = Record<never, never> extends P ? FreeCallbackCall<P, R> : CallbackCall<P, R>;

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
