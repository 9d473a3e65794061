import { type Core } from "./core.js";
import { MusterError, type SdkError, newError } from "./error.js";
import { copy } from "./hub.js";
import type { Problems } from "./validate.js";

/** Gets how a call ended, exactly once and never before the call has returned. */
export type Callback<R> = (error: SdkError | null, topic: string, response: R | null) => void;

/** Ends a function: the error, and the topic where that is not the function's own. */
export class Refused {
  readonly error: SdkError;
  readonly topic: string | undefined;

  constructor(error: SdkError, topic?: string) {
    this.error = error;
    this.topic = topic;
  }
}

/** A function of the SDK: `(params?, callback?)` or `(callback)`, and a promise of the response. */
export interface Call<P, R> {
  (params?: P | null, callback?: Callback<R> | null): Promise<R>;
  (callback: Callback<R>): Promise<R>;
}

/** Parameters as they came, before anybody has looked at them. */
export type Params = Record<string, unknown>;

/** The arguments of a call, sorted out. */
const sort = (args: unknown[]): { params: Params; callback: ((...a: unknown[]) => void) | undefined; error: SdkError | undefined } => {
  const functions = args.filter((a) => typeof a === "function");
  const callback = functions[0] as ((...a: unknown[]) => void) | undefined;
  const [first] = args;
  let error: SdkError | undefined;
  if (args.length > 2) error = newError(1004);
  else if (first !== undefined && first !== null && typeof first !== "function" && typeof first !== "object") error = newError(1003, { problems: "the first argument must be an object of parameters or a function" });
  return { params: (first && typeof first === "object" ? first : {}) as Params, callback, error };
};

/** Keeps rejections that nobody awaits from being reported as unhandled. */
export const quiet = <R>(promise: Promise<R>): Promise<R> => (promise.catch(() => {}), promise);

/** What a function has of its call beside the parameters. */
export interface Asked<R> {
  /** Gives the answer before the function is done, and publishes it, on another topic than the function's where one is named. */
  answer: (response: R, on?: string) => void;
  /** Is called when the end has been published and called back, whatever it was. */
  after: (then: () => void) => void;
}

/**
 * Makes a function of the SDK. `run` begins at once, in the tick of the call; it may give its answer before it is done, and what it
 * returns is the answer otherwise.
 */
export const define =
  <P extends object, R>(core: Core, topic: string, check: (p: Params, problems: Problems) => void, run: (p: P, asked: Asked<R>) => Promise<R>): Call<P, R> =>
  (...args: unknown[]): Promise<R> => {
    const { params, callback, error } = sort(args);
    let answered = false;
    const tell = (e: SdkError | null, response: R | null, on = topic): void => {
      if (answered || !callback) return;
      answered = true;
      try {
        callback(copy(e), on, copy(response));
      } catch (cause) {
        core.log.error(`the callback of ${topic} throws`, cause);
      }
    };
    let published = false;
    const answer = (response: R, on = topic): void => {
      if (published) return;
      published = true;
      core.publish(on, response);
      tell(null, response, on);
    };
    const fail = (refused: Refused): never => {
      core.publishError(refused.topic ?? topic, refused.error);
      tell(refused.error, null);
      throw new MusterError(copy(refused.error));
    };
    const afterwards: (() => void)[] = [];
    const go = async (): Promise<R> => {
      try {
        if (error) throw new Refused(error);
        const problems: string[] = [];
        check(params, problems);
        if (problems.length) throw new Refused(newError(1003, { problems: problems.join("; ") }));
        const response = await run(params as P, { answer, after: (then) => void afterwards.unshift(then) });
        answer(response);
        return copy(response);
      } catch (cause) {
        await null; // never before the call has returned
        if (cause instanceof Refused) return fail(cause);
        core.log.error(`${topic} failed`, cause); // a mistake of the SDK's
        throw cause;
      } finally {
        for (const then of afterwards) then();
      }
    };
    return quiet(go());
  };

/** Makes a getter or setter: it acts and returns at once, and then publishes and calls back. It never fails. */
export const defineSync =
  <A extends unknown[], R>(core: Core, topic: string, act: (...args: A) => R): ((...args: [...A, Callback<R>?]) => R) =>
  (...args: unknown[]): R => {
    const callback = args.find((a) => typeof a === "function") as Callback<R> | undefined;
    const value = act(...(args.filter((a) => typeof a !== "function") as A));
    queueMicrotask(() => {
      core.publish(topic, value);
      try {
        callback?.(null, topic, copy(value));
      } catch (cause) {
        core.log.error(`the callback of ${topic} throws`, cause);
      }
    });
    return copy(value);
  };
