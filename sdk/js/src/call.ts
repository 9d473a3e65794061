import type { Check, Params, Problems } from "./validate.js";
import { copy } from "./copy.js";
import type { Core } from "./core.js";
import { MusterError, problem } from "./error.js";
import type { Fault } from "./codes.js";
import type { Request } from "./rest.js";

/** What every function takes among its parameters, in the modern face. */
export interface Abortable {
  /**
   * Ends the call: its promise rejects with the signal's reason at once, its request is ended, and nothing more is published of it.
   * Whether the server had done it already, the next event tells; a session that it had started for setActiveTenant is ended.
   */
  signal?: AbortSignal | undefined;
}

/** A function of the SDK: a promise of the response, which rejects with a MusterError. */
export type Call<P, R> = (...params: Given<P>) => Promise<R>;

/** What needs no field needs no parameters. */
type Given<P> = Record<never, never> extends P ? [params?: (P & Abortable) | null] : [params: P & Abortable];

/** The arguments of a call, sorted out as the face has them. */
export interface Arguments {
  params: Params;
  /** What is wrong with the arguments themselves. */
  error?: MusterError | undefined;
  signal?: AbortSignal | undefined;
  /** Tells who is to be called back how the call ended. */
  tell?: ((topic: string, error: MusterError | null, response: unknown) => void) | undefined;
}

/** Keeps rejections that nobody awaits from being reported as unhandled. */
export const quiet = <R>(promise: Promise<R>): Promise<R> => (promise.catch(() => {}), promise);

/** What a function has of its call beside the parameters. */
export interface Asked<R> {
  /** Sends a request that ends with the call, where it has no signal of its own. Unless it is about `another` agent, the server may say that a newer session lives. */
  ask: <T>(fault: Fault, line: string, request?: Request, another?: boolean) => Promise<T>;
  /** Gives the answer before the function is done, and publishes it, on another topic than the function's where one is named. */
  answer: (response: R, on?: string) => void;
  /** Whether the call has been given up, where it can be. */
  signal: AbortSignal | undefined;
  /** Throws when there is no use in going on: the call was aborted, the client closed, or somebody has logged in. */
  still: () => void;
  /** Is called when the end has been published and called back, whatever it was. */
  after: (then: () => void) => void;
}

const closed = (): MusterError => problem("the client is closed");

/** The promise, or the signal's end where that comes before. */
const unless = <R>(signal: AbortSignal, promise: Promise<R>): Promise<R> =>
  new Promise((resolve, reject) => {
    const end = (): void => reject(signal.reason as Error);
    signal.addEventListener("abort", end);
    void promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", end));
  });

/**
 * Makes functions of the SDK, which answer on topics of a part of the tree. `run` begins at once, in the tick of the call, when `check`
 * has found nothing wrong with the parameters; it may give its answer before it is done, and what it returns is the answer otherwise.
 */
export const definer =
  (core: Core, part: string) =>
  <P extends object, R>(name: string, run: (p: P, asked: Asked<R>) => Promise<R>, check?: Check): Call<P, R> =>
  (...args: unknown[]): Promise<R> => {
    const topic = `cxengage/${part}/${name}`;
    const { params, error, signal, tell } = core.options.sort(args, core.log);
    let published = false;
    const answer = (response: R, on = topic): void => {
      if (published) return;
      published = true;
      core.publish(on, response);
      tell?.(on, null, response);
    };
    const afterwards: (() => void)[] = [];
    const { login } = core;
    const asked: Asked<R> = {
      answer,
      signal,
      still: () => {
        signal?.throwIfAborted();
        if (core.life.signal.aborted) throw closed();
        if (core.login !== login) throw problem("somebody has logged in meanwhile");
      },
      after: (then) => void afterwards.unshift(then),
      ask: async (fault, line, request, another) => {
        const live = core.live;
        try {
          return await core.rest.ask(fault, line, { signal, ...request });
        } catch (cause) {
          if (!another) live?.judge(cause as MusterError);
          throw cause;
        }
      },
    };
    const go = async (): Promise<R> => {
      try {
        if (error) throw error;
        const problems: Problems = [];
        check?.(params, problems);
        if (problems.length) throw problem(problems.join("; "));
        asked.still();
        const response = await run({ ...params } as P, asked); // the page may use its object again at once
        answer(response);
        return copy(response);
      } catch (cause) {
        await null; // never before the call has returned
        if (signal?.aborted) throw signal.reason;
        const known = cause instanceof MusterError;
        if (!known) core.log.error(`${topic} failed`, cause); // parameters that cannot be sent, say
        const failed = known ? (core.life.signal.aborted ? closed() : cause) : problem(`${topic} failed: ${cause as string}`);
        core.publishError(failed.topic ?? topic, failed);
        tell?.(topic, failed, null);
        throw failed;
      } finally {
        for (const then of afterwards) then();
      }
    };
    const promise = quiet(go());
    return signal ? quiet(unless(signal, promise)) : promise;
  };
